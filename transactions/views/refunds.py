"""Refund and Reverse: popups on the page of one transaction that say before what they do."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from djmoney.money import Money

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text
from billing_admin.rights import missing_rights
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import dialog_saved, render_popup, sent_before, staff
from billing_admin.web.needs import needs
from clients.models import FormKey, NeedsApproval
from clients.views.asking import ask_or_offer
from invoices.services.chargeback import ChargedBack, book_chargeback
from transactions.forms import RefundForm, ReversalForm
from transactions.models import Transaction
from transactions.selectors.remaining import Remaining, first_part, parts_of, remaining_of
from transactions.services.refund import refund_payment
from transactions.services.reverse import Reversed, reverse_payment

from .add import EVENTS
from .detail import shown_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@needs("transactions.refund_payment")
def refund(request: HttpRequest, transaction_pk: int) -> HttpResponseBase:
    """Give back some or all of what came in."""
    row = shown_or_404(transaction_pk)
    url = reverse("transactions:detail", args=[transaction_pk])
    (remaining,) = remaining_of([row])
    invoice = row.invoice
    may_close = invoice is not None and not invoice.credit_applied.amount and invoice.amount_paid == remaining.left
    bound = request.POST or None
    form = RefundForm(bound, remaining=remaining, may_close=may_close or bool(bound and "close_invoice" in bound))
    if request.method == "POST" and form.is_valid() and (answer := _refund(request, form, row, url)):
        return answer
    context = {"form": form, "row": row, "remaining": remaining, "can_refund": remaining.refundable.amount > 0}
    return render_popup(request, "transactions/refund.html", context, title=f"Refund – {row.label}", close_url=url)


def _refund(request: HttpRequest, form: RefundForm, row: Transaction, url: str) -> HttpResponseBase | None:
    cleaned = form.cleaned_data
    key = FormKey(key=cleaned["key"])
    given = {
        "payment": row,
        "amount": cleaned["money"],
        "to": cleaned["to"],
        "on": cleaned["date"],
        "reference": cleaned["reference"],
        "description": cleaned["description"],
        "close_invoice": cleaned.get("close_invoice", False),
    }
    try:
        out = refund_payment(**given, by=staff(request), key=key)
    except NeedsApproval as above:
        return ask_or_offer(request, form, above, action="payment.refund", given=given, client=row.client, key=key)
    except BusinessError as error:
        add_error(form, error)
        return None
    if key.repeated:
        return sent_before(request, key.repeated_text, events=EVENTS, fallback_url=url)
    to = "credit" if cleaned["to"] == "credit" else out.payment_method
    message = f"{money_text(out.amount_out)} refunded to {to}."
    shown = shown_or_404(out.pk)
    if shown.invoice is not None:
        owed = f"{money_text(shown.invoice.due)} is due on it" if shown.invoice.status == "unpaid" else "nobody owes it"
        message += f" {shown.invoice.label} is {shown.invoice.get_status_display()}; {owed}."
    return dialog_saved(request, message=message, events=EVENTS, fallback_url=url)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("transactions.reverse_payment")
def reverse_view(request: HttpRequest, transaction_pk: int) -> HttpResponseBase:
    """Undo a payment that did not last, and say before what that undoes."""
    row = shown_or_404(transaction_pk)
    url = reverse("transactions:detail", args=[transaction_pk])
    remaining = [each for each in remaining_of(parts_of(first_part(row))) if each.left.amount]
    may_bill = staff(request).has_perm("invoices.issue_invoice")
    missing = sum((each.spent for each in remaining if may_bill), Money(0, row.currency))
    form = ReversalForm(request.POST or None, payment=row, missing=missing)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        key = FormKey(key=cleaned["key"])
        bill = bool(cleaned.get("bill_missing"))
        if bill and not may_bill:
            raise PermissionDenied(missing_rights(["invoices.issue_invoice"]))
        given: dict[str, Any] = {
            "payment": row,
            "on": cleaned["date"],
            "fee": cleaned["fee_money"],
            "reference": cleaned["reference"],
            "description": cleaned["description"],
            **({"missing": missing} if bill else {}),
        }
        act, action = (book_chargeback, "payment.chargeback") if bill else (reverse_payment, "payment.reverse")
        try:
            done = act(**given, by=staff(request), key=key)
        except NeedsApproval as above:
            asked = ask_or_offer(request, form, above, action=action, given=given, client=row.client, key=key)
            if asked is not None:
                return asked
        except BusinessError as error:
            add_error(form, error)
        else:
            if key.repeated:
                return sent_before(request, key.repeated_text, events=EVENTS, fallback_url=url)
            return dialog_saved(request, message=_reversed(done), events=EVENTS, fallback_url=url)
    context = {"form": form, "row": row, **_undoing(remaining)}
    return render_popup(request, "transactions/reverse.html", context, title=f"Reverse {row.label}?", close_url=url)


def _undoing(remaining: list[Remaining]) -> dict[str, Any]:
    """What a reversal would undo, for its popup."""
    return {
        "remaining": remaining,
        "invoices": [each for each in remaining if each.row.invoice_label],
        "gave_credit": [each for each in remaining if each.grants],
        "total": sum((each.left for each in remaining[1:]), remaining[0].left) if remaining else None,
        "spent": any(each.spent.amount > 0 for each in remaining),
    }


def _reversed(done: Reversed | ChargedBack) -> str:
    if isinstance(done, ChargedBack):
        billed = done.invoice
        said = _reversed(done.reversal)
        return (
            said if billed is None else f"{said} {billed.label} bills the {money_text(billed.total)} that is missing."
        )
    said = f"Payment of {money_text(done.amount)} reversed."
    if labels := [row.invoice_label for row in done.transactions if row.invoice_id]:
        said += f" {', '.join(labels)} {'is' if len(labels) == 1 else 'are'} owed again."
    if done.credit_taken_back.amount:
        said += f" {money_text(done.credit_taken_back)} of credit was taken back."
    return said
