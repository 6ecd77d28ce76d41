"""Making an invoice by hand, and issuing a draft."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.form_fields import add_refusal
from billing_admin.http import leave_for, render_popup, staff
from billing_admin.money.amounts import AmountRefused, as_text
from billing_admin.refusals import Refused
from clients.addressing import of_client
from clients.models import Client
from credits.selectors.balances import balances_of
from invoices.forms import MOST_LINES, InvoiceForm, LineForm, lines_formset
from invoices.models import Invoice
from invoices.services.issuing import bill_client, draft_invoice, issue_invoice


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("invoices.issue_invoice", raise_exception=True)
@of_client
def create(request: HttpRequest, client: Client) -> HttpResponseBase:
    """Lines are typed, more are added with a button that works without JavaScript; then a draft is saved or issued."""
    if request.method != "POST":
        return _page(request, client, InvoiceForm(client=client), lines_formset())
    if "add_line" in request.POST:
        return _page(request, client, *_one_line_more(request, client))
    form = InvoiceForm(request.POST, client=client)
    currency = form.cleaned_data.get("currency") if form.is_valid() else None
    lines = lines_formset(request.POST, currency=currency or client.currency)
    if not (form.is_valid() and lines.is_valid()):
        return _page(request, client, form, lines, status=HTTPStatus.UNPROCESSABLE_CONTENT)
    typed = [line.new_line() for line in lines if line.has_changed()]
    what: dict[str, Any] = {
        "client": client,
        "lines": typed,
        "by": staff(request),
        "due_on": form.cleaned_data["due_on"],
        "credit_use": form.cleaned_data["credit_use"],
        "notes": form.cleaned_data["notes"],
        "idempotency_key": form.cleaned_data["key"],
    }
    try:
        invoice = draft_invoice(**what) if "draft" in request.POST else bill_client(**what)
    except (Refused, AmountRefused) as refused:
        add_refusal(form, refused)
        return _page(request, client, form, lines, status=HTTPStatus.UNPROCESSABLE_CONTENT)
    messages.success(request, _what_happened(invoice))
    return HttpResponseRedirect(reverse("invoices:detail", args=[invoice.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("invoices.issue_invoice", raise_exception=True)
def issue(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Issue a draft, after saying what that does."""
    invoice = Invoice.objects.select_related("client").filter(pk=pk).first()
    if invoice is None:
        raise Http404("There is no such invoice.")
    url = reverse("invoices:detail", args=[pk])
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            issued = issue_invoice(invoice=invoice, by=staff(request))
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return leave_for(request, url, message=_what_happened(issued))
    return render_popup(
        request, "invoices/issue.html", {"form": form, "invoice": invoice}, title="Issue this invoice?", close_url=url
    )


def _one_line_more(request: HttpRequest, client: Client) -> "tuple[InvoiceForm, forms.BaseFormSet[LineForm]]":
    """What was typed so far, not yet judged, with one empty line added."""
    data = request.POST.copy()
    total = str(data.get("line-TOTAL_FORMS", ""))
    lines_now = min(int(total) if total.isascii() and total.isdecimal() else 0, MOST_LINES - 1) + 1
    data["line-TOTAL_FORMS"] = str(lines_now)
    for number in range(lines_now):
        data.setdefault(f"line-{number}-quantity", "1")
        data.setdefault(f"line-{number}-tax_rate", "0")
    form, lines = InvoiceForm(data, client=client), lines_formset(data)
    form._errors, lines._errors, lines._non_form_errors = {}, [], []  # type: ignore[attr-defined]
    for line in lines.forms:
        line._errors = {}  # type: ignore[attr-defined]
    return form, lines


def _what_happened(invoice: Invoice) -> str:
    if invoice.status == Invoice.Status.DRAFT:
        return f"Draft of {as_text(invoice.total)} saved."
    said = f"{invoice.label} of {as_text(invoice.total)} issued."
    if invoice.credit_applied.amount:
        said += f" {as_text(invoice.credit_applied)} of credit was applied; {as_text(invoice.due)} is due."
    return said


def _page(
    request: HttpRequest,
    client: Client,
    form: InvoiceForm,
    lines: "forms.BaseFormSet[LineForm]",
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {"client": client, "balances": balances_of(client), "form": form, "lines": lines}
    return render(request, "invoices/create.html", context, status=status)
