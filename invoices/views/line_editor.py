"""The page on which lines are typed: of a new invoice, and of a draft."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from billing_admin.web.http import vary_by_htmx
from clients.models import Client, CreditUse
from credits.selectors.balances import balances_of
from invoices.forms import InvoiceForm, InvoiceLines, arranged, lines_formset, problems
from invoices.models import Invoice
from invoices.selectors import credit_use
from invoices.selectors.tax import tax_of

Save = Callable[[InvoiceForm, InvoiceLines], HttpResponseBase | None]


def answer(
    request: HttpRequest,
    client: Client,
    form: InvoiceForm,
    save: Save,
    *,
    frame: dict[str, Any],
    draft: Invoice | None = None,
) -> HttpResponseBase:
    """Show the form, arrange its lines as a button asks, or save it.

    With htmx the lines alone come back arranged, and the totals while somebody types. `save` answers None where the
    service refused; it has put the refusal on the form then.
    """
    usual = tax_of(client)
    frame = {**frame, "usual_tax": usual}
    if request.method != "POST":
        currency = draft.currency if draft else ""
        included = form.tax_included
        lines = lines_formset(client=client, currency=currency, tax_included=included, usual=usual, draft=draft)
        lines.focus(0)
        return _page(request, client, form, lines, frame)
    form.is_valid()
    about = {
        "currency": form.cleaned_data.get("currency", ""), "tax_included": form.tax_included, "usual": usual,
    }  # fmt: skip
    if changed := arranged(request.POST, tax_rate=usual.plain):
        sent, place = changed
        lines = lines_formset(sent, client=client, **about)
        lines.focus(place)
        return _page(request, client, form, lines, frame, judged=False)
    lines = lines_formset(request.POST, client=client, **about)
    if "preview" in request.POST:
        return _page(request, client, form, lines, frame, judged=False)
    if lines.is_valid() and form.is_valid() and (saved := save(form, lines)):
        return saved
    return _page(request, client, form, lines, frame, status=HTTPStatus.UNPROCESSABLE_CONTENT)


def _page(
    request: HttpRequest,
    client: Client,
    form: InvoiceForm,
    lines: InvoiceLines,
    frame: dict[str, Any],
    *,
    judged: bool = True,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The form; its errors show once somebody asked to save it (`judged`)."""
    context: dict[str, Any] = {"client": client, "form": form, "lines": lines, **frame}
    context |= _preview(request, client, form, lines)
    if not judged:
        _forget_errors(form, lines)
    elif form.is_bound:
        context["problems"] = problems(form, lines)
    part = {"lines": "#lines", "totals": "#totals"}.get(request.headers.get("HX-Target", ""), "")
    if not part:
        context["balances"] = balances_of(client)
    return vary_by_htmx(render(request, f"invoices/editor.html{part}", context, status=status))


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
        holds = credit_use.credit_held(client.pk, total.currency.code, on=timezone.localdate())
        preview["outlook"] = credit_use.outlook(rule, holds, total)
    return preview


def _forget_errors(form: InvoiceForm, lines: InvoiceLines) -> None:
    """Show what was typed so far as it is: nobody has asked for a judgement yet."""
    for each in (form, *lines.forms):
        each.errors.clear()
