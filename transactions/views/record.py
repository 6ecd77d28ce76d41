"""Record Payment: a popup on the invoice page."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from djmoney.money import Money

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import dialog_saved, render_popup, sent_before, staff
from billing_admin.web.needs import needs
from clients.models import FormKey
from invoices.models import Invoice
from transactions.forms import PaymentForm
from transactions.services.receive import Receipt, receive_payment

from .add import EVENTS, recorded_before


@require_http_methods(["GET", "HEAD", "POST"])
@needs("transactions.record_payment")
def record(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Record a payment of this invoice; what is more than due becomes credit, and the message says so."""
    invoice = Invoice.objects.as_stored(pk)
    if invoice is None:
        raise Http404("There is no such invoice.")
    url = reverse("invoices:detail", args=[pk])
    form = PaymentForm(request.POST or None, invoice=invoice)
    if request.method == "POST" and form.is_valid() and (receipt := _record(request, form, invoice)):
        if receipt.repeated:
            return sent_before(request, recorded_before(receipt), events=EVENTS, fallback_url=url)
        message = _what_happened(receipt, form.cleaned_data["money"], Invoice.objects.as_stored(pk))
        return dialog_saved(request, message=message, events=EVENTS, fallback_url=url)
    context = {"form": form, "invoice": invoice, "takes_payment": invoice.takes_payment}
    return render_popup(
        request, "transactions/record.html", context, title=f"Record Payment – {invoice.label}", close_url=url
    )


def _record(request: HttpRequest, form: PaymentForm, invoice: Invoice) -> Receipt | None:
    cleaned = form.cleaned_data
    try:
        return receive_payment(
            invoices=[invoice],
            amount=cleaned["money"],
            payment_method=cleaned["payment_method"],
            by=staff(request),
            on=cleaned["date"],
            reference=cleaned["reference"],
            fees=cleaned["fees_money"],
            description=cleaned["description"],
            key=FormKey(key=cleaned["key"]),
        )
    except BusinessError as error:
        add_error(form, error)
        return None


def _what_happened(receipt: Receipt, amount: Money, invoice: Invoice | None) -> str:
    assert invoice is not None  # it has a payment
    said = f"Payment of {money_text(amount)} recorded for {invoice.label}."
    if receipt.credited.amount:
        said += f" {money_text(receipt.credited)} more than was due became credit."
    for each in receipt.taken_back:
        said += f" {each.sentence}"
    nothing_due = f"Nothing is due, it is {invoice.get_status_display()}."
    left = f"{money_text(invoice.due)} is still due." if invoice.due.amount else nothing_due
    return f"{said} {left}"
