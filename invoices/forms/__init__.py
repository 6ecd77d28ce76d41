"""Making an invoice by hand."""

from .create import InvoiceForm, InvoiceLines, lines_formset, one_line_more, problems
from .lines import LineForm

__all__ = ["InvoiceForm", "InvoiceLines", "LineForm", "lines_formset", "one_line_more", "problems"]
