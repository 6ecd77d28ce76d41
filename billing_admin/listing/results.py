"""What a queue worker did to many rows: how far it is, what was left out and why, and all of it as a file."""

from dataclasses import replace
from itertools import islice

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from billing_admin.errors import BusinessError
from billing_admin.jobs.enqueue import INTERRUPTED
from billing_admin.jobs.pages import job_response, shown_job
from billing_admin.listing.queued import ACT_ON_ROWS, action_of, results, standing
from billing_admin.models import Job
from billing_admin.web.csv_export import csv_response
from billing_admin.web.http import staff, vary_by_htmx
from billing_admin.web.lists import Listing
from billing_admin.web.needs import needs, of_oneself

# So many rows that were left out are on the page; the file has all.
SHOWN = 100
HALF_WAY = "It was interrupted. What it had not come to was not done; ask for that again."


@require_http_methods(["GET", "HEAD", "POST"])
@of_oneself
@needs(to_send="clients.save_lists")
def acted(request: HttpRequest, job_pk: int) -> HttpResponseBase:
    """What became of the rows, for who asked for it and nobody else; POST: as a file."""
    job = _own_jobs(request).filter(pk=job_pk).first()
    if job is None:
        raise Http404("There is no such result; one is kept for a month.")
    job.asked_by = staff(request)
    try:
        action = action_of(job)
    except BusinessError as error:
        raise PermissionDenied(str(error)) from None
    if request.method == "POST":
        listing = Listing.named[action.name.partition(".")[0]](staff(request), QueryDict(""))
        file = f"{action.name.replace('.', '-')}-{job.pk}.csv"
        listing.write_down(f"Result of “{action.label}”", file=file, rows=standing(job).total)
        rows = ([row.pk, row.name, row.words, row.why] for row in results(job))
        return csv_response(file, ["ID", "Name", "Result", "Reason"], rows)
    shown = shown_job(job)
    shown = replace(shown, words=_half_way(shown.words))
    if request.headers.get("HX-Target") == "job" and (answer := job_response(request, shown)) is not None:
        return answer
    stands = standing(job)
    context = {
        "job": shown,
        "action": action,
        "done": f"{stands.done:,}",
        "left_out_count": f"{stands.left_out:,}",
        "left": f"{left:,}" if (left := stands.total - stands.done - stands.left_out) else "",
        "left_out": list(islice(results(job, left_out_only=True), SHOWN)),
        "more": f"{stands.left_out - SHOWN:,}" if stands.left_out > SHOWN else "",
    }
    return vary_by_htmx(render(request, "lists/acted.html", context))


@require_safe
@of_oneself
def acted_before(request: HttpRequest) -> HttpResponseBase:
    """What one has had done to many rows within the last month."""
    found, person = [], staff(request)
    for job in _own_jobs(request).order_by("-pk")[:SHOWN]:
        job.asked_by = person  # whose rights are read once
        try:
            found.append((job, action_of(job).label, _half_way(shown_job(job).words)))
        except BusinessError:
            continue  # no longer theirs to see
    return render(request, "lists/acted_before.html", {"jobs": found})


def _half_way(words: str) -> str:
    return HALF_WAY if words == INTERRUPTED else words


def _own_jobs(request: HttpRequest) -> QuerySet[Job]:
    return Job.objects.filter(kind=ACT_ON_ROWS, asked_by=staff(request))
