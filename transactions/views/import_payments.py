"""Import Payments: upload a file, answer what it leaves open, look at what would become of each row, book it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.csv_files.open_questions import NeedsAnswer
from billing_admin.errors import BusinessError
from billing_admin.jobs.pages import job_on_page, job_response
from billing_admin.text import pluralize
from billing_admin.web.answer_form import AnswerForm
from billing_admin.web.http import staff
from billing_admin.web.limits import takes_long
from billing_admin.web.needs import needs
from billing_admin.web.waiting_files import WaitingFile
from transactions.forms import UploadForm
from transactions.models import PaymentFile
from transactions.selectors.files import booked_files, file_mappings, unconfirmed_formats, waiting_files
from transactions.services.importing.book import PreviewMoved, preview_payments, totals_of
from transactions.services.importing.formats.ready import KNOWN_FILES, ready_format
from transactions.services.importing.match import BOOKED, Outcome
from transactions.services.importing.upload import (
    answer_upload,
    book_upload,
    discard_upload,
    format_of,
    keep_upload,
    name_of_format,
)
from transactions.tasks import TAKE_BACK_FILE

# How many rows a preview shows, mended cells of it, and files that were booked; all rows and cells are counted.
SHOWN, MENDED_SHOWN, BOOKED_SHOWN = 500, 100, 50


@require_http_methods(["GET", "HEAD", "POST"])
@needs("transactions.record_payment")
@takes_long
def import_page(request: HttpRequest) -> HttpResponseBase:
    """Upload a file; below it the files that wait and the saved formats."""
    job = job_on_page(request, [TAKE_BACK_FILE])
    if (answer := job_response(request, job)) is not None:
        return answer
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = keep_upload(
                name=file.name,
                content=file.read(),
                mapping=form.cleaned_data["mapping"],
                by=staff(request),
            )
        except BusinessError as error:
            form.add_error("file", str(error))
        else:
            return HttpResponseRedirect(reverse("transactions:preview", args=[upload.pk]))
    context = {
        "form": form,
        "job": job,
        "known": KNOWN_FILES,
        "waiting": [
            WaitingFile(
                reverse("transactions:preview", args=[file.pk]),
                file.name,
                name_of_format(file),
                file.uploaded_by.get_username(),
                file.uploaded_at,
            )
            for file in waiting_files()
        ],
        "mappings": list(file_mappings()),
        "unconfirmed": list(unconfirmed_formats()),
        "booked": list(booked_files()[:BOOKED_SHOWN]),
    }
    return render(request, "transactions/import.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("transactions.record_payment")
@takes_long
def preview(request: HttpRequest, file_pk: int) -> HttpResponseBase:
    """What would become of each row, and the button that books them all."""
    upload = PaymentFile.objects.select_related("mapping__payment_method", "uploaded_by").filter(pk=file_pk).first()
    if upload is None:
        return _gone(request)
    if request.method != "POST":
        return _preview(request, upload)
    accept_similar = request.POST.get("accept_similar") == "on"
    try:
        run = book_upload(
            upload=upload,
            by=staff(request),
            skip_bad=request.POST.get("skip_bad") == "on",
            accept_similar=accept_similar,
            seen=request.POST.get("seen", ""),
        )
    except PreviewMoved as error:
        return _preview(request, upload, str(error), accept_similar=accept_similar)
    except BusinessError as error:
        return _preview(request, upload, str(error))
    messages.success(
        request, f"{pluralize(run.imported, 'payment')} booked from {upload.name}. {' '.join(run.notices)}"
    )
    return HttpResponseRedirect(reverse("transactions:list"))


def _preview(
    request: HttpRequest, upload: PaymentFile, problem: str = "", *, accept_similar: bool = False
) -> HttpResponse:
    mapping = format_of(upload)
    context: dict[str, Any] = {
        "upload": upload,
        "format_name": mapping.name,
        "format_can_be_saved": ready_format(upload.ready_format) is not None,
        "problem": problem,
        "shown": SHOWN,
    }
    try:
        run = preview_payments(
            name=upload.name, content=bytes(upload.content), mapping=mapping, accept_similar=accept_similar
        )
    except NeedsAnswer as error:
        context |= {"question": error, "form": AnswerForm(question=error.question, choices=error.choices)}
    except BusinessError as error:
        context["problem"] = str(error)
    else:
        only = request.GET.get("show", "")
        only = only if only in Outcome else ""
        counts = [(outcome, run.count(outcome), totals_of(run.matches, outcome)) for outcome in Outcome]
        matches = [match for match in run.matches if not only or match.outcome == only]
        context |= {
            "run": run,
            "counts": [(outcome, count, total) for outcome, count, total in counts if count],
            "matches": matches[:SHOWN],
            "chosen": len(matches),
            "only": only,
            "bookable": run.imported,
            "booked_total": totals_of(run.matches, *BOOKED),
            "similar": run.count(Outcome.SIMILAR),
            "accept_similar": accept_similar,
            "bad": run.bad.count,
            "mended": run.read.mended[:MENDED_SHOWN],
        }
    return render(request, "transactions/preview.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("transactions.record_payment")
@takes_long
def answer(request: HttpRequest, file_pk: int) -> HttpResponseBase:
    """Keep what was answered about a file that can be read in two ways."""
    upload = PaymentFile.objects.select_related("mapping__payment_method").filter(pk=file_pk).first()
    if upload is None:
        return _gone(request)
    url = reverse("transactions:preview", args=[file_pk])
    if request.method != "POST":
        return HttpResponseRedirect(url)
    try:
        preview_payments(name=upload.name, content=bytes(upload.content), mapping=format_of(upload))
    except NeedsAnswer as error:
        form = AnswerForm(request.POST, question=error.question, choices=error.choices)
        if not form.is_valid():
            context = {"upload": upload, "format_name": format_of(upload).name, "question": error, "form": form}
            return render(request, "transactions/preview.html", context, status=422)
        answer_upload(upload=upload, question=error.question, answer=form.cleaned_data["answer"])
    except BusinessError:
        pass  # the preview says it
    return HttpResponseRedirect(url)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("transactions.record_payment")
def discard(request: HttpRequest, file_pk: int) -> HttpResponseBase:
    """Forget an uploaded file."""
    upload = PaymentFile.objects.filter(pk=file_pk).first()
    if upload is None:
        return _gone(request)
    if request.method != "POST":  # the button stands on the preview
        return HttpResponseRedirect(reverse("transactions:preview", args=[file_pk]))
    try:
        discard_upload(upload=upload)
    except BusinessError:
        return _gone(request)
    messages.success(request, f"{upload.name} discarded; nothing of it was booked.")
    return HttpResponseRedirect(reverse("transactions:import"))


def _gone(request: HttpRequest) -> HttpResponseBase:
    messages.warning(request, "This file was booked or discarded already; nothing was done.")
    return HttpResponseRedirect(reverse("transactions:import"))
