"""Issuing a draft: a popup on its page."""

from functools import cache

from django import forms
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.needs import needs
from invoices.forms.actions import IssueForm
from invoices.models import Invoice
from invoices.selectors import credit_use
from invoices.services.issue import PAYMENT_TERM, issue_invoice
from invoices.views.messages import what_happened


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.issue_invoice")
def issue(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say what issuing does, then do it. The page behind is loaded anew: it has another title then."""
    invoice = Invoice.objects.as_stored(pk)
    if invoice is None:
        raise Http404("There is no such invoice.")
    url = reverse("invoices:detail", args=[pk])
    today = timezone.localdate()
    is_draft = invoice.status == Invoice.Status.DRAFT
    due_on = invoice.due_on or today + PAYMENT_TERM
    is_past = due_on < today

    @cache
    def credit() -> tuple[credit_use.Rule, credit_use.CreditHeld]:
        held = credit_use.credit_held(invoice.client_id, invoice.currency, on=today)
        return credit_use.rule_of(invoice), held

    asks = is_draft and is_past and credit_use.will_apply(*credit(), invoice.total) != invoice.total
    sent = request.POST if request.method == "POST" else None
    form: forms.Form = IssueForm(sent, initial={"due_on": today + PAYMENT_TERM}) if asks else forms.Form(sent)
    if request.method == "POST" and form.is_valid():
        try:
            issued = issue_invoice(invoice=invoice, by=staff(request), due_on=form.cleaned_data.get("due_on"))
        except BusinessError as error:
            add_error(form, error)
        else:
            return leave_for(request, url, message=what_happened(issued, issued.client))
    context = {"form": form, "invoice": invoice, "is_draft": is_draft, "due_on": due_on, "is_past": is_past}
    if is_draft and request.user.has_perm("credits.view_credit"):
        context["outlook"] = credit_use.outlook(*credit(), invoice.total)
    return render_popup(request, "invoices/issue.html", context, title="Issue this invoice?", close_url=url)
