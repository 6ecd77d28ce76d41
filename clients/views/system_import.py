"""Settings: importing another system, from its database to the receipt."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db import transaction as db_transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from billing_admin.errors import BusinessError
from billing_admin.importing.background import INTERRUPTED, is_at_work, read_in_background
from billing_admin.importing.discard import discard
from billing_admin.importing.opening import open_import
from billing_admin.jobs.enqueue import enqueue_job
from billing_admin.jobs.pages import address_of, job_on_page, job_response
from billing_admin.models import STAGED, SystemImport
from billing_admin.models.staged import Outcome
from billing_admin.text import time_left
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, staff, vary_by_htmx
from billing_admin.web.limits import takes_long
from billing_admin.web.needs import needs
from clients.forms.system_import import ConnectForm, DecisionsForm, SwitchForm
from clients.selectors.import_figures import grids_of
from clients.selectors.system_import import (
    KINDS,
    MENDED,
    came_context,
    differing_context,
    left_behind,
    preview_context,
)
from clients.services.system_import.decisions import decide, questions, undecided
from clients.services.system_import.preview import rows_of
from clients.services.system_import.switch import preview_switch_over, switch_over
from clients.tasks import BOOK_IMPORT, JUDGE_IMPORT

_RIGHT = "billing_admin.import_system"
_ROWS_SHOWN = 50
_ROWS_PRINTED = 1_000
_LONGEST_ID = 200
# So long a process may take to begin to read, on a machine that is busy.
_SECONDS_TO_BEGIN = 20


def _import(pk: int) -> SystemImport:
    run = SystemImport.objects.filter(pk=pk).first()
    if run is None:
        raise Http404("There is no such import.")
    return run


@require_http_methods(["GET", "HEAD", "POST"])
@needs(_RIGHT)
def imports(request: HttpRequest) -> HttpResponseBase:
    """Connect to another system, which begins to be read; below, the imports that there were."""
    form = ConnectForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            run = open_import(system=form.cleaned_data["system"], source=form.cleaned_data["source"], by=staff(request))
        except BusinessError as error:
            add_error(form, error)
        else:
            db_transaction.on_commit(lambda: read_in_background(run, form.address))
            return HttpResponseRedirect(reverse("system_import", args=[run.pk]))
    status = HTTPStatus.UNPROCESSABLE_CONTENT if form.is_bound else HTTPStatus.OK
    runs = SystemImport.objects.order_by("-created_at")[:100]
    return render(request, "clients/system_imports.html", {"form": form, "runs": runs}, status=status)


@require_safe
@needs(_RIGHT)
def system_import(request: HttpRequest, import_pk: int) -> HttpResponseBase:
    """How far it is; once it was read what would become of it; once it was booked the comparison."""
    run = _import(import_pk)
    if _is_being_read(run) or run.error:
        return _reading(request, run)
    job = job_on_page(request, (JUDGE_IMPORT, BOOK_IMPORT), run.pk)
    if (answer := job_response(request, job)) is not None:
        return answer
    return _show(request, run, {"job": job})


def _show(
    request: HttpRequest, run: SystemImport, context: dict[str, Any], status: int = HTTPStatus.OK
) -> HttpResponse:
    job, at_work = context.get("job"), is_at_work(run)
    waits = run.state == SystemImport.State.READ or (run.state == SystemImport.State.COMMITTING and not at_work)
    context |= {"run": run, "at_work": at_work, "may_book": waits and not (job and job.goes_on)}
    if run.state in (SystemImport.State.READ, SystemImport.State.COMMITTING):
        context |= preview_context(run, run.preview, linked=True)
    elif run.state == SystemImport.State.DONE:
        context |= {"grids": grids_of(run)} | differing_context(run) | preview_context(run, run.receipt, linked=False)
    if run.state == SystemImport.State.READ and "form" not in context:
        asked = questions(run)
        context |= {"form": DecisionsForm(run=run, questions=asked), "undecided": undecided(run, asked)}
    return render(request, "clients/system_import.html", context, status=status)


def _is_being_read(run: SystemImport) -> bool:
    """Whether it has no preview yet, which the process that reads makes at the end."""
    return run.state == SystemImport.State.READING or (run.state == SystemImport.State.READ and not run.preview)


def _reading(request: HttpRequest, run: SystemImport) -> HttpResponseBase:
    """While it is read the page asks for this part of it again."""
    at_work = is_at_work(run)
    seconds = (timezone.now() - run.created_at).total_seconds()
    if not at_work:
        run.refresh_from_db()
        if not _is_being_read(run) and not run.error:
            return vary_by_htmx(leave_for(request, reverse("system_import", args=[run.pk])))
    context = {
        "run": run, "being_read": True, "problem": run.error or INTERRUPTED,
        "goes_on": not run.error and (at_work or seconds < _SECONDS_TO_BEGIN),
        "time_left": time_left(seconds, run.done, run.total) if run.state == SystemImport.State.READING else "",
    }  # fmt: skip
    part = request.headers.get("HX-Target") == "reading"
    if part and not context["goes_on"]:
        return vary_by_htmx(leave_for(request, reverse("system_import", args=[run.pk])))
    template = "clients/_system_import_reading.html" if part else "clients/system_import.html"
    return vary_by_htmx(render(request, template, context))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(_RIGHT)
def decide_import(request: HttpRequest, import_pk: int) -> HttpResponseBase:
    """Keep the answers and have the preview made anew."""
    run = _import(import_pk)
    if request.method != "POST":  # the form stands on the page of the import
        return HttpResponseRedirect(reverse("system_import", args=[run.pk]))
    form = DecisionsForm(request.POST, run=run, questions=questions(run))
    if form.is_valid():
        try:
            decide(run, form.answers)
        except BusinessError as error:
            add_error(form, error)
        else:
            job = enqueue_job(kind=JUDGE_IMPORT, subject=run.pk, by=staff(request))
            return HttpResponseRedirect(address_of(reverse("system_import", args=[run.pk]), job))
    return _show(request, run, {"form": form}, HTTPStatus.UNPROCESSABLE_CONTENT)


@require_safe
@needs(_RIGHT)
@takes_long
def import_rows(request: HttpRequest, import_pk: int, kind: str) -> HttpResponseBase:
    """The staged rows of one kind and outcome, or (`?outcome=mended`) those that were mended."""
    run = _import(import_pk)
    model = next((each for each in STAGED if each.kind == kind), None)
    outcome, after, like = (request.GET.get(name, "") for name in ("outcome", "after", "like"))
    if model is None or outcome not in (*Outcome.values, MENDED) or len(like) > _LONGEST_ID or "\x00" in like:
        raise Http404("There are no such rows.")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
    rows = rows_of(
        run, model, outcome="" if outcome == MENDED else outcome, changed=outcome == MENDED, like=like,
        after=start, limit=_ROWS_SHOWN + 1,
    )  # fmt: skip
    context = {
        "run": run, "kind": kind, "name": KINDS[kind], "rows": rows[:_ROWS_SHOWN], "outcome": outcome,
        "label": "Mended while reading" if outcome == MENDED else Outcome(outcome).label,
        "next": rows[_ROWS_SHOWN - 1]["id"] if len(rows) > _ROWS_SHOWN else None, "after": start,
        "like": like,
    }  # fmt: skip
    return render(request, "clients/system_import_rows.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(_RIGHT, fresh=True)
def commit_import(request: HttpRequest, import_pk: int) -> HttpResponseBase:
    """Ask whether all of it is to be booked, and have a queue worker do it."""
    run = _import(import_pk)
    url = reverse("system_import", args=[run.pk])
    if run.state not in (SystemImport.State.READ, SystemImport.State.COMMITTING):
        messages.warning(request, f"{run} is {run.get_state_display().lower()}; nothing was done.")
        return leave_for(request, url)
    if request.method == "POST":
        job = enqueue_job(kind=BOOK_IMPORT, subject=run.pk, by=staff(request))
        return leave_for(request, address_of(url, job))
    context = {"run": run, "undecided": undecided(run, questions(run)), "rows": left_behind(run)}
    return render_popup(request, "clients/system_import_commit.html", context, title="Book Import", close_url=url)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(_RIGHT)
def discard_import(request: HttpRequest, import_pk: int) -> HttpResponseBase:
    """Forget what was read."""
    run = _import(import_pk)
    url = reverse("system_import", args=[run.pk])
    if request.method == "POST":
        try:
            discard(run)
        except BusinessError as error:
            messages.warning(request, str(error))
            return leave_for(request, url)
        return leave_for(request, reverse("system_imports"), message=f"{run} discarded; nothing of it was booked.")
    return render_popup(
        request, "clients/system_import_discard.html", {"run": run}, title="Discard Import", close_url=url
    )


@require_safe
@needs(_RIGHT)
def receipt(request: HttpRequest, import_pk: int) -> HttpResponseBase:
    """What came, what did not, and the comparison: to print."""
    run = _booked(import_pk)
    context = {"run": run, "grids": grids_of(run), "is_receipt": True}
    context |= differing_context(run, _ROWS_PRINTED) | preview_context(run, run.receipt, linked=False)
    context |= came_context(run)
    return render(request, "clients/system_import_receipt.html", context)


@require_safe
@needs(_RIGHT)
def receipt_json(request: HttpRequest, import_pk: int) -> HttpResponseBase:
    """The same for a program."""
    run = _booked(import_pk)
    answer = JsonResponse({"receipt": run.receipt, "comparison": run.comparison}, json_dumps_params={"indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="import-{run.pk}.json"'
    return answer


def _booked(pk: int) -> SystemImport:
    run = _import(pk)
    if run.state != SystemImport.State.DONE:
        raise Http404("There is a receipt once it was booked.")
    return run


@require_http_methods(["GET", "HEAD", "POST"])
@needs(_RIGHT, fresh=True)
@takes_long
def switch_import(request: HttpRequest, import_pk: int) -> HttpResponseBase:
    """Look at what switching over would do, and do it."""
    run = _booked(import_pk)
    url = reverse("system_import", args=[run.pk])
    form = SwitchForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"run": run, "form": form}
    day = form.cleaned_data["day"] if form.is_bound and form.is_valid() else timezone.localdate()
    try:
        if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
            switch = switch_over(source=run.source, day=day, by=staff(request))
            return leave_for(request, url, message=f"Switched over: {switch.words}")
        context["switch"] = preview_switch_over(source=run.source, day=day)
    except BusinessError as error:
        context["problem"] = str(error)
    return render_popup(request, "clients/system_import_switch.html", context, title="Switch Over", close_url=url)
