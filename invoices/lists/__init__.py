"""The lists of invoices, credit notes, billable items and runs."""

from .invoices import CreditNoteList, InvoiceList
from .items import BillableItemList
from .reminders import ReminderList
from .runs import RunList

__all__ = ["BillableItemList", "CreditNoteList", "InvoiceList", "ReminderList", "RunList"]
