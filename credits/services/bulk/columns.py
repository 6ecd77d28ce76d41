"""The columns of a file of credit: how each is read, and what must fit together."""

import datetime
import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from billing_admin.csv_files import cells
from billing_admin.csv_files.imports import Column
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import parse_amount
from credits.models import CreditGrant


def _priority(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 4 and int(value) <= 1000):
        raise BusinessError(f"{cells.quoted(value)} is not a priority. Give a whole number from 0 to 1000.")
    return int(value)


# Amount is read once the row's currency is known. An empty Category, Expires or Priority is promotional, never, and 50.
COLUMNS = (
    Column("Client ID", cells.client_number),
    Column("Amount", str),
    Column("Currency", cells.currency),
    Column("Description", cells.text(longest=500, required=True)),
    Column("Category", cells.choice(CreditGrant.Category), empty_is_none=True),
    Column("Expires", cells.day, empty_is_none=True),
    Column("Priority", _priority, empty_is_none=True),
    Column("Reference", cells.text(longest=200)),
)
REQUIRED = tuple(column.name for column in COLUMNS[:4])


def judge_on(today: datetime.date) -> Callable[[dict[str, Any]], list[str]]:
    """A function that turns Amount into a number of the row's currency and says what does not fit together today."""

    def judge(values: dict[str, Any]) -> list[str]:
        faults = []
        if "Currency" in values:
            try:
                values["Amount"] = parse_amount(values["Amount"], values["Currency"], minimum=Decimal(0))
            except BusinessError as error:
                faults.append(f"Amount: {error}")
            else:
                if not values["Amount"]:
                    faults.append("Amount: Credit must be above zero.")
        expires_on = values.get("Expires")
        if expires_on and expires_on < today:
            faults.append(f"Expires {expires_on} is past: this credit would have expired already.")
        return faults

    return judge


def key_of(reference: str) -> str:
    """The idempotency key of a row that has a Reference: the same reference gives credit once, whatever the file."""
    return hashlib.sha256(json.dumps(["credit reference", reference]).encode()).hexdigest()
