"""Making an invoice by hand."""

from .arranging import arranged
from .invoice import DraftForm, InvoiceForm, InvoiceLines, lines_formset, problems
from .lines import LineForm

__all__ = ["DraftForm", "InvoiceForm", "InvoiceLines", "LineForm", "arranged", "lines_formset", "problems"]
