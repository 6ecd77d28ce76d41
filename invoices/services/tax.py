"""Amount, tax and tax category of a line made by hand: the one place that says them (`due_lines.py` does for a run)."""

from dataclasses import dataclass
from decimal import Decimal

from djmoney.money import Money

from billing_admin.money.amounts import round_half_up
from clients.models import Client
from invoices.selectors.tax import UsualTax


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


def tax_category(client: Client, rate: Decimal, said: str, usual: UsualTax) -> str:
    """As what a line is taxed at `rate`: by the client, else as the line says, else as the country's rate does.

    Empty where nobody said why there is no tax.
    """
    if rate > 0:
        return "S"
    return usual.category if client.tax_exempt else said or usual.category


def tax_reason(client: Client, category: str, said: str, usual: UsualTax, exempt_reason: str) -> str:
    """Why a line of this category has no tax, in words of ours; reverse charge has fixed ones where there are none."""
    if category not in ("AE", "E", "O"):
        return ""
    reason = "" if said and not client.tax_exempt else usual.reason
    return reason or (exempt_reason if category == "E" else "")
