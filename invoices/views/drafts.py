"""Popups about a draft or any invoice: delete, duplicate, notes."""

from django import forms
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import dialog_saved, leave_for, render_popup, sent_before, staff
from billing_admin.web.needs import needs
from clients.models import FormKey
from invoices.forms.actions import DuplicateForm, NotesForm
from invoices.models import Invoice
from invoices.selectors import detail as parts
from invoices.services.drafts import InvoiceMoved, delete_draft, duplicate_invoice, write_notes


def _invoice(pk: int) -> Invoice:
    invoice = parts.invoice_shown(pk)
    if invoice is None:
        raise Http404("There is no such invoice.")
    return invoice


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.issue_invoice")
def delete(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Delete a draft and go to the client's invoices."""
    invoice = _invoice(pk)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            gone = delete_draft(invoice=invoice, by=staff(request))
        except BusinessError as error:
            add_error(form, error)
        else:
            url = reverse("invoices:of_client", args=[invoice.client.number])
            return leave_for(
                request, url, message=f"Draft of {money_text(gone.total)} for {invoice.client.name} deleted."
            )
    context = {"form": form, "invoice": invoice, "lines": list(parts.lines_of(invoice))}
    url = reverse("invoices:detail", args=[pk])
    return render_popup(request, "invoices/delete.html", context, title="Delete this draft?", close_url=url)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.issue_invoice")
def duplicate(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Make a draft with the same lines and go to it."""
    invoice = _invoice(pk)
    form = DuplicateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        key = FormKey(key=form.cleaned_data["key"])
        try:
            draft = duplicate_invoice(invoice=invoice, by=staff(request), key=key)
        except BusinessError as error:
            add_error(form, error)
        else:
            url = reverse("invoices:detail", args=[draft.pk])
            of = "another draft" if invoice.is_draft else invoice.label
            if key.repeated:
                return sent_before(request, key.repeated_text, fallback_url=url, leave=True)
            return leave_for(
                request, url, message=f"Draft of {money_text(draft.total)} made from {of}; it is not issued."
            )
    url = reverse("invoices:detail", args=[pk])
    context = {"form": form, "invoice": invoice, "lines": list(parts.lines_of(invoice))}
    return render_popup(request, "invoices/duplicate.html", context, title="Duplicate this invoice?", close_url=url)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.issue_invoice")
def notes(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The notes of any invoice; staff alone see them."""
    invoice = _invoice(pk)
    url = reverse("invoices:detail", args=[pk])
    initial = {"notes": invoice.notes, "seen": invoice.version}
    form = NotesForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            write_notes(
                invoice=invoice, notes=form.cleaned_data["notes"], seen=form.cleaned_data["seen"], by=staff(request)
            )
        except BusinessError as error:
            add_error(form, error)
            if isinstance(error, InvoiceMoved):
                form.look_again(error.current)
        else:
            return dialog_saved(request, message="Notes saved.", events=["invoicesChanged"], fallback_url=url)
    of = "this draft" if invoice.is_draft else invoice.label
    return render_popup(request, "invoices/notes.html", {"form": form}, title=f"Notes of {of}", close_url=url)
