"""Credit in bulk: upload a file, look at what it would do, book it, take it back."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing_admin.db.pagination import paginate
from billing_admin.errors import BusinessError
from billing_admin.jobs.enqueue import enqueue_job
from billing_admin.jobs.pages import ShownJob, address_of, job_on_page, job_response
from billing_admin.listing.pages import show_list
from billing_admin.models import Job
from billing_admin.money.amounts import totals_text
from billing_admin.rights import missing_rights
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.limits import takes_long
from billing_admin.web.needs import needs
from billing_admin.web.waiting_files import WaitingFile
from clients.models import LimitSettings, NeedsApproval
from clients.views.asking import ask_or_offer
from credits.forms import BookBatchForm, ReasonForm, UploadForm
from credits.lists import BatchList
from credits.models import CreditBatch, CreditBatchRow
from credits.selectors import batches as parts
from credits.services.bulk.book import earlier_booking_of
from credits.services.bulk.columns import COLUMNS, REQUIRED
from credits.services.bulk.upload import discard_credit_file, upload_credit_file
from credits.services.ledger import amounts_of
from credits.services.limits import look_at_bulk_limits, rows_above_limit
from credits.tasks import BOOK_BATCH, READ_BATCH, REVERSE_BATCH

# How many files that wait the page of the upload names.
WAITING_SHOWN = 50
GONE = "There is no such batch; a preview is kept for a day."


@require_safe
@needs("credits.view_credit")
def batches(request: HttpRequest) -> HttpResponseBase:
    """What was given in bulk, the latest first, and what is left of it."""
    return show_list(request, "credits/batches.html", BatchList.asked_for(request))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("credits.give_bulk_credit")
@takes_long
def upload(request: HttpRequest) -> HttpResponseBase:
    """Take a file and go to its preview, which a queue worker makes of a large one; nothing is booked yet."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = upload_credit_file(name=file.name, content=file.read(), by=staff(request))
        except BusinessError as error:
            add_error(form, error)
        else:
            return HttpResponseRedirect(url_of_uploaded(request, batch))
    return _upload_page(request, form)


def _upload_page(request: HttpRequest, form: UploadForm, job: ShownJob | None = None) -> HttpResponseBase:
    context = {
        "form": form,
        "job": job,
        "columns": [(column.name, column.name in REQUIRED) for column in COLUMNS],
        "waiting": [_waiting_file(batch) for batch in parts.waiting_batches()[:WAITING_SHOWN]],
    }
    status = HTTPStatus.UNPROCESSABLE_CONTENT if form.is_bound else HTTPStatus.OK
    return render(request, "credits/upload.html", context, status=status)


def _waiting_file(batch: CreditBatch) -> WaitingFile:
    about = f"{batch.row_count:,}" if batch.is_read else "not read yet"
    address = reverse("credits:batch", args=[batch.pk])
    return WaitingFile(address, batch.file_name, about, batch.created_by_name, batch.created_at)


def url_of_uploaded(request: HttpRequest, batch: CreditBatch) -> str:
    """Where a batch is looked at; one that is not read yet is asked for."""
    url = reverse("credits:batch", args=[batch.pk])
    if batch.is_read:
        return url
    return address_of(url, enqueue_job(kind=READ_BATCH, subject=batch.pk, by=staff(request)))


