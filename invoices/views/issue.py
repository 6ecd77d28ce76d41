"""Issuing a draft: a popup on its page."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, staff
from invoices.models import Invoice
from invoices.selectors import credit_use
from invoices.selectors.detail import invoice_shown
from invoices.services.issue import PAYMENT_TERM, issue_invoice
from invoices.views.messages import what_happened


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("invoices.issue_invoice", raise_exception=True)
def issue(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say what issuing does, then do it. The page behind is loaded anew: it has another title then."""
    invoice = invoice_shown(pk)
    if invoice is None:
        raise Http404("There is no such invoice.")
    url = reverse("invoices:detail", args=[pk])
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            issued = issue_invoice(invoice=invoice, by=staff(request))
        except BusinessError as error:
            add_error(form, error)
        else:
            return leave_for(request, url, message=what_happened(issued, invoice.client))
    today = timezone.localdate()
    context = {"form": form, "invoice": invoice, "today": today, "is_draft": invoice.status == Invoice.Status.DRAFT}
    if context["is_draft"]:
        context["due_on"] = invoice.due_on or today + PAYMENT_TERM
        if request.user.has_perm("credits.view_credit"):
            holds = credit_use.credit_held(invoice.client_id, invoice.currency, on=today)
            context["outlook"] = credit_use.outlook(credit_use.rule_of(invoice), holds, invoice.total)
    return render_popup(request, "invoices/issue.html", context, title="Issue this invoice?", close_url=url)
