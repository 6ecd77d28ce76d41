"""Add Transaction, for a client or for nobody yet, and attaching money of nobody."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import dialog_saved, render_popup, sent_before, staff
from billing_admin.web.needs import needs
from clients.decorators import client_from_url as with_client
from clients.models import Client, FormKey
from invoices.selectors.lists import invoices_list
from transactions.forms import AddTransactionForm, AttachForm
from transactions.services.attach import attach_money
from transactions.services.importing.waiting import candidates_of_waiting
from transactions.services.receive import Receipt, receive_payment, used_for

from .detail import shown_or_404

EVENTS = ("paymentsChanged", "invoicesChanged", "creditsChanged")

# How many unpaid invoices the popup names.
_NAMED = 5


@require_http_methods(["GET", "HEAD", "POST"])
@needs("transactions.record_payment")
def add(request: HttpRequest) -> HttpResponseBase:
    """Money that came in, from a client that is named or from nobody known."""
    return _add(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("transactions.record_payment")
@with_client
def add_for_client(request: HttpRequest, client: Client) -> HttpResponseBase:
    """Money that came in from this client."""
    return _add(request, client)


def _add(request: HttpRequest, client: Client | None) -> HttpResponseBase:
    url = reverse("transactions:of_client", args=[client.number]) if client else reverse("transactions:list")
    form = AddTransactionForm(request.POST or None, client=client)
    if request.method == "POST" and form.is_valid() and (receipt := _receive(request, form)):
        if receipt.repeated:
            return sent_before(request, recorded_before(receipt), events=EVENTS, fallback_url=url)
        return dialog_saved(request, message=_what_happened(receipt), events=EVENTS, fallback_url=url)
    unpaid = invoices_list().filter(status="unpaid", client=client).order_by("pk")[: _NAMED + 1] if client else []
    context = {"form": form, "client": client, "unpaid": list(unpaid), "named": _NAMED}
    title = f"Add Transaction – {client.name}" if client else "Add Transaction"
    return render_popup(request, "transactions/add.html", context, title=title, close_url=url)


def _receive(request: HttpRequest, form: AddTransactionForm) -> Receipt | None:
    cleaned = form.cleaned_data
    try:
        return receive_payment(
            client=cleaned["owner"],
            amount=cleaned["money"],
            payment_method=cleaned["payment_method"],
            by=staff(request),
            invoices=cleaned["invoice_rows"],
            on=cleaned["date"],
            reference=cleaned["reference"],
            fees=cleaned["fees_money"],
            description=cleaned["description"],
            key=FormKey(key=cleaned["key"]),
        )
    except BusinessError as error:
        add_error(form, error)
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@needs("transactions.record_payment")
def attach(request: HttpRequest, transaction_pk: int) -> HttpResponseBase:
    """Say whose unattached money it is; what is attached stays attached."""
    row = shown_or_404(transaction_pk)
    url = reverse("transactions:detail", args=[transaction_pk])
    chosen = {name: request.GET[name] for name in ("client", "invoices") if name in request.GET}
    form = AttachForm(request.POST or None, initial=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            receipt = attach_money(
                transaction=row,
                client=form.cleaned_data["owner"],
                by=staff(request),
                invoices=form.cleaned_data["invoice_rows"],
            )
        except BusinessError as error:
            add_error(form, error)
        else:
            message = f"{money_text(row.amount_in)} attached to {receipt.transaction.client_name}: {used_for(receipt)}."
            return dialog_saved(request, message=message + _unreached(receipt), events=EVENTS, fallback_url=url)
    context = {"form": form, "row": row, "candidates": candidates_of_waiting([row]).get(row.pk, [])}
    return render_popup(request, "transactions/attach.html", context, title="Attach to a Client", close_url=url)


def _what_happened(receipt: Receipt) -> str:
    row = receipt.transaction
    total = sum((part for _, part in receipt.paid), receipt.credited)
    if row.is_unattached:
        return f"Payment of {money_text(row.amount_in)} recorded. It is not attached to a client yet."
    return f"Payment of {money_text(total)} recorded: {used_for(receipt)}.{_unreached(receipt)}"


def _unreached(receipt: Receipt) -> str:
    return f" Nothing was left for {', '.join(receipt.unreached)}." if receipt.unreached else ""


def recorded_before(receipt: Receipt) -> str:
    """The same payment came a second time, by the same form or under the same reference: by whom it was recorded."""
    first = receipt.transaction
    day = timezone.localtime(first.created_at)
    return (
        f"This payment was already recorded on {day:%-d %b %Y} by {first.created_by_name} ({used_for(receipt)}); "
        "nothing more was recorded."
    )
