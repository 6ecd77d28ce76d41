"""The screens about everything: Home, Reports, Settings."""

from .home import home
from .reports import reports
from .settings import settings

__all__ = ["home", "reports", "settings"]
