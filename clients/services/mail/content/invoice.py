"""Mail about an invoice, with its document."""

from djmoney.money import Money

from billing_admin.documents import Press
from billing_admin.documents.languages import day_in
from billing_admin.mail.letters import Attachment
from clients.models import Client, MailMessage
from clients.models.client import EInvoice
from invoices.models import Invoice
from invoices.selectors.documents import documents_of
from invoices.services.documents import document_of, e_invoice, file_name

from .said import Said, Withheld, money, money_if_any


def invoice_about(message: MailMessage, client: Client | None) -> Invoice:
    """The invoice as it is now.

    Raises Withheld where it is gone or cancelled.
    """
    invoice = Invoice.objects.filter(pk=message.subject_id or 0, client=client).first()
    if invoice is None:
        raise Withheld(f"{message.about or 'The invoice'} is not there any more.")
    if invoice.status == Invoice.Status.CANCELLED:
        raise Withheld(f"{invoice.label} was cancelled.")
    return invoice


def to_pay_of(invoice: Invoice) -> Money:
    """What the client is still to pay of it; nothing of one that nobody owes any more."""
    return invoice.due if invoice.status == Invoice.Status.UNPAID else Money(0, invoice.currency)


def values_of(invoice: Invoice, language: str) -> dict[str, str]:
    """What an invoice says in any mail about it."""
    assert invoice.issued_on is not None
    to_pay = to_pay_of(invoice)
    return {
        "number": invoice.label,
        "issued_on": day_in(invoice.issued_on, language),
        "total": money(invoice.total, language),
        "to_pay": money(to_pay, language),
        "due_on": day_in(invoice.due_on, language) if invoice.due_on and to_pay.amount else "",
        "payment_reference": invoice.label if to_pay.amount else "",
    }


def say(message: MailMessage, client: Client | None, language: str) -> Said:
    """The invoice, and what of it is left to pay."""
    invoice = invoice_about(message, client)
    return Said({**values_of(invoice, language), "credit_applied": money_if_any(invoice.credit_applied, language)})


def files(message: MailMessage, press: Press) -> list[Attachment]:
    """The document, and for who wants an XRechnung the XML that is one."""
    for document in documents_of(Invoice, [message.subject_id or 0]):
        if not isinstance(document, Invoice):
            continue
        kept = document_of(document, press)
        found = [Attachment(kept.name, bytes(kept.content))]
        if document.e_invoice == EInvoice.XRECHNUNG:
            xml = e_invoice(document, "ubl", press)
            found.append(Attachment(file_name(document, "xml"), xml, "application/xml"))
        return found
    return []
