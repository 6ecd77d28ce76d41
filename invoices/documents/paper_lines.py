"""The lines and the totals of a document on paper."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from billing_admin.documents import amount_in, day_in, money_in, number_in, percent_in

from .snapshot import Snapshot

COLUMNS = ("description", "quantity", "price", "tax", "amount")


def lines_of(snapshot: Snapshot, said: Mapping[str, str]) -> list[dict[str, str]]:
    """Each line as it is shown, with what the lines come to up to there."""
    language, currency = snapshot["language"], snapshot["currency"]
    shown, running = [], Decimal(0)
    for line in snapshot["lines"]:
        running += Decimal(line["amount"])
        price = amount_in(Decimal(line["unit_price"]), currency, language)
        shown.append({
            "text": line["name"],
            "more": "\n".join(_more(line, language, said)),
            "quantity": _quantity(line, language, said),
            "price": f"{price} *" if line["tax_included"] else price,
            "tax": "–" if line["category"] == "O" else percent_in(Decimal(line["rate"]), language),
            "amount": amount_in(Decimal(line["amount"]), currency, language),
            "running": amount_in(running, currency, language),
        })  # fmt: skip
    return shown


def totals_of(snapshot: Snapshot, said: Mapping[str, str]) -> list[dict[str, str]]:
    """The sums down to what is to be paid, and the tax in the currency of the company's books."""
    language, currency, totals = snapshot["language"], snapshot["currency"], snapshot["totals"]

    def row(label: str, amount: str, weight: str = "regular") -> dict[str, str]:
        return {"label": label, "amount": money_in(Decimal(amount), currency, language), "weight": weight}

    is_settled = Decimal(totals["prepaid"]) != 0
    rows = [row(said["subtotal"], totals["subtotal"])]
    for tax in snapshot["taxes"]:
        if tax["category"] != "O":
            at = said["tax_at"].format(tax=said["tax"], rate=percent_in(Decimal(tax["rate"]), language))
            on = said["tax_on"].format(amount=amount_in(Decimal(tax["taxable"]), currency, language))
            rows.append(row(f"{at} {on}", tax["tax"]))
    rows.append(row(said["total"], totals["total"], "bold"))
    if is_settled:
        rows.append(row(said["credit_applied"], f"-{totals['prepaid']}"))
        rows.append(row(said["to_pay"], totals["due"], "bold"))
    return [*rows, *_in_the_books(snapshot, said)]


def _in_the_books(snapshot: Snapshot, said: Mapping[str, str]) -> list[dict[str, str]]:
    accounting, language = snapshot["accounting"], snapshot["language"]
    if accounting is None or not accounting["rate"]:
        return []
    rate = number_in(Decimal(accounting["rate"]), language)
    label = said["tax_in"].format(tax=said["tax"], currency=accounting["currency"], rate=rate)
    amount = money_in(Decimal(accounting["tax"]), accounting["currency"], language)
    return [{"label": label, "amount": amount, "weight": "regular"}]


def _more(line: Mapping[str, Any], language: str, said: Mapping[str, str]) -> list[str]:
    more = []
    if line["period"]:
        first, last = (day_in(datetime.date.fromisoformat(day), language) for day in line["period"])
        more.append(said["from_to"].format(first=first, last=last))
    if line["po_number"]:
        more.append(f"{said['po_number']} {line['po_number']}")
    return more


def _quantity(line: Mapping[str, Any], language: str, said: Mapping[str, str]) -> str:
    """`3 months`; a unit without a word of ours is left to the text of the line."""
    quantity = Decimal(line["quantity"])
    unit = said.get(f"unit_{line['unit']}", "")
    if quantity == 1:
        unit = said.get(f"unit_{line['unit']}_one", unit)
    return f"{number_in(quantity, language)} {unit}".strip()
