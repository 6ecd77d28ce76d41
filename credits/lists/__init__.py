"""The lists of credit, of everybody and of one client."""

from .of_client import GrantList, LedgerList
from .of_everybody import BatchList, EntryList, ExpiringList, HolderList

__all__ = ["BatchList", "EntryList", "ExpiringList", "GrantList", "HolderList", "LedgerList"]
