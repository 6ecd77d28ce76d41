"""Invoices, their lines and billable items of another system: what becomes of each staged row, and bringing it."""

from .bring import bring_invoices
from .bring_items import bring_items
from .gone_items import keep_paused_what_is_gone
from .judge import judge
from .numbers import continue_numbers
from .questions import questions

__all__ = ["bring_invoices", "bring_items", "continue_numbers", "judge", "keep_paused_what_is_gone", "questions"]
