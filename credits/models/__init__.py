"""The credit ledger: accounts, grants and the append-only entries that move them."""

from .account import CreditAccount
from .batch import CreditBatch, CreditBatchRow, CreditFile
from .checks import LedgerCheck, LedgerFinding
from .closed_period import ClosedPeriod, ClosedPeriodSum
from .entry import CreditEntry
from .grant import CreditGrant
from .settings import CreditSettings

__all__ = [
    "ClosedPeriod",
    "ClosedPeriodSum",
    "CreditAccount",
    "CreditBatch",
    "CreditBatchRow",
    "CreditEntry",
    "CreditFile",
    "CreditGrant",
    "CreditSettings",
    "LedgerCheck",
    "LedgerFinding",
]
