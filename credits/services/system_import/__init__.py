"""The credit of another system: what becomes of its rows, and how they get onto the ledger."""

from .bring import bring_credit
from .judge import judge
from .questions import questions

__all__ = ["bring_credit", "judge", "questions"]
