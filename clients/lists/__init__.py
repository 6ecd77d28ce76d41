"""The lists of clients, of what was done to one, and of mail."""

from .clients import ActivityList, ClientList
from .mail import MailList

__all__ = ["ActivityList", "ClientList", "MailList"]
