"""The one writer of the ledger. Every function here expects the clients' rows to be locked by the caller."""

from .applications import book_applications
from .batches import amounts_of, book_batch_reversal, book_batch_rows
from .entries import (
    AlreadyDone,
    Movement,
    account_of,
    batch_of_request,
    book,
    draw_down,
    expire_at_once,
    grant,
    zero,
)
from .expiries import book_expiries

__all__ = [
    "AlreadyDone",
    "Movement",
    "account_of",
    "amounts_of",
    "batch_of_request",
    "book",
    "book_applications",
    "book_batch_reversal",
    "book_batch_rows",
    "book_expiries",
    "draw_down",
    "expire_at_once",
    "grant",
    "zero",
]
