"""The screens about everything: Home, Reports, Settings."""

from .home import home
from .reports import reports
from .search import search
from .settings import settings

__all__ = ["home", "reports", "search", "settings"]
