"""Jobs on the page that asked for them: how far they are while they go on, and what came of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from billing_admin.models import Job
from billing_admin.text import pluralize, time_left
from billing_admin.web.http import vary_by_htmx

from .enqueue import INTERRUPTED
from .status import at_work, in_queue, why_it_waits

_LEVELS = {
    Job.Level.GOOD: messages.SUCCESS,
    Job.Level.ATTENTION: messages.WARNING,
    Job.Level.DANGER: messages.ERROR,
}


@dataclass(frozen=True)
class ShownJob:
    """A job as it stands: `words` say why it waits, what it is doing or what came of it."""

    job: Job
    goes_on: bool
    words: str
    level: str

    @property
    def pause(self) -> str:
        """How soon the page asks again: a small file is done before one has looked up."""
        return "400ms" if (timezone.now() - self.job.asked_at).total_seconds() < 5 else "2s"


def shown_job(job: Job) -> ShownJob:
    """A job as it stands, not only as its row says: a worker that was killed could not write that down."""
    if not job.is_unfinished:
        return ShownJob(job, False, job.outcome, job.level)
    if at_work([job.lock]):
        rows = f" {job.done:,} of {pluralize(job.total, 'row')}" if job.total else ""
        seconds = (timezone.now() - job.started_at).total_seconds() if job.started_at else 0
        left = time_left(seconds, job.done, job.total)
        return ShownJob(job, True, f"{job.doing or 'At work'} …{rows}{f', {left}' if left else ''}", "")
    if in_queue([job.lock]):
        return ShownJob(job, True, why_it_waits(job.asked_at, begun=job.state == Job.State.RUNNING), "")
    job.refresh_from_db()  # it may have ended meanwhile
    return ShownJob(job, False, job.outcome or INTERRUPTED, job.level if job.outcome else Job.Level.DANGER)


def job_on_page(request: HttpRequest, kinds: Iterable[str], subject: object = "") -> ShownJob | None:
    """The job about this subject that the address names with `?job=`, or else the one that goes on."""
    jobs = Job.objects.filter(kind__in=list(kinds), subject=str(subject))
    asked = request.GET.get("job", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        job = jobs.filter(pk=int(asked)).first()
    else:
        job = jobs.filter(state__in=Job.UNFINISHED).first()
    return shown_job(job) if job else None


def job_response(request: HttpRequest, shown: ShownJob | None) -> HttpResponseBase | None:
    """The answer to the part of the page that asks how its job stands; None where the whole page is wanted.

    What came of a job that was done is said in a toast of the whole page.
    """
    if shown is None:
        return None
    if request.headers.get("HX-Target") == "job":
        if shown.goes_on:
            return vary_by_htmx(render(request, "components/job.html", {"job": shown}))
        return vary_by_htmx(HttpResponseClientRedirect(request.get_full_path()))
    if not shown.goes_on and shown.job.state == Job.State.DONE:
        messages.add_message(request, _LEVELS[Job.Level(shown.job.level)], shown.words)
    return None


def address_of(url: str, job: Job) -> str:
    """Where a page shows this job."""
    return f"{url}?job={job.pk}"
