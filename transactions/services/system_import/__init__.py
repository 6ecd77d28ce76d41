"""The money of another system: what becomes of its rows, and how they become transactions."""

from .bring import bring_money, bring_money_of_nobody
from .judge import judge
from .questions import notices, questions

__all__ = ["bring_money", "bring_money_of_nobody", "judge", "notices", "questions"]
