"""The screens about clients."""

from .lists import clients_list
from .profile import add, profile
from .statement import statement
from .summary import activity, balances, panel, summary

__all__ = ["activity", "add", "balances", "clients_list", "panel", "profile", "statement", "summary"]
