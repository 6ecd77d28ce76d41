"""What came of a file of clients, or would come of it."""

import hashlib
import json
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.backends.utils import CursorWrapper
from djmoney.money import Money

from billing_admin.csv_files.imports import Import
from billing_admin.money.amounts import totals_text

from .questions import Lookalike, Reading

# How many of the clients to be added a preview has at hand; all are counted.
SHOWN = 500

_FIRST_ROWS = """
    SELECT line, coalesce(external_id, number::text, ''),
           coalesce(nullif(company_name, ''), concat_ws(' ', first_name, last_name)), email, country, currency, credit,
           concat_ws(', ', 'Purchase Order: ' || nullif(po_number, ''), (
               SELECT string_agg(field.name || ': ' || said, ', ' ORDER BY field.id)
               FROM jsonb_each_text(custom) typed (key, said) JOIN clients_customfield field ON field.id::text = key))
    FROM incoming_client ORDER BY line LIMIT %s
"""


@dataclass(frozen=True)
class NewClient:
    """A client that would be added, as the preview shows it."""

    line: int
    known_as: str
    name: str
    email: str
    country: str
    currency: str
    credit: Decimal | None
    also: str = ""
    """Its purchase order, and what stands in fields of the profile that the installation defines."""

    @property
    def opening_balance(self) -> Money | None:
        """Its credit as money."""
        return None if self.credit is None else Money(self.credit, self.currency)


@dataclass
class ClientImport(Import):
    """An import from another system: also what was read otherwise than it stands there, and who may be there."""

    reading: Reading = field(default_factory=lambda: Reading(""))
    lookalikes: list[Lookalike] = field(default_factory=list)
    left_out: int = 0
    credit: dict[str, Decimal] = field(default_factory=dict)
    not_given: dict[str, Decimal] = field(default_factory=dict)
    above_limit: int = 0
    clients: list[NewClient] = field(default_factory=list)
    values: str = ""
    """A digest of all that would be stored, and of what becomes of its credit."""

    @property
    def credit_not_given(self) -> str:
        """Credit that the file has for clients that are there already, who get none of it; "" where it has none."""
        return totals_text(self.not_given) if self.not_given else ""

    @property
    def digest(self) -> str:
        """Of all that staff are asked about, so that nothing is taken that they have not seen."""
        seen = [repr(each) for each in (*self.reading.changes, *self.lookalikes, *self.bad)]
        return hashlib.sha256(
            json.dumps([seen, self.rows, self.bad.count, self.above_limit, self.values]).encode()
        ).hexdigest()


def first_clients(cursor: CursorWrapper) -> list[NewClient]:
    """The first clients of the temporary table, in the order of the file."""
    cursor.execute(_FIRST_ROWS, [SHOWN])
    return [NewClient(*row) for row in cursor.fetchall()]
