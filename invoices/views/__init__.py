"""The screens about invoices."""

from .cancel import cancel
from .create import create
from .detail import detail
from .issue import issue
from .lists import invoices_list, of_client

__all__ = ["cancel", "create", "detail", "invoices_list", "issue", "of_client"]
