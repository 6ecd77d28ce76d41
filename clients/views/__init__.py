"""The screens about clients."""

from .duplicates import duplicates
from .lifecycle import close, delete, export
from .lists import clients_list
from .merge import merge, merge_proof
from .profile import add, profile
from .statement import statement
from .summary import activity, balances, panel, summary

__all__ = [
    "activity",
    "add",
    "balances",
    "clients_list",
    "close",
    "delete",
    "duplicates",
    "export",
    "merge",
    "merge_proof",
    "panel",
    "profile",
    "statement",
    "summary",
]
