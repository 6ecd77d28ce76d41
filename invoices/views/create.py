"""Making an invoice by hand."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing_admin.form_fields import add_refusal
from billing_admin.http import staff, vary_by_htmx
from billing_admin.money.amounts import AmountRefused
from billing_admin.refusals import Refused
from clients.addressing import of_client
from clients.models import Client, CreditUse
from credits.selectors.balances import balances_of
from invoices.forms import InvoiceForm, InvoiceLines, lines_formset, one_line_more, problems
from invoices.models import Invoice
from invoices.selectors import credit_use
from invoices.selectors.made_before import made_before
from invoices.services.issuing import bill_client, draft_invoice
from invoices.views.words import what_happened


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("invoices.issue_invoice", raise_exception=True)
@of_client
def create(request: HttpRequest, client: Client) -> HttpResponseBase:
    """Lines are typed, more are added with a button that works without JavaScript; then a draft is saved or issued.

    With htmx the lines alone come back with one more, and the totals while somebody types.
    """
    if request.method != "POST":
        lines = lines_formset(client=client)
        lines.focus(0)
        return _page(request, client, InvoiceForm(client=client), lines)
    form = InvoiceForm(request.POST, client=client)
    form.is_valid()
    currency = form.cleaned_data.get("currency", "")
    if "add_line" in request.POST:
        lines = lines_formset(one_line_more(request.POST), client=client, currency=currency)
        lines.focus(-1)
        return _page(request, client, form, lines, judged=False)
    lines = lines_formset(request.POST, client=client, currency=currency)
    if "preview" in request.POST:
        return _page(request, client, form, lines, judged=False)
    if lines.is_valid() and form.is_valid() and (invoice := _make(request, client, form, lines)):
        return HttpResponseRedirect(reverse("invoices:detail", args=[invoice.pk]))
    return _page(request, client, form, lines, status=HTTPStatus.UNPROCESSABLE_CONTENT)


def _make(request: HttpRequest, client: Client, form: InvoiceForm, lines: InvoiceLines) -> Invoice | None:
    """Save the draft or issue, and say what came of it; None where the service refused."""
    cleaned = form.cleaned_data
    first = made_before(cleaned["key"])
    make = draft_invoice if "draft" in request.POST else bill_client
    try:
        invoice = make(
            client=client,
            lines=[line.new_line() for line in lines.typed()],
            by=staff(request),
            due_on=cleaned["due_on"],
            credit_use=cleaned["credit_use"],
            notes=cleaned["notes"],
            idempotency_key=cleaned["key"],
        )
    except (Refused, AmountRefused) as refused:
        add_refusal(form, refused)
        return None
    again = first is not None and first.status == invoice.status
    messages.add_message(
        request, messages.WARNING if again else messages.SUCCESS, what_happened(invoice, client, again=again)
    )
    return invoice


def _page(
    request: HttpRequest,
    client: Client,
    form: InvoiceForm,
    lines: InvoiceLines,
    *,
    judged: bool = True,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The form; its errors show once somebody asked to save it (`judged`)."""
    context: dict[str, Any] = {"client": client, "form": form, "lines": lines}
    context |= _preview(request, client, form, lines)
    if not judged:
        _forget_errors(form, lines)
    elif form.is_bound:
        context["problems"] = problems(form, lines)
    part = {"lines": "#lines", "totals": "#totals"}.get(request.headers.get("HX-Target", ""), "")
    if not part:
        context["balances"] = balances_of(client)
    return vary_by_htmx(render(request, f"invoices/create.html{part}", context, status=status))


def _preview(request: HttpRequest, client: Client, form: InvoiceForm, lines: InvoiceLines) -> dict[str, Any]:
    """What the lines come to so far, and what the client's credit would do."""
    sums = lines.sums() if lines.is_bound else None
    if sums is None:
        return {}
    subtotal, tax = sums
    total = subtotal + tax
    preview: dict[str, Any] = {"subtotal": subtotal, "tax": tax, "total": total}
    if request.user.has_perm("credits.view_credit"):
        chosen = form.cleaned_data.get("credit_use")
        rule = credit_use.Rule(CreditUse(chosen), "invoice") if chosen else credit_use.rule_of_client(client)
        holds = credit_use.held(client.pk, total.currency.code, on=timezone.localdate())
        preview["outlook"] = credit_use.outlook(rule, holds, total)
    return preview


def _forget_errors(form: InvoiceForm, lines: InvoiceLines) -> None:
    """Show what was typed so far as it is: nobody has asked for a judgement yet."""
    for each in (form, *lines.forms):
        each.errors.clear()
