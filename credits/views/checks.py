"""The Ledger Check page: when all sums were last recomputed, and what was found."""

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from billing_admin.jobs.enqueue import enqueue_job
from billing_admin.jobs.pages import address_of, job_on_page, job_response
from billing_admin.web.http import staff
from billing_admin.web.needs import needs
from credits.selectors.checks import findings_of, latest_checks, shown_findings
from credits.services.invariants import INVARIANTS
from credits.tasks import CHECK_LEDGER


@require_http_methods(["GET", "HEAD", "POST"])
@needs("credits.view_credit", to_send="credits.check_ledger")
def checks(request: HttpRequest) -> HttpResponseBase:
    """The last checks, and the findings of one of them (`?check=`, else the last); POST asks for a check."""
    if request.method == "POST":
        return HttpResponseRedirect(address_of(request.path, enqueue_job(kind=CHECK_LEDGER, by=staff(request))))
    job = job_on_page(request, [CHECK_LEDGER])
    if (answer := job_response(request, job)) is not None:
        return answer
    latest = list(latest_checks())
    asked = request.GET.get("check", "")
    shown = next((check for check in latest if str(check.pk) == asked), latest[0] if latest else None)
    context = {
        "job": job,
        "checks": latest,
        "shown": shown,
        "findings": shown_findings(findings_of(shown)) if shown and shown.finding_count else [],
        "rules": INVARIANTS,
    }
    return render(request, "credits/checks.html", context)
