"""Credit on one invoice, by hand: Apply Credit and Take Credit Off."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from djmoney.money import Money

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text, parse_amount
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import render_popup, sent_before, staff, vary_by_htmx
from billing_admin.web.needs import needs
from clients.models import FormKey
from credits.forms import InvoiceCreditForm
from credits.selectors.balances import available_to, balances_of
from credits.services.apply import apply_credit
from credits.services.release import release_credit
from invoices.models import Invoice

from .responses import CHANGED, done


@dataclass(frozen=True)
class After:
    """What an amount would leave behind: what is due on the invoice, and what credit the client can still spend."""

    due: Money
    credit: Money


@require_http_methods(["GET", "HEAD", "POST"])
@needs("credits.apply_credit")
def apply(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Settle an unpaid invoice, or part of it, from credit. `?amount=` with htmx answers with the figures then."""
    invoice = _invoice(pk)
    available = available_to(invoice.client, invoice.currency, timezone.localdate())
    most = min(available, invoice.due) if invoice.status == Invoice.Status.UNPAID else Money(0, invoice.currency)
    if _asks_for_figures(request):
        return _figures(request, invoice, most, lambda amount: After(invoice.due - amount, available - amount))
    form = InvoiceCreditForm(request.POST or None, invoice=invoice, most=most)
    if request.method == "POST" and (answer := _act(request, form, invoice)):
        return answer
    context = {
        "invoice": invoice,
        "form": form,
        "available": available,
        "others": [held for held in balances_of(invoice.client) if held.amount and held.currency != most.currency],
        "most": most,
        "after": After(invoice.due - most, available - most),
    }
    return _popup(request, invoice, "credits/apply.html", context, "Apply Credit")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("credits.apply_credit")
def release(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take credit off an invoice; it goes back to the grants that it came from."""
    invoice = _invoice(pk)
    available = available_to(invoice.client, invoice.currency, timezone.localdate())
    most = invoice.credit_applied
    if _asks_for_figures(request):
        return _figures(request, invoice, most, lambda amount: After(invoice.due + amount, available + amount))
    form = InvoiceCreditForm(request.POST or None, invoice=invoice, most=most)
    if request.method == "POST" and (answer := _act(request, form, invoice, taking_off=True)):
        return answer
    context = {
        "invoice": invoice,
        "form": form,
        "most": most,
        "after": After(invoice.due + most, available + most),
    }
    return _popup(request, invoice, "credits/release.html", context, "Take Credit Off")


def _invoice(pk: int) -> Invoice:
    invoice = Invoice.objects.select_related("client").filter(pk=pk).first()
    if invoice is None:
        raise Http404("There is no such invoice.")
    return invoice


def _act(
    request: HttpRequest, form: InvoiceCreditForm, invoice: Invoice, *, taking_off: bool = False
) -> HttpResponseBase | None:
    if not form.is_valid():
        return None
    url = reverse("invoices:detail", args=[invoice.pk])
    service = release_credit if taking_off else apply_credit
    key = FormKey(key=form.cleaned_data["key"])
    try:
        amount = service(
            invoice=invoice,
            amount=form.cleaned_data["money"],
            by=staff(request),
            key=key,
        )
    except BusinessError as error:
        add_error(form, error)
        return None
    if key.repeated:
        return sent_before(request, key.repeated_text, events=CHANGED, fallback_url=url)
    invoice.refresh_from_db()
    nothing_due = f"Nothing is due, it is {invoice.get_status_display()}."
    left = f"{money_text(invoice.due)} is due." if invoice.due.amount else nothing_due
    did = "taken off" if taking_off else "applied to"
    return done(request, f"Credit of {money_text(amount)} {did} {invoice.label}. {left}", url)


def _asks_for_figures(request: HttpRequest) -> bool:
    return request.method == "GET" and request.headers.get("HX-Target") == "after"


def _figures(request: HttpRequest, invoice: Invoice, most: Money, after: Any) -> HttpResponseBase:
    """The line of figures under the field, for the amount as typed so far."""
    context: dict[str, Any] = {"invoice": invoice}
    try:
        amount = Money(parse_amount(request.GET.get("amount", ""), invoice.currency), invoice.currency)
    except BusinessError as error:
        context["fault"] = str(error)
    else:
        if amount > most:
            context["fault"] = f"At most {money_text(most)}; {money_text(amount)} was typed."
        elif amount.amount <= 0:
            context["fault"] = "Give an amount above zero."
        else:
            context["after"] = after(amount)
    return vary_by_htmx(render(request, "credits/_after.html", context))


def _popup(
    request: HttpRequest, invoice: Invoice, template: str, context: dict[str, Any], title: str
) -> HttpResponseBase:
    url = reverse("invoices:detail", args=[invoice.pk])
    return render_popup(request, template, context, title=f"{title} – {invoice.label}", close_url=url)
