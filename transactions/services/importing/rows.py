"""What reading a file of payments gives: its rows, and what was mended of it."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from djmoney.money import Money

from billing_admin.csv_files.decoding import mend_cell
from billing_admin.csv_files.imports import MOST_NAMED
from billing_admin.csv_files.packed import Packed
from billing_admin.csv_files.rows import BadRow
from transactions.models import PaymentMethod

from .former_keys import FormerReference


class PaymentRow(NamedTuple):
    """A payment as the file has it.

    `reference` is the gateway's own id, unique per method; `payer_reference` is what the payer wrote, which may come
    again. `key` knows the row again in any file and by any format, `former_keys` and `former_references` what version
    0.1.0 booked of it. `id_is_sure` is False where nobody has said yet that the ids of the format are ids.
    """

    line: int
    on: datetime.date
    amount: Money
    fees: Money
    method: PaymentMethod
    reference: str
    invoice: str
    name: str
    text: str
    key: str
    payer_reference: str = ""
    account: str = ""
    former_keys: tuple[str, ...] = ()
    former_references: tuple[FormerReference, ...] = ()
    id_is_sure: bool = True


class LeftOut(NamedTuple):
    """A row that is no payment, such as money that went out."""

    line: int
    reason: str


type ReadRow = PaymentRow | LeftOut | BadRow


@dataclass(frozen=True, slots=True)
class Mended:
    """A cell that was garbled on its way, and what it says now."""

    line: int
    was: str
    now: str


@dataclass
class ReadFile:
    """The rows of a file in their order, the encoding that it was in, and what of it was mended."""

    rows: Packed[ReadRow] = field(default_factory=Packed)
    encoding: str = "utf-8"
    lines_mended: tuple[int, ...] = ()
    mended: list[Mended] = field(default_factory=list)
    mended_count: int = 0

    def mend(self, line: int, text: str) -> str:
        """A cell without what garbled it; the first thousand that were are kept to be shown."""
        now = mend_cell(text)
        if now != text:
            self.mended_count += 1
            if len(self.mended) < MOST_NAMED:
                self.mended.append(Mended(line, text, now))
        return now


def payment_rows(rows: list[ReadRow]) -> Iterator[PaymentRow]:
    """Those that are payments."""
    return (row for row in rows if isinstance(row, PaymentRow))
