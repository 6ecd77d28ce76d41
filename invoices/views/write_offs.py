"""Writing off what will not be paid of an invoice, and reversing that: popups on its page."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse as url_of
from django.views.decorators.http import require_http_methods
from djmoney.money import Money

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import dialog_saved, render_popup, sent_before, staff
from billing_admin.web.needs import needs
from clients.models import FormKey, NeedsApproval
from clients.views.asking import ask_or_offer
from invoices.forms.write_off import WriteOffForm
from invoices.models import Invoice
from invoices.selectors.detail import invoice_shown
from invoices.services.write_off import reverse_write_off, why_not_reversed, why_not_written_off, write_off_invoice

_CHANGED = ("invoicesChanged",)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.write_off_invoice")
def write_off(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say what is due and what becomes of it, then write off all of it or a part."""
    invoice = _shown_or_404(pk)
    why_not = why_not_written_off(invoice)
    return _popup(
        request, invoice, invoice.due, why_not, write_off_invoice, "invoices/write_off.html", "Write Off", "written off"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.write_off_invoice")
def reverse(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Make due again what was written off, or a part of it."""
    invoice = _shown_or_404(pk)
    most, why_not = invoice.amount_written_off, why_not_reversed(invoice)
    return _popup(
        request, invoice, most, why_not, reverse_write_off, "invoices/reverse_write_off.html", "Reverse Write-Off",
        "due again",
    )  # fmt: skip


def _shown_or_404(pk: int) -> Invoice:
    invoice = invoice_shown(pk)
    if invoice is None:
        raise Http404("There is no such invoice.")
    return invoice


def _popup(
    request: HttpRequest,
    invoice: Invoice,
    most: Money,
    why_not: str,
    service: Callable[..., Any],
    template: str,
    title: str,
    done: str,
) -> HttpResponseBase:
    url = url_of("invoices:detail", args=[invoice.pk])
    form = WriteOffForm(request.POST if request.method == "POST" else None, invoice=invoice, most=most)
    if request.method == "POST" and form.is_valid():
        key, amount = FormKey(key=form.cleaned_data["key"]), form.cleaned_data["money"]
        given = {"invoice": invoice, "amount": amount, "reason": form.cleaned_data["reason"]}
        try:
            service(**given, by=staff(request), key=key)
        except NeedsApproval as above:
            asked = ask_or_offer(
                request, form, above, action="invoice.write_off", given=given, client=invoice.client, key=key
            )
            if asked is not None:
                return asked
        except BusinessError as error:
            add_error(form, error)
        else:
            if key.repeated:
                return sent_before(request, key.repeated_text, events=_CHANGED, fallback_url=url)
            said = f"{money_text(amount)} of {invoice.label} is {done}. {_what_is_left(invoice)}"
            return dialog_saved(request, message=said, events=_CHANGED, fallback_url=url)
    context = {"form": form, "invoice": invoice, "most": most, "why_not": why_not}
    return render_popup(request, template, context, title=f"{title} – {invoice.label}", close_url=url)


def _what_is_left(invoice: Invoice) -> str:
    invoice.refresh_from_db()
    if invoice.due.amount:
        return f"{money_text(invoice.due)} is due."
    return f"Nothing is due, it is {invoice.get_status_display()}."
