"""Sending the document of an invoice or a credit note by mail, by hand."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.text import pluralize
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import dialog_saved, render_popup, sent_before, staff
from billing_admin.web.needs import needs
from clients.forms.mail import SendForm
from clients.models import ContactRole, FormKey, MailMessage, MailSettings
from clients.models.mail.kinds import MailKind
from clients.selectors.mail import recipients
from clients.services.mail.by_hand import send_document, why_not_sent
from invoices.models import Invoice
from invoices.selectors.credit_notes import credit_note_shown
from invoices.selectors.detail import invoice_shown
from invoices.services.documents import Document, why_no_document

_may_send = needs("invoices.view_invoice", "clients.send_mailmessage")


@require_http_methods(["GET", "HEAD", "POST"])
@_may_send
def send(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send an issued invoice."""
    invoice = invoice_shown(pk)
    if invoice is None or invoice.status == Invoice.Status.DRAFT:
        raise Http404("There is no such invoice that was issued.")
    return _send(request, invoice, MailKind.INVOICE, reverse("invoices:detail", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@_may_send
def send_note(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send a credit note."""
    note = credit_note_shown(pk)
    if note is None:
        raise Http404("There is no such credit note.")
    return _send(request, note, MailKind.CREDIT_NOTE, reverse("invoices:credit_note", args=[pk]))


def _send(request: HttpRequest, document: Document, kind: MailKind, url: str) -> HttpResponseBase:
    form = SendForm(request.POST if request.method == "POST" else None)
    client, label = document.client, str(document.label)
    imported = why_no_document(document)
    if form.is_bound and form.is_valid():
        key = FormKey(key=form.cleaned_data["key"])
        try:
            if imported:
                raise BusinessError(imported)
            count = send_document(
                kind=kind, subject_id=document.pk, label=label, client=client, by=staff(request), key=key
            )  # fmt: skip
        except BusinessError as error:
            add_error(form, error)
        else:
            if key.repeated:
                return sent_before(request, key.repeated_text, fallback_url=url)
            message = f"{label} is on its way to {pluralize(count, 'address', 'addresses')}."
            return dialog_saved(request, message=message, events=["mailChanged"], fallback_url=url)
    settings = MailSettings.objects.current()
    last = MailMessage.objects.filter(kind=kind, subject_id=document.pk, client=client).order_by("-pk").first()
    context = {
        "form": form,
        "client": client,
        "recipients": recipients(client, ContactRole.RECEIVES_INVOICES),
        "mail_settings": settings,
        "why_not": imported or why_not_sent(settings),
        "last": last,
    }
    return render_popup(request, "invoices/send.html", context, title=f"Send {label}", close_url=url)
