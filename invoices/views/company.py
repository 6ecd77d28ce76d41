"""The company, how documents look with it, and its exchange rates: pages of the settings."""

import base64
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from billing_admin.db.pagination import paginate
from billing_admin.documents import NotDrawn, draw
from billing_admin.errors import BusinessError
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import staff
from billing_admin.web.limits import takes_long
from billing_admin.web.needs import needs
from invoices.documents.company_preview import preview_of
from invoices.forms.company import CompanyForm, ExchangeRateForm
from invoices.models import SellerVersion
from invoices.selectors.exchange_rates import exchange_rates
from invoices.services.company import columns_of, company_fields, save_company
from invoices.services.exchange_rates import set_rate

_may_change = needs("invoices.change_seller")


@require_http_methods(["GET", "HEAD", "POST"])
@_may_change
@takes_long
def company(request: HttpRequest) -> HttpResponseBase:
    """Who issues the invoices, and beside it what a document then looks like."""
    current = SellerVersion.objects.current()
    sent = request.method == "POST"
    form = CompanyForm(request.POST if sent else None, request.FILES if sent else None, company=current)
    if sent and form.is_valid():
        url = reverse("invoices:company")
        try:
            save_company(by=staff(request), seen=form.cleaned_data["seen"], logo=form.logo, **form.typed())
        except BusinessError as error:
            form.refuse(error)
        else:
            messages.success(request, "Company saved. It is on what is issued from now on; what is issued stays.")
            return HttpResponseRedirect(url)
    status = HTTPStatus.UNPROCESSABLE_CONTENT if sent else HTTPStatus.OK
    return render(request, "invoices/company.html", {"form": form, "company": current}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@_may_change
@takes_long
def company_preview(request: HttpRequest) -> HttpResponseBase:
    """A picture of a document with what is typed and can be read; the rest as it is stored."""
    current = SellerVersion.objects.current()
    typed = {}
    if request.method == "POST":
        form = CompanyForm(request.POST, company=current)
        form.is_valid()
        typed = {name: form.cleaned_data[name] for name in form.shown if name in form.cleaned_data}
    drawn, problem = b"", ""
    try:
        drawn = _drawn(
            SellerVersion(**columns_of(company_fields(current) | typed), logo=current.logo if current else None)
        )
    except BusinessError as error:
        problem = str(error)
    context = {"picture": base64.b64encode(drawn).decode(), "problem": problem}
    return render(request, "invoices/company.html#preview", context)


@require_safe
@_may_change
@takes_long
def company_picture(request: HttpRequest) -> HttpResponseBase:
    """The same of what is stored."""
    current = SellerVersion.objects.current()
    if current is None:
        raise Http404("The company is not filled in yet.")
    try:
        return _png(_drawn(current))
    except NotDrawn as error:
        return HttpResponse(str(error), "text/plain", HTTPStatus.UNPROCESSABLE_CONTENT)


@require_safe
@_may_change
def company_logo(request: HttpRequest) -> HttpResponseBase:
    """The logo as it was redrawn; never the file that was uploaded."""
    current = SellerVersion.objects.current()
    if current is None or current.logo is None:
        raise Http404("The company has no logo.")
    return _png(bytes(current.logo.png))


@require_http_methods(["GET", "HEAD", "POST"])
@_may_change
def rates(request: HttpRequest) -> HttpResponseBase:
    """What foreign currencies are worth, the latest first, and the form that sets one."""
    company = SellerVersion.objects.current()
    sent = request.POST if request.method == "POST" else None
    accounting = company.accounting_currency if company else ""
    form = ExchangeRateForm(sent, accounting=accounting, initial={"day": timezone.localdate()})
    if sent is not None and form.is_valid():
        try:
            made = set_rate(**form.cleaned_data, by=staff(request))
        except BusinessError as error:
            add_error(form, error)
        else:
            messages.success(request, f"{made} from {made.day:%-d %b %Y} on.")
            return HttpResponseRedirect(reverse("invoices:exchange_rates"))
    sorts = {"day": "day"}
    page = paginate(exchange_rates(), request.GET, sorts=sorts, default="-day", noun="rate", nouns="rates")
    status = HTTPStatus.UNPROCESSABLE_CONTENT if sent is not None else HTTPStatus.OK
    return render(
        request, "invoices/exchange_rates.html", {"form": form, "page": page, "company": company}, status=status
    )


def _drawn(company: SellerVersion) -> bytes:
    logo = bytes(company.logo.png) if company.logo else None
    return draw(preview_of(company, timezone.localdate(), logo)).content


def _png(content: bytes) -> HttpResponse:
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="image/png", headers=headers)
