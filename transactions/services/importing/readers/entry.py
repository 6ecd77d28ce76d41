"""What every reader of statements makes of one booking."""

import datetime
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from billing_admin.csv_files.cells import quoted
from billing_admin.errors import BusinessError

# What banks and payers write where they have no reference.
_NO_REFERENCE = frozenset({"", "NOTPROVIDED", "NOT PROVIDED", "NONREF", "NONE", "NOREF", "UNDEFINED"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One booking of a statement; `raw` is what it is known by. A `fault` or `left_out` says why it is no payment.

    `bank_id` is the bank’s own id, `payer_reference` what the payer gave as his.
    """

    line: int
    raw: bytes
    left_out: str = ""
    fault: str = ""
    on: datetime.date | None = None
    amount: Decimal = Decimal(0)
    currency: str = ""
    name: str = ""
    account: str = ""
    bank_id: str = ""
    payer_reference: str = ""
    invoice: str = ""
    text: str = ""


def reference_or_none(text: str) -> str:
    """A reference, and nothing where it only says that there is none."""
    text = " ".join(text.split())
    return "" if text.upper() in _NO_REFERENCE else text


def plain_decimal(text: str) -> Decimal:
    """An amount as statements have it: digits, a point or comma, a sign.

    Raises BusinessError.
    """
    text = text.strip()
    try:
        if len(text) > 30 or not text.isascii() or not set(text) <= set("+-0123456789.,"):
            raise InvalidOperation
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise BusinessError(f"The amount {quoted(text)} is no number." if text else "It has no amount.") from None
