"""The Activity Chain page: how much is sealed, what was signed off, and whether it holds."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from billing_admin.jobs.enqueue import enqueue_job
from billing_admin.jobs.pages import address_of, job_on_page, job_response
from billing_admin.models import Job
from billing_admin.web.http import staff
from billing_admin.web.needs import needs
from clients.selectors.activity_chain import latest_sign_offs, state_of_chain
from credits.tasks import VERIFY_ACTIVITY


@require_http_methods(["GET", "HEAD", "POST"])
@needs("credits.view_credit", "clients.view_activity")
def activity_chain(request: HttpRequest) -> HttpResponseBase:
    """The state of the chain and its last sign-offs; POST asks for it to be verified."""
    if request.method == "POST":
        return HttpResponseRedirect(address_of(request.path, enqueue_job(kind=VERIFY_ACTIVITY, by=staff(request))))
    job = job_on_page(request, [VERIFY_ACTIVITY])
    # What came of it stands on the page, and is no toast.
    is_asked_for = job and (job.goes_on or request.headers.get("HX-Target") == "job")
    if is_asked_for and (answer := job_response(request, job)) is not None:
        return answer
    verified = Job.objects.filter(kind=VERIFY_ACTIVITY, state=Job.State.DONE).order_by("-finished_at").first()
    context = {
        "job": job,
        "state": state_of_chain(),
        "sign_offs": list(latest_sign_offs()),
        "verified": verified,
        "has_file": bool(settings.AUDIT_FILE),
        "mailed_to": settings.AUDIT_MAIL,
    }
    return render(request, "credits/activity_chain.html", context)
