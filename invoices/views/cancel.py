"""Cancelling an invoice: a popup on its page."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.needs import needs
from clients.models import NeedsApproval
from clients.views.asking import ask_or_offer
from invoices.forms.actions import CancelForm
from invoices.models import Invoice
from invoices.selectors.detail import billed_periods, credit_by_grant, invoice_shown
from invoices.selectors.given_credit import credit_given_by
from invoices.services.cancel import Cancelled, cancel_invoice, why_not_cancelled


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.cancel_invoice")
def cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say what cancelling releases and what it leaves, then do it."""
    invoice = invoice_shown(pk)
    if invoice is None:
        raise Http404("There is no such invoice.")
    url = reverse("invoices:detail", args=[pk])
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = {"invoice": invoice, "reason": form.cleaned_data["reason"]}
        try:
            cancelled = cancel_invoice(**given, by=staff(request))
        except NeedsApproval as above:
            asked = ask_or_offer(request, form, above, action="invoice.cancel", given=given, client=invoice.client)
            if asked is not None:
                return asked
        except BusinessError as error:
            add_error(form, error)
        else:
            return leave_for(request, url, message=_what_happened(cancelled))
    context = {
        "form": form,
        "invoice": invoice,
        "why_not": why_not_cancelled(invoice),
        "grants": credit_by_grant(invoice),
        "given": credit_given_by(invoice).left if invoice.status != Invoice.Status.DRAFT else None,
        "today": timezone.localdate(),
        "periods": billed_periods(invoice),
    }
    return render_popup(request, "invoices/cancel.html", context, title="Cancel this invoice?", close_url=url)


def _what_happened(cancelled: Cancelled) -> str:
    said = f"{cancelled.invoice.label} of {money_text(cancelled.invoice.total)} cancelled."
    if cancelled.released.amount:
        said += f" Credit of {money_text(cancelled.released)} went back to where it came from."
    else:
        said += " No credit was applied to it, so none was released."
    return " ".join([said, *(f"{fee}." for fee in cancelled.fees)])
