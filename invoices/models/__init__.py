"""Invoices, what is billed on them, and the runs that make them. Knows no transaction and no credit."""

from .billable_item import BillableItem
from .invoice import Invoice
from .line import InvoiceLine
from .number_series import NumberSeries
from .run import InvoiceRun, InvoiceRunError

__all__ = ["BillableItem", "Invoice", "InvoiceLine", "InvoiceRun", "InvoiceRunError", "NumberSeries"]
