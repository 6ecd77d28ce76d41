"""Mail about a credit note, with its document."""

from billing_admin.documents import Press
from billing_admin.documents.languages import day_in
from billing_admin.mail.letters import Attachment
from clients.models import Client, MailMessage
from clients.models.client import EInvoice
from invoices.models import CreditNote
from invoices.selectors.documents import documents_of
from invoices.services.documents import document_of, e_invoice, file_name

from .said import Said, Withheld, money


def say(message: MailMessage, client: Client | None, language: str) -> Said:
    """The credit note, and why."""
    note = CreditNote.objects.select_related("invoice").filter(pk=message.subject_id or 0, client=client).first()
    if note is None:
        raise Withheld(f"{message.about or 'The credit note'} is not there any more.")
    values = {
        "number": note.label,
        "invoice": note.invoice.label,
        "issued_on": day_in(note.issued_on, language),
        "total": money(note.total, language),
    }
    return Said(values, note.reason)


def files(message: MailMessage, press: Press) -> list[Attachment]:
    """The document, and for who wants an XRechnung the XML that is one."""
    for note in documents_of(CreditNote, [message.subject_id or 0]):
        kept = document_of(note, press)
        found = [Attachment(kept.name, bytes(kept.content))]
        if isinstance(note, CreditNote) and note.invoice.e_invoice == EInvoice.XRECHNUNG:
            found.append(Attachment(file_name(note, "xml"), e_invoice(note, "ubl", press), "application/xml"))
        return found
    return []
