"""The lists of clients, of what was done to one, and of mail."""

from .activity import ActivityList
from .clients import ClientList
from .mail import MailList

__all__ = ["ActivityList", "ClientList", "MailList"]
