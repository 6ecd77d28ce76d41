"""Lines and taxes, as a snapshot says them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from billing_admin.documents import words
from billing_admin.money.amounts import plain_amount
from invoices.models import CreditNoteLine, InvoiceLine
from invoices.selectors.tax import plain_rate

# A net price of more places than this says the amount of the whole quantity instead.
MOST_PLACES = 6
# By how much quantity × net price may differ from the amount: yen are rounded by more.
_SLACK = Decimal("0.01")
# By category: why there is no tax, in a code, and in the words of the templates where nobody gave others.
_FIXED = {"AE": ("VATEX-EU-AE", "reverse_charge"), "O": ("VATEX-EU-O", "outside_scope")}


def line_of(line: InvoiceLine) -> dict[str, Any]:
    """A line of an invoice."""
    period = [line.period.isoformat(), line.period_end.isoformat()] if line.period and line.period_end else None
    return {
        "position": line.position,
        "name": line.description,
        "quantity": plain_rate(line.quantity),
        "unit": line.unit,
        "unit_price": plain_amount(line.unit_price.amount, line.currency),
        "tax_included": line.tax_included,
        **_net_price(line.amount.amount, line.quantity, line),
        "rate": plain_rate(line.tax_rate),
        "category": line.tax_category,
        "amount": plain_amount(line.amount.amount, line.currency),
        "tax": plain_amount(line.tax.amount, line.currency),
        "period": period,
        "po_number": line.po_number,
    }


def line_of_note(line: CreditNoteLine) -> dict[str, Any]:
    """A line of a credit note: what was credited by an amount counts one of it."""
    billed, quantity = line.invoice_line, line.quantity or Decimal(1)
    price = _net_price(line.amount.amount, quantity)
    of_amount = plain_amount(line.amount.amount, line.currency)
    return {
        "position": line.position,
        "name": line.description,
        "quantity": plain_rate(quantity),
        "unit": billed.unit if line.quantity else "C62",
        "unit_price": plain_amount(billed.unit_price.amount, line.currency) if line.quantity else of_amount,
        "tax_included": bool(line.quantity) and billed.tax_included,
        **price,
        "rate": plain_rate(line.tax_rate),
        "category": billed.tax_category,
        "amount": of_amount,
        "tax": plain_amount(line.tax.amount, line.currency),
        "period": None,
        "po_number": billed.po_number,
    }


def _net_price(amount: Decimal, quantity: Decimal, typed: InvoiceLine | None = None) -> dict[str, str]:
    """The price without tax, and for how many it is: as it was typed, else the amount divided where that comes out."""
    if typed is not None and not typed.tax_included and abs(typed.unit_price.amount * quantity - amount) <= _SLACK:
        return {"net_price": plain_amount(typed.unit_price.amount, typed.currency), "base_quantity": "1"}
    price = round(amount / quantity, MOST_PLACES)
    if price * quantity == amount:
        return {"net_price": plain_rate(price), "base_quantity": "1"}
    return {"net_price": plain_rate(amount), "base_quantity": plain_rate(quantity)}


def taxes_of(
    lines: Sequence[Mapping[str, Any]], currency: str, reasons: Mapping[int, str], language: str
) -> list[dict[str, str]]:
    """What the lines come to by category and rate; `reasons` says by position why there is no tax."""
    groups: dict[tuple[str, Decimal], list[Mapping[str, Any]]] = defaultdict(list)
    for line in lines:
        groups[line["category"], Decimal(line["rate"])].append(line)
    taxes = []
    for (category, rate), group in sorted(groups.items(), key=lambda each: (-each[0][1], each[0][0])):
        code, fixed = _FIXED.get(category, ("", ""))
        said = "; ".join(dict.fromkeys(reason for line in group if (reason := reasons.get(line["position"]))))
        taxes.append({
            "category": category,
            "rate": plain_rate(rate),
            "taxable": plain_amount(sum((Decimal(line["amount"]) for line in group), Decimal(0)), currency),
            "tax": plain_amount(sum((Decimal(line["tax"]) for line in group), Decimal(0)), currency),
            "reason": said or (words(language)[fixed] if fixed else ""),
            "reason_code": code,
        })  # fmt: skip
    return taxes
