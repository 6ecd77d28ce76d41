"""The one writer of the ledger. Every function here expects the clients' rows to be locked by the caller."""

from .applications import book_applications, book_planned_applications
from .batches import amounts_of, book_batch_reversal, book_batch_rows, book_rests_back
from .entries import (
    Movement,
    account_of,
    book,
    draw_down,
    expire_at_once,
    grant,
    total,
    zero,
)
from .expiries import book_expiries

__all__ = [
    "Movement",
    "account_of",
    "amounts_of",
    "book",
    "book_applications",
    "book_batch_reversal",
    "book_batch_rows",
    "book_expiries",
    "book_planned_applications",
    "book_rests_back",
    "draw_down",
    "expire_at_once",
    "grant",
    "total",
    "zero",
]
