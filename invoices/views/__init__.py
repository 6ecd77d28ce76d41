"""The screens about invoices."""

from .create import create, issue
from .detail import detail
from .lists import invoices_list, of_client

__all__ = ["create", "detail", "invoices_list", "issue", "of_client"]
