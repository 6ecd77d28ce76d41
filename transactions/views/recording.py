"""Record Payment: a popup on the invoice page."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.form_fields import add_refusal
from billing_admin.http import dialog_saved, render_popup, staff
from billing_admin.money.amounts import AmountRefused, as_text
from billing_admin.refusals import Refused
from invoices.models import Invoice
from transactions.forms import PaymentForm
from transactions.services.recording import Recorded, record_payment


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("transactions.record_payment", raise_exception=True)
def record(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Record a payment of this invoice; what is more than due becomes credit, and the message says so."""
    invoice = Invoice.objects.select_related("client").filter(pk=pk).first()
    if invoice is None:
        raise Http404("There is no such invoice.")
    url = reverse("invoices:detail", args=[pk])
    form = PaymentForm(request.POST or None, invoice=invoice)
    if request.method == "POST" and form.is_valid() and (recorded := _record(request, form, invoice)):
        return dialog_saved(
            request,
            message=_what_happened(recorded, invoice),
            events=["paymentsChanged", "invoicesChanged", "creditsChanged"],
            fallback_url=url,
        )
    return render_popup(
        request,
        "transactions/record.html",
        {"form": form, "invoice": invoice},
        title=f"Record Payment – {invoice.label}",
        close_url=url,
    )


def _record(request: HttpRequest, form: PaymentForm, invoice: Invoice) -> Recorded | None:
    cleaned = form.cleaned_data
    try:
        return record_payment(
            invoice=invoice,
            amount=cleaned["money"],
            payment_method=cleaned["payment_method"],
            by=staff(request),
            on=cleaned["date"],
            reference=cleaned["reference"],
            fees=cleaned["fees_money"],
            description=cleaned["description"],
            idempotency_key=cleaned["key"],
        )
    except (Refused, AmountRefused) as refused:
        add_refusal(form, refused)
        return None


def _what_happened(recorded: Recorded, invoice: Invoice) -> str:
    amount = as_text(recorded.transaction.amount_in + recorded.overpaid)
    if recorded.repeated:
        return f"This payment of {amount} had already been recorded; nothing more was booked."
    said = f"Payment of {amount} recorded for {invoice.label}."
    if recorded.overpaid.amount:
        said += f" {as_text(recorded.overpaid)} more than was due became credit."
    return said
