"""Making an invoice by hand."""

from .create import MOST_LINES, InvoiceForm, LineForm, lines_formset

__all__ = ["MOST_LINES", "InvoiceForm", "LineForm", "lines_formset"]
