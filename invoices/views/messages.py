"""What is said after an invoice was made or issued."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django_htmx.http import trigger_client_event

from billing_admin.money.amounts import as_text
from billing_admin.web.http import announce, is_for_dialog
from clients.models import Client
from invoices.models import Invoice


def what_happened(invoice: Invoice, client: Client, *, again: bool = False) -> str:
    """One or two sentences with all the figures; `again`: the form came a second time and made nothing more."""
    draft = invoice.status == Invoice.Status.DRAFT
    if again:
        made = "saved this draft" if draft else f"issued {invoice.label}"
        return f"This form has already {made} of {as_text(invoice.total)}; nothing more was made."
    if draft:
        return f"Draft of {as_text(invoice.total)} for {client.name} saved; it is not issued yet."
    said = f"{invoice.label} of {as_text(invoice.total)} issued to {invoice.bill_to_name}. "
    said += (
        f"Credit of {as_text(invoice.credit_applied)} was applied; "
        if invoice.credit_applied.amount
        else ("No credit was applied; ")
    )
    if not invoice.due.amount:
        return said + "nothing is due, it is Paid."
    return said + f"{as_text(invoice.due)} is due on {invoice.due_on:%-d %b %Y}."


def told_again(request: HttpRequest, message: str, url: str) -> HttpResponseBase:
    """A form came a second time and nothing was done: close the popup and say so, not as a success."""
    if not is_for_dialog(request):
        messages.warning(request, message)
        return HttpResponseRedirect(url)
    closed = trigger_client_event(HttpResponse(status=204), "dialogClose")
    return announce(closed, message=message, level="attention")
