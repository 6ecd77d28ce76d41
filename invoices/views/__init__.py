"""The screens about invoices."""

from .create import create
from .detail import detail
from .issue import issue
from .lists import invoices_list, of_client

__all__ = ["create", "detail", "invoices_list", "issue", "of_client"]
