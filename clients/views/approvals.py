"""What waits for approval: the list, one request, and what is decided about it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from billing_admin.errors import BusinessError
from billing_admin.jobs.enqueue import enqueue_job
from billing_admin.jobs.pages import address_of, job_on_page, job_response
from billing_admin.listing.pages import show_list
from billing_admin.money.amounts import money_text
from billing_admin.rights import missing_rights
from billing_admin.web.http import staff
from billing_admin.web.needs import needs
from clients.approvals import approve_request
from clients.forms.approval import DecisionForm
from clients.lists import ApprovalList
from clients.models import ApprovalRequest, LimitKind
from clients.selectors.approvals import asked_with, links_of
from clients.selectors.limits import APPROVE
from clients.services.approvals.actions import label_of
from clients.services.approvals.requests import refuse_own, refuse_request, withdraw_request
from clients.tasks import APPROVE_REQUEST


@require_safe
@needs("clients.view_client")
def approvals(request: HttpRequest) -> HttpResponseBase:
    """What was asked for, the latest first: everybody's to who may approve, to others their own."""
    return show_list(request, "clients/approvals.html", ApprovalList.asked_for(request))


@require_safe
@needs("clients.view_client")
def approval(request: HttpRequest, request_pk: int) -> HttpResponseBase:
    """One request: what was asked for, why, above which limit, and what became of it."""
    found = _found(request, request_pk)
    job = job_on_page(request, [APPROVE_REQUEST], request_pk)
    if (answer := job_response(request, job)) is not None:
        return answer
    person = staff(request)
    why_not = ""
    try:
        refuse_own(found, person)
    except BusinessError as error:
        why_not = str(error)
    context: dict[str, Any] = {
        "asked": found,
        "label": label_of(found),
        "amount": money_text(found.amount),
        "job": job,
        "given": asked_with(found),
        "links": links_of(found),
        "form": DecisionForm(),
        "why_not": why_not,
        "may_decide": found.is_waiting and person.has_perm(APPROVE) and not (job and job.goes_on),
        "is_own": found.is_waiting and found.requester_id == person.pk,
    }
    return render(request, "clients/approval.html", context)


@needs("clients.view_client", to_send=APPROVE)
@require_POST
def decide(request: HttpRequest, request_pk: int) -> HttpResponseBase:
    """Approve it, and so do what was asked for, or refuse it with a reason. A file of credit is booked by a job."""
    found, person = _found(request, request_pk), staff(request)
    url = reverse("approval", args=[request_pk])
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "This form is not as it was sent out, or its reason is too long. Nothing was done.")
        return HttpResponseRedirect(url)
    reason = form.cleaned_data["reason"]
    try:
        if form.cleaned_data["decision"] == "refuse":
            refuse_request(request_id=request_pk, by=person, reason=reason)
            messages.success(request, f"Refused; {found.requester_name} sees why.")
        elif found.kind == LimitKind.BULK and found.is_waiting:
            refuse_own(found, person)
            return HttpResponseRedirect(
                address_of(url, enqueue_job(kind=APPROVE_REQUEST, subject=request_pk, by=person, reason=reason))
            )
        else:
            done = approve_request(request_id=request_pk, by=person, reason=reason)
            messages.success(request, f"{label_of(done)}: {money_text(done.amount)} approved and booked.")
    except BusinessError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(url)


@needs("clients.view_client")
@require_POST
def withdraw(request: HttpRequest, request_pk: int) -> HttpResponseBase:
    """Take back what one asked for oneself."""
    _found(request, request_pk)
    try:
        withdraw_request(request_id=request_pk, by=staff(request))
    except BusinessError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Withdrawn; nothing was booked.")
    return HttpResponseRedirect(reverse("approval", args=[request_pk]))


def _found(request: HttpRequest, pk: int) -> ApprovalRequest:
    """The request, for who asked and who may approve."""
    found = ApprovalRequest.objects.select_related("client").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such request; it may have gone with its client.")
    person = staff(request)
    if found.requester_id != person.pk and not person.has_perm(APPROVE):
        raise PermissionDenied(missing_rights([APPROVE]))
    return found
