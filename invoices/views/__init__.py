"""The screens about invoices."""

from . import company, documents, item_actions, reminders, runs, send, settings, write_offs
from .cancel import cancel
from .create import create, create_for, edit
from .credit_notes import credit_note, credit_notes, issue_for_invoice
from .detail import detail
from .drafts import delete, duplicate, notes
from .issue import issue
from .items import add_item, billable_items, billable_items_of_client, edit_item
from .lists import invoices_list, of_client

__all__ = [
    "add_item",
    "billable_items",
    "billable_items_of_client",
    "cancel",
    "company",
    "create",
    "create_for",
    "credit_note",
    "credit_notes",
    "delete",
    "detail",
    "documents",
    "duplicate",
    "edit",
    "edit_item",
    "invoices_list",
    "issue",
    "issue_for_invoice",
    "item_actions",
    "notes",
    "of_client",
    "reminders",
    "runs",
    "send",
    "settings",
    "write_offs",
]
