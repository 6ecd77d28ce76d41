"""What the page of an issued invoice or credit note says of its document."""

from typing import Any

from clients.models.client import EInvoice
from invoices.documents.missing import lacks
from invoices.models import CreditNote, SellerVersion
from invoices.services.documents import Document, left_out_of

_BEYOND = (EInvoice.XRECHNUNG, EInvoice.PEPPOL)


def document_facts(document: Document) -> dict[str, Any]:
    """Letters that it could not show, and whether it can be an e-invoice, or what it lacks.

    Of e-invoices nothing is said where nobody has filled in the company.
    """
    invoice = document.invoice if isinstance(document, CreditNote) else document
    lacking = lacks(document, client_number=document.client.number)
    is_about = invoice.has_snapshot or SellerVersion.objects.current() is not None
    return {
        "document_facts": {
            "left_out": left_out_of(document),
            "lacking": lacking,
            "can_be_e_invoice": not lacking,
            "is_about_e_invoices": is_about,
        },
        "needed": invoice.get_e_invoice_display(),
        "beyond": invoice.e_invoice in _BEYOND,
    }
