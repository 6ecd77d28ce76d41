"""Making an invoice by hand."""

from .actions import BilledClientForm
from .invoice import DraftForm, InvoiceForm, InvoiceLines, lines_formset, problems
from .line_order import arranged
from .lines import LineForm

__all__ = [
    "BilledClientForm",
    "DraftForm",
    "InvoiceForm",
    "InvoiceLines",
    "LineForm",
    "arranged",
    "lines_formset",
    "problems",
]
