"""The Runs page: what the invoice runs did, starting and cancelling one, and trying a client again."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing_admin.db.pagination import paginate
from billing_admin.errors import BusinessError
from billing_admin.jobs.daily import last_daily_tasks
from billing_admin.listing.pages import show_list
from billing_admin.rights import missing_rights
from billing_admin.seen import ChangedMeanwhile
from billing_admin.text import pluralize
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import HtmxHttpRequest, leave_for, render_popup, staff, vary_by_htmx
from billing_admin.web.needs import needs
from billing_admin.web.replica import shows_work
from clients.models import FormKey
from invoices.forms.runs import RunLimitsForm, StartRunForm, TryAgainForm
from invoices.lists import RunList
from invoices.models import InvoiceRun, InvoiceRunError, RunLimits
from invoices.selectors.runs import errors_of, runs_list, shown_runs
from invoices.services.runs.limits import set_run_limits
from invoices.services.runs.start import bill_client_again, cancel_run, start_run


@require_safe
@needs("invoices.view_invoice")
@shows_work
def runs(request: HttpRequest) -> HttpResponseBase:
    """Every run, the latest first, and what was done daily."""
    return show_list(request, "invoices/runs.html", RunList.asked_for(request), tasks=last_daily_tasks())


@require_safe
@needs("invoices.view_invoice")
@shows_work
def run(request: HtmxHttpRequest, run_pk: int) -> HttpResponse:
    """One run; while it goes on, its figures refresh themselves. `?unbilled=1` shows only who is still due."""
    found = _run(run_pk)
    unbilled = request.GET.get("unbilled") == "1"
    page = paginate(
        errors_of(found, unbilled=unbilled),
        request.GET,
        sorts={"id": "id"},
        default="id",
        noun="client",
        nouns="clients",
    )
    (current,) = shown_runs([found])
    context: dict[str, Any] = {"run": found, "shown": current, "page": page, "unbilled": unbilled}
    template = "invoices/run.html#run" if request.htmx else "invoices/run.html"
    return vary_by_htmx(render(request, template, context))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.generate_invoices")
def start(request: HttpRequest) -> HttpResponseBase:
    """Ask for a run; a queue worker does it."""
    today = timezone.localdate()
    initial = {"as_of": request.GET.get("as_of") or today, "dry_run": "as_of" not in request.GET}
    form = StartRunForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            key = FormKey(key=form.cleaned_data.pop("key"))
            started = start_run(**form.cleaned_data, today=today, by=staff(request), key=key)
        except BusinessError as error:
            add_error(form, error)
        else:
            if key.repeated:
                messages.warning(request, key.repeated_text)
            return leave_for(request, reverse("invoices:run", args=[started.pk]))
    return render_popup(
        request, "invoices/start_run.html", {"form": form}, title="Run Invoices", close_url=reverse("invoices:runs")
    )


@needs("invoices.generate_invoices")
@require_POST
def cancel(request: HttpRequest, run_pk: int) -> HttpResponseBase:
    """Let a run end after the clients at hand."""
    try:
        cancelled = cancel_run(run=_run(run_pk), by=staff(request))
    except BusinessError as error:
        messages.warning(request, str(error))
    else:
        said = "The run ends after the clients at hand. What it has billed stays."
        messages.info(request, said if cancelled.is_unfinished else "The run was cancelled before it began.")
    return HttpResponseRedirect(reverse("invoices:run", args=[run_pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.generate_invoices")
def try_again(request: HttpRequest, error_pk: int) -> HttpResponseBase:
    """Bill just the client that a run could not bill."""
    unbilled = InvoiceRunError.objects.select_related("run", "client").filter(pk=error_pk).first()
    if unbilled is None:
        raise Http404("There is no such error of a run.")
    url = reverse("invoices:run", args=[unbilled.run_id])
    may_exceed = request.user.has_perm("invoices.change_runlimits")
    if not may_exceed and request.POST.get("beyond_limits"):
        raise PermissionDenied(missing_rights(["invoices.change_runlimits"]))
    form = TryAgainForm(request.POST if request.method == "POST" else None, may_exceed=may_exceed)
    if request.method == "POST" and form.is_valid():
        try:
            done = bill_client_again(
                error=unbilled, beyond_limits=form.cleaned_data.get("beyond_limits", False), by=staff(request)
            )
        except BusinessError as error:
            add_error(form, error)
        else:
            if again := done.errors.first():
                form.add_error(None, again.reason)
            else:
                said = f"{pluralize(done.invoice_count, 'invoice')} issued to {unbilled.client.name}."
                return leave_for(request, url, message=said)
    title = f"Bill {unbilled.client.name} again?"
    context = {"form": form, "error": unbilled}
    return render_popup(request, "invoices/try_again.html", context, title=title, close_url=url)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.view_invoice", to_send="invoices.change_runlimits")
def run_limits(request: HttpRequest) -> HttpResponseBase:
    """From which figures on a run parks a client. Those with the right change it, others see it."""
    form = RunLimitsForm(request.POST if request.method == "POST" else None, limits=RunLimits.objects.current())
    if request.method == "POST" and form.is_valid():
        try:
            set_run_limits(**form.cleaned_data, by=staff(request))
        except ChangedMeanwhile as error:
            form.refuse(error)
        except BusinessError as error:
            messages.warning(request, str(error))
            return HttpResponseRedirect(reverse("invoices:run_limits"))
        else:
            messages.success(request, "Runs that start from now on keep to these limits.")
            return HttpResponseRedirect(reverse("invoices:run_limits"))
    status = HTTPStatus.UNPROCESSABLE_CONTENT if form.is_bound else HTTPStatus.OK
    return render(request, "invoices/run_limits.html", {"form": form}, status=status)


def _run(run_pk: int) -> InvoiceRun:
    found = runs_list().filter(pk=run_pk).first()
    if found is None:
        raise Http404("There is no such invoice run.")
    return found
