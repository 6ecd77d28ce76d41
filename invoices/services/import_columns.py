"""The columns of a file of billable items: how each is read, what must fit together, and how a row is known again."""

import hashlib
import json
from collections import Counter
from decimal import Decimal
from typing import Any

from billing_admin.csv_files import cells
from billing_admin.csv_files.imports import Column
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import WHOLE_DIGITS, parse_amount
from clients.models.client import LONGEST_PO_NUMBER, Exemption
from invoices.documents.codes import ONE, UNITS
from invoices.models import BillableItem


def _quantity(value: str) -> Decimal:
    quantity = cells.decimal(digits=8, places=4)(value)
    if not quantity:
        raise BusinessError("must be above zero.")
    return quantity


def _tax_rate(value: str) -> Decimal:
    rate = cells.decimal(digits=3, places=3)(value)
    if rate > 100:
        raise BusinessError(f"{cells.quoted(value)} is more than 100 percent.")
    return rate


def _unit(value: str) -> str:
    """A unit by its code or its name; nothing is one."""
    named = {name.casefold(): code for code, name in UNITS.items()}
    unit = value or ONE
    if unit not in UNITS and unit.casefold() not in named:
        raise BusinessError(f"{cells.quoted(value)} is none of: {', '.join(UNITS.values())}.")
    return named.get(unit.casefold(), unit)


def _tax_category(value: str) -> str:
    return cells.choice(Exemption)(value) if value else ""


# Amount is read once the row's currency is known. An empty Tax Rate is the client's usual one, an empty Cycle
# is once, an empty End Date no end.
COLUMNS = (
    Column("Client ID", cells.client_number),
    Column("Description", cells.text(longest=500, required=True)),
    Column("Quantity", _quantity),
    Column("Amount", str),
    Column("Currency", cells.currency),
    Column("Due Date", cells.day),
    Column("Tax Rate", _tax_rate, empty_is_none=True),
    Column("Cycle", cells.choice(BillableItem.Cycle), empty_is_none=True),
    Column("End Date", cells.day, empty_is_none=True),
    Column("Reference", cells.text(longest=200)),
    Column("Unit", _unit),
    Column("Tax Category", _tax_category),
    Column("Purchase Order", cells.text(longest=LONGEST_PO_NUMBER)),
)
REQUIRED = tuple(column.name for column in COLUMNS[:6])


def judge(values: dict[str, Any]) -> list[str]:
    """Turn Amount into a number of the row's currency, and say what does not fit together."""
    faults = []
    if "Currency" in values:
        try:
            values["Amount"] = parse_amount(values["Amount"], values["Currency"], minimum=Decimal(0))
        except BusinessError as error:
            faults.append(f"Amount: {error}")
        else:
            if values["Amount"] * values.get("Quantity", 0) >= 10**WHOLE_DIGITS:
                faults.append(f"Quantity × Amount has more than {WHOLE_DIGITS} digits before the decimal point.")
    due_on, ends_on = values.get("Due Date"), values.get("End Date")
    if due_on and ends_on and ends_on < due_on:
        faults.append(f"End Date {ends_on} is before Due Date {due_on}.")
    if values.get("Tax Category") and values.get("Tax Rate"):
        faults.append(f"Tax Rate is {values['Tax Rate']}: only a tax of 0 has a Tax Category.")
    return faults


def reference_key(reference: str) -> str:
    """The import key of a row that has a Reference."""
    return _hash("reference", reference)


def content_key(values: dict[str, Any], cycle: str, occurrences: Counter[str]) -> str:
    """The import key of a row without one; counts the row among those that say the same.

    It holds the client's number as it is written, which a merge of clients does not change.
    """
    content = _hash(
        "content", values["Client ID"], values["Description"], values["Quantity"], values["Amount"],
        values["Currency"], values["Due Date"], cycle,
    )  # fmt: skip
    occurrences[content] += 1
    return content if occurrences[content] == 1 else _hash("again", content, occurrences[content])


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()
