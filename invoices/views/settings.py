"""Tax and Numbering: pages of the settings."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.seen import ChangedMeanwhile
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.needs import needs
from invoices.forms.settings import ExemptReasonForm, PrefixForm, PricesForm, TaxRateForm
from invoices.models import NumberFormat, TaxRate, TaxSettings
from invoices.models.number_series import Document
from invoices.selectors.numbering import next_label
from invoices.selectors.tax import tax_rates
from invoices.services.numbering import set_prefix
from invoices.services.tax_settings import (
    add_tax_rate,
    change_tax_rate,
    remove_tax_rate,
    set_exempt_reason,
    set_prices_include_tax,
)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.view_invoice", to_send="invoices.change_tax")
def tax(request: HttpRequest) -> HttpResponseBase:
    """The rates per country, and the switch for prices that include tax."""
    current = TaxSettings.objects.current()
    sent = request.POST if request.method == "POST" else None
    says_reason = sent is not None and "exempt_reason" in sent
    prices = PricesForm(None if says_reason else sent, current=current)
    reason = ExemptReasonForm(sent if says_reason else None, current=current)
    form = reason if says_reason else prices
    if sent is not None and form.is_valid():
        try:
            messages.success(request, _set_tax(form, staff(request)))
        except ChangedMeanwhile as error:
            form.refuse(error)
        except BusinessError as error:
            messages.warning(request, str(error))
            return HttpResponseRedirect(reverse("invoices:tax"))
        else:
            return HttpResponseRedirect(reverse("invoices:tax"))
    status = HTTPStatus.UNPROCESSABLE_CONTENT if form.is_bound else HTTPStatus.OK
    context = {"form": prices, "reason": reason, "rates": tax_rates()}
    return render(request, "invoices/tax.html", context, status=status)


def _set_tax(form: PricesForm | ExemptReasonForm, by: Actor) -> str:
    """Store what one of the two forms says, and tell it."""
    typed, seen = form.cleaned_data, form.cleaned_data["seen"]
    if isinstance(form, PricesForm):
        now = set_prices_include_tax(included=typed["prices"] == "included", by=by, seen=seen)
        return f"{now} from now on; issued invoices and drafts stay as they are."
    now = set_exempt_reason(reason=typed["exempt_reason"], by=by, seen=seen)
    said = f"“{now.exempt_reason}”" if now.exempt_reason else "no reason of their own"
    return f"Exempt lines say {said} from now on."


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.change_tax")
def add_rate(request: HttpRequest) -> HttpResponseBase:
    """Give a country its usual rate."""
    form = TaxRateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            cleaned = form.cleaned_data
            made = add_tax_rate(
                country=cleaned["country"],
                name=cleaned["name"],
                rate=cleaned["rate"],
                category=cleaned["category"],
                reason=cleaned["reason"],
                by=staff(request),
            )
        except BusinessError as error:
            add_error(form, error)
        else:
            where = made.country or "Every other country"
            return leave_for(request, reverse("invoices:tax"), message=f"{where} is taxed at {made} from now on.")
    return render_popup(
        request, "invoices/tax_rate.html", {"form": form}, title="Add Tax Rate", close_url=reverse("invoices:tax")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.change_tax")
def edit_rate(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give a country another rate, or take it away."""
    tax_rate = TaxRate.objects.filter(pk=pk).first()
    if tax_rate is None:
        raise Http404("There is no such tax rate.")
    where = tax_rate.country or "Every other country"
    url = reverse("invoices:tax")
    form = TaxRateForm(request.POST if request.method == "POST" else None, tax_rate=tax_rate)
    if request.method == "POST" and ("remove" in request.POST or form.is_valid()):
        try:
            if "remove" in request.POST:
                gone = remove_tax_rate(tax_rate=tax_rate, by=staff(request))
                return leave_for(request, url, message=f"{where} is not taxed at {gone} any more.")
            seen = form.cleaned_data["seen"]
            changed = change_tax_rate(tax_rate=tax_rate, **form.typed(), by=staff(request), seen=seen)
        except BusinessError as error:
            form.refuse(error)
        else:
            return leave_for(request, url, message=f"{where} is taxed at {changed} from now on.")
    context = {"form": form, "tax_rate": tax_rate}
    return render_popup(request, "invoices/tax_rate.html", context, title=f"Tax: {where}", close_url=url)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.change_numbering")
def numbering(request: HttpRequest) -> HttpResponseBase:
    """What stands before the numbers, one form for each kind of document."""
    sent = request.POST.get("document", "") if request.method == "POST" else ""
    forms = [
        PrefixForm(
            request.POST if sent == document else None,
            document=document,
            prefix=NumberFormat.objects.prefix_of(document),
        )
        for document in Document
    ]
    for form in forms:
        if form.is_bound and form.is_valid():
            try:
                seen, prefix = form.cleaned_data["seen"], form.cleaned_data["begins_with"]
                set_prefix(document=form.document, prefix=prefix, by=staff(request), seen=seen)
            except ChangedMeanwhile as error:
                form.refuse(error)
            except BusinessError as error:
                form.add_error("begins_with", str(error))
            else:
                label = next_label(form.document, timezone.localdate())
                messages.success(request, f"The next {form.document.label.lower()} gets the number {label}.")
                return HttpResponseRedirect(reverse("invoices:numbering"))
    faulty = any(form.is_bound for form in forms) or bool(request.method == "POST")
    today = timezone.localdate()
    context = {"series": [(form, next_label(form.document, today)) for form in forms]}
    status = HTTPStatus.UNPROCESSABLE_CONTENT if faulty else HTTPStatus.OK
    return render(request, "invoices/numbering.html", context, status=status)
