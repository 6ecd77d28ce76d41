"""The screens about invoices."""

from .cancel import cancel
from .create import create, edit
from .detail import detail
from .drafts import delete, duplicate, notes, printed
from .issue import issue
from .lists import invoices_list, of_client

__all__ = [
    "cancel",
    "create",
    "delete",
    "detail",
    "duplicate",
    "edit",
    "invoices_list",
    "issue",
    "notes",
    "of_client",
    "printed",
]
