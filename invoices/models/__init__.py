"""Invoices, what is billed on them and written off of them, and their runs. Knows no transaction and no credit."""

from .billable_item import BillableItem
from .credit_note import CreditNote, CreditNoteLine
from .deleted_numbers import DeletedNumbers
from .exchange_rate import ExchangeRate
from .imported import ImportedInvoice, ImportedLine
from .invoice import Invoice
from .line import InvoiceLine
from .number_series import NumberFormat, NumberSeries
from .reminder import ReminderFee, ReminderHold, ReminderLevel
from .run import InvoiceRun, InvoiceRunError, RunLimits
from .seller import SellerLogo, SellerVersion
from .tax import TaxRate, TaxSettings
from .write_off import WriteOff

__all__ = [
    "BillableItem",
    "CreditNote",
    "CreditNoteLine",
    "DeletedNumbers",
    "ExchangeRate",
    "ImportedInvoice",
    "ImportedLine",
    "Invoice",
    "InvoiceLine",
    "InvoiceRun",
    "InvoiceRunError",
    "NumberFormat",
    "NumberSeries",
    "ReminderFee",
    "ReminderHold",
    "ReminderLevel",
    "RunLimits",
    "SellerLogo",
    "SellerVersion",
    "TaxRate",
    "TaxSettings",
    "WriteOff",
]
