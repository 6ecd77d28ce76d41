"""The lines of a new or changed draft: checked, taxed, and added up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from djmoney.money import Money

from billing_admin.errors import BusinessError, require_length
from billing_admin.money.amounts import money_text, require_places
from clients.models import Client
from clients.models.client import Exemption
from invoices.documents.codes import UNITS
from invoices.models import InvoiceLine, TaxSettings
from invoices.selectors.tax import UsualTax, tax_of

from .tax import tax_category, tax_line, tax_reason


@dataclass(frozen=True)
class NewLine:
    """What a line is made from; amount and tax are computed.

    `tax_rate` is in percent; without one the client's usual rate is charged. `tax_included` says whether the price
    includes it; without it the system's setting counts. `tax_category` says why there is no tax, and counts only where
    there is none; `unit` is what the quantity counts, both by the codes of `documents.codes`.
    """

    description: str
    unit_price: Money
    quantity: Decimal = Decimal(1)
    tax_rate: Decimal | None = None
    tax_included: bool | None = None
    unit: str = "C62"
    tax_category: str = ""


def build_lines(client: Client, lines: Sequence[NewLine]) -> list[InvoiceLine]:
    """Lines of an invoice that is still to be named. An exempt client pays no tax."""
    if not lines:
        raise BusinessError("An invoice needs at least one line; this one has none.")
    currency = lines[0].unit_price.currency.code
    # Looked up only where a line leaves it open, or has no tax.
    is_taxed = all(line.tax_rate for line in lines) and not client.tax_exempt
    usual = UsualTax(Decimal(0), "") if is_taxed else tax_of(client)
    is_open = any(line.tax_included is None for line in lines)
    settings = TaxSettings() if is_taxed and not is_open else TaxSettings.objects.current()
    built = []
    for position, line in enumerate(lines, start=1):
        _check_line(position, line, currency)
        rate = Decimal(0) if client.tax_exempt else usual.rate if line.tax_rate is None else line.tax_rate
        tax_included = settings.prices_include_tax if line.tax_included is None else line.tax_included
        category = tax_category(client, rate, line.tax_category, usual)
        taxed = tax_line(price=line.unit_price, quantity=line.quantity, rate=rate, included=tax_included)
        built.append(
            InvoiceLine(
                client=client,
                position=position,
                description=line.description,
                quantity=line.quantity,
                unit=line.unit,
                currency=currency,
                unit_price=line.unit_price,
                tax_rate=rate,
                tax_category=category,
                tax_reason=tax_reason(client, category, line.tax_category, usual, settings.exempt_reason),
                tax_included=tax_included,
                amount=taxed.amount,
                tax=taxed.tax,
            )
        )
    return built


def totals_of(lines: Iterable[InvoiceLine]) -> tuple[Money, Money]:
    """Subtotal and tax of built lines.

    Raises BusinessError where they come to more than a money column holds.
    """
    lines = list(lines)
    nothing = Money(0, lines[0].currency)
    subtotal = sum((line.amount for line in lines), nothing)
    tax = sum((line.tax for line in lines), nothing)
    require_places(subtotal + tax)
    return subtotal, tax


def _check_line(position: int, line: NewLine, currency: str) -> None:
    require_length(line.description, f"description of line {position}")
    require_places(line.unit_price, "unit_price")
    if line.unit_price.currency.code != currency:
        raise BusinessError(
            f"An invoice is in one currency; line 1 is in {currency} and line {position} in "
            f"{line.unit_price.currency.code}."
        )
    if line.unit_price.amount < 0:
        raise BusinessError(f"Line {position}: a price must not be negative; {money_text(line.unit_price)} was given.")
    if not (kept_exactly(line.quantity, places=4) and line.quantity > 0):
        raise BusinessError(
            f"Line {position}: a quantity is above zero and has up to 8 digits and 4 decimal places; "
            f"{line.quantity} was given."
        )
    if line.tax_rate is not None and not is_tax_rate(line.tax_rate):
        raise BusinessError(
            f"Line {position}: a tax rate is from 0 to 100 percent, with up to 3 decimal places; "
            f"{line.tax_rate} was given."
        )
    if line.unit not in UNITS:
        raise BusinessError(f"Line {position}: “{line.unit[:10]}” is no unit of the list.")
    if line.tax_category not in ("", *Exemption):
        raise BusinessError(f"Line {position}: “{line.tax_category[:10]}” is no tax category of the list.")


def is_tax_rate(rate: Decimal) -> bool:
    """Whether it is a percentage that the columns keep as it is."""
    return kept_exactly(rate, places=3) and 0 <= rate <= 100


def kept_exactly(value: Decimal, *, places: int) -> bool:
    """Whether the column keeps `value` as it is; it would round more places without a word."""
    return value.is_finite() and abs(value) < 10**8 and value == round(value, places)
