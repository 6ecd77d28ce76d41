"""Record Payment: a popup on the invoice page."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import as_text
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import announce, dialog_saved, is_for_dialog, render_popup, staff
from invoices.models import Invoice
from transactions.forms import PaymentForm
from transactions.services.record import Recorded, record_payment


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
        if recorded.repeated:
            return _told_again(request, recorded, url)
        return dialog_saved(
            request,
            message=_what_happened(recorded, Invoice.objects.get(pk=pk)),
            events=["paymentsChanged", "invoicesChanged", "creditsChanged"],
            fallback_url=url,
        )
    context = {"form": form, "invoice": invoice, "takes_payment": invoice.status == Invoice.Status.UNPAID}
    return render_popup(
        request, "transactions/record.html", context, title=f"Record Payment – {invoice.label}", close_url=url
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
    except BusinessError as error:
        add_error(form, error)
        return None


def _what_happened(recorded: Recorded, invoice: Invoice) -> str:
    said = f"Payment of {as_text(recorded.transaction.amount_in + recorded.overpaid)} recorded for {invoice.label}."
    if recorded.overpaid.amount:
        said += f" {as_text(recorded.overpaid)} more than was due became credit."
    left = f"{as_text(invoice.due)} is still due." if invoice.due.amount else "Nothing is due, it is Paid."
    return f"{said} {left}"


def _told_again(request: HttpRequest, recorded: Recorded, url: str) -> HttpResponseBase:
    """The same payment came a second time: nothing was done, so it is not told as a success."""
    first = recorded.transaction
    amount = as_text(first.amount_in + recorded.overpaid)
    day = timezone.localtime(first.created_at)
    message = (
        f"This payment of {amount} for {first.invoice_label} was already recorded on {day:%-d %b %Y} by "
        f"{first.created_by_name}; nothing more was recorded."
    )
    if not is_for_dialog(request):
        messages.warning(request, message)
        return HttpResponseRedirect(url)
    closed = trigger_client_event(HttpResponse(status=204), "dialogClose")
    return announce(closed, "paymentsChanged", "invoicesChanged", message=message, level="attention")