def _have_read(request: HttpRequest, batch_id: UUID) -> HttpResponseBase:
    asked = enqueue_job(kind=READ_BATCH, subject=batch_id, by=staff(request))
    return HttpResponseRedirect(address_of(reverse("credits:batch", args=[batch_id]), asked))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("credits.view_credit", to_send="credits.give_bulk_credit")
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponseBase:
    """A preview with a result per row; POST asks a queue worker to book it. Once booked: what was given.

    Before it is read: how far that is; POST asks for it once more. What was refused on reading is gone, and says why.
    """
    found = CreditBatch.objects.filter(pk=batch_id).first()
    kinds = (READ_BATCH, BOOK_BATCH, REVERSE_BATCH)
    job = job_on_page(request, kinds, batch_id) if request.method != "POST" else None
    if found is None and (job is None or job.job.state == Job.State.DONE):
        raise Http404(GONE)
    if not (found and found.booked_at) and not staff(request).has_perm("credits.give_bulk_credit"):
        raise PermissionDenied(missing_rights(["credits.give_bulk_credit"]))
    if (answer := job_response(request, job)) is not None:
        return answer
    if found is None:
        return _upload_page(request, UploadForm(), job)
    if found.booked_at and request.method != "POST":
        return _booked(request, found, job)
    if not found.is_read:
        if request.method == "POST":
            return _have_read(request, batch_id)
        return render(request, "credits/reading.html", {"batch": found, "job": job})
    figures = parts.figures_of(found)
    before = None if found.booked_at else earlier_booking_of(found)
    waiting = parts.request_for(found)
    form = BookBatchForm(
        request.POST if request.method == "POST" else None,
        bad=figures.bad,
        before=before is not None,
        above="" if LimitSettings.objects.are_on() else rows_above_limit(found),
    )
    if request.method == "POST" and waiting is not None:
        return HttpResponseRedirect(reverse("approval", args=[waiting.pk]))
    if request.method == "POST" and form.is_valid() and (answer := _needs_approval(request, found, form, figures)):
        return answer
    if request.method == "POST" and not form.errors:
        asked = enqueue_job(kind=BOOK_BATCH, subject=batch_id, by=staff(request), **form.cleaned_data)
        return HttpResponseRedirect(address_of(request.path, asked))
    outcome = request.GET.get("show", "")
    outcome = outcome if outcome in CreditBatchRow.Outcome.values else ""
    page = paginate(
        parts.rows_of(found, outcome), request.GET, sorts={"line": "line"}, default="line", noun="row", nouns="rows"
    )
    names = parts.names_of(page.rows)
    context: dict[str, Any] = {
        "batch": found,
        "job": job,
        "waiting": waiting,
        "form": form,
        "figures": figures,
        "before": before,
        "page": page,
        "rows": [(row, names.get(row.client_key or 0)) for row in page.rows],
        "totals": totals_text(figures.totals),
        "outcome": outcome,
    }
    status = HTTPStatus.UNPROCESSABLE_CONTENT if form.is_bound else HTTPStatus.OK
    return render(request, "credits/preview.html", context, status=status)


def _needs_approval(
    request: HttpRequest, found: CreditBatch, form: BookBatchForm, figures: parts.BatchFigures
) -> HttpResponseBase | None:
    """The answer where approval was asked for; where it is needed and was not, the form says so."""
    try:
        look_at_bulk_limits(found, by=staff(request))
    except NeedsApproval as above:
        totals = {code: str(amount) for code, amount in figures.totals.items()}
        return ask_or_offer(
            request, form, above, action="credit.bulk", client=None, subject=found.file_name, uploader=found.created_by,
            given={"batch_id": found.pk, "totals": totals, **form.cleaned_data},
        )  # fmt: skip
    return None


def _batch(batch_id: UUID) -> CreditBatch:
    found = CreditBatch.objects.filter(pk=batch_id).first()
    if found is None:
        raise Http404(GONE)
    return found


def _booked(request: HttpRequest, found: CreditBatch, job: ShownJob | None) -> HttpResponseBase:
    page = paginate(
        parts.grants_of(found), request.GET, sorts={"id": "id"}, default="id", noun="credit", nouns="credits"
    )
    context = {
        "batch": found,
        "job": job,
        "page": page,
        "given": amounts_of(found.totals),
        "left": parts.left_of([found])[found.pk],
    }
    return render(request, "credits/batch.html", context)


@needs("credits.give_bulk_credit")
@require_POST
def discard(request: HttpRequest, batch_id: UUID) -> HttpResponseBase:
    """Throw a preview away."""
    job = job_on_page(request, [BOOK_BATCH], batch_id)
    if job and job.goes_on:
        messages.warning(request, "This file is being booked already; nothing was discarded.")
        return HttpResponseRedirect(reverse("credits:batch", args=[batch_id]))
    try:
        gone = discard_credit_file(batch_id=batch_id)
    except BusinessError as error:
        messages.warning(request, str(error))
        return HttpResponseRedirect(reverse("credits:batch", args=[batch_id]))
    said = "The preview was discarded; nothing was booked." if gone else "This preview is no longer kept."
    messages.info(request, said)
    return HttpResponseRedirect(reverse("credits:batches"))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("credits.remove_credit")
def reverse_batch(request: HttpRequest, batch_id: UUID) -> HttpResponseBase:
    """Say what can be taken back and what stays, then have it done by a queue worker."""
    found = _batch(batch_id)
    url = reverse("credits:batch", args=[batch_id])
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        asked = enqueue_job(kind=REVERSE_BATCH, subject=batch_id, by=staff(request), reason=form.cleaned_data["reason"])
        return leave_for(request, address_of(url, asked))
    given, left = amounts_of(found.totals), parts.left_of([found])[found.pk]
    gone = {code: amount - left.get(code, 0) for code, amount in given.items() if amount != left.get(code, 0)}
    context = {
        "batch": found,
        "form": form,
        "left": totals_text(left) if left else "",
        "gone": totals_text(gone) if gone else "",
    }
    return render_popup(request, "credits/reverse_batch.html", context, title="Take this batch back?", close_url=url)
