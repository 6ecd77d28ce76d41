"""Amount and tax of a line: the one place that computes them for invoices made by hand (`chunk.py` does for a run)."""

from dataclasses import dataclass
from decimal import Decimal

from djmoney.money import Money

from billing_admin.money.amounts import round_half_up


@dataclass(frozen=True)
class Taxed:
    """What a line comes to without tax, and its tax."""

    amount: Money
    tax: Money

    @property
    def gross(self) -> Money:
        """With its tax."""
        return self.amount + self.tax


def tax_line(*, price: Money, quantity: Decimal, rate: Decimal, included: bool) -> Taxed:
    """Quantity × price rounded half-up, then its tax, once. `rate` is in percent.

    Where the price includes tax, the rounded product is the gross and stays to the cent; the tax is taken out of it.

    Raises BusinessError where the result is more than a money column holds.
    """
    currency = price.currency.code
    product = round_half_up(price.amount * quantity, currency)
    if included:
        return split_gross(Money(product, currency), rate)
    return Taxed(Money(product, currency), Money(round_half_up(product * rate / 100, currency), currency))


def split_gross(gross: Money, rate: Decimal) -> Taxed:
    """Take the tax out of an amount that includes it."""
    tax = Money(round_half_up(gross.amount * rate / (100 + rate), gross.currency.code), gross.currency)
    return Taxed(gross - tax, tax)
