"""The lists of invoices, credit notes, billable items and runs."""

from .invoices import CreditNoteList, InvoiceList
from .items import BillableItemList
from .runs import RunList

__all__ = ["BillableItemList", "CreditNoteList", "InvoiceList", "RunList"]
