"""The lists of clients, of what was done to one, of mail, and of what waits for approval."""

from .activity import ActivityList
from .approvals import ApprovalList
from .clients import ClientList
from .mail import MailList

__all__ = ["ActivityList", "ApprovalList", "ClientList", "MailList"]
