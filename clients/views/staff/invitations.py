"""Settings → Staff: inviting somebody, once more, and taking it back."""

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.models import Invitation
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, staff
from clients.forms.staff import InviteAgainForm, InviteForm
from clients.selectors.staff import why_no_account_mail
from clients.services.staff.invite import invite, invite_again, withdraw_invitation

from .people import may_manage


@require_http_methods(["GET", "HEAD", "POST"])
@may_manage
def invite_page(request: HttpRequest) -> HttpResponseBase:
    """Ask somebody to join."""
    by, url = staff(request), reverse("staff:list")
    form = InviteForm(request.POST if request.method == "POST" else None, by=by, no_mail=why_no_account_mail())
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        try:
            made, token = invite(email=asked["email"], groups=form.groups, by_mail=asked["how"] == "mail", by=by)
        except BusinessError as error:
            add_error(form, error)
        else:
            return _answer(request, made, token)
    return render_popup(request, "staff/invite.html", {"form": form}, title="Invite Somebody", close_url=url)


@require_http_methods(["GET", "HEAD", "POST"])
@may_manage
def invite_again_page(request: HttpRequest, invitation_pk: int) -> HttpResponseBase:
    """Make another link; the one before is void."""
    invitation, url = _found(invitation_pk), reverse("staff:list")
    data = request.POST if request.method == "POST" else None
    form = InviteAgainForm(data, no_mail=why_no_account_mail(), by_mail=invitation.by_mail)
    if form.is_bound and form.is_valid():
        by_mail = form.cleaned_data["how"] == "mail"
        try:
            made, token = invite_again(invitation=invitation, by_mail=by_mail, by=staff(request))
        except BusinessError as error:
            add_error(form, error)
        else:
            return _answer(request, made, token)
    context = {"form": form, "invitation": invitation}
    return render_popup(request, "staff/invite_again.html", context, title="Invite Again?", close_url=url)


@require_http_methods(["GET", "HEAD", "POST"])
@may_manage
def withdraw(request: HttpRequest, invitation_pk: int) -> HttpResponseBase:
    """Take an invitation back."""
    invitation, url, problem = _found(invitation_pk), reverse("staff:list"), ""
    if request.method == "POST":
        try:
            withdraw_invitation(invitation=invitation, by=staff(request))
        except BusinessError as error:
            problem = str(error)
        else:
            return leave_for(request, url, message=f"The invitation of {invitation.email} is withdrawn.")
    context = {"invitation": invitation, "problem": problem}
    return render_popup(request, "staff/withdraw.html", context, title="Withdraw This Invitation?", close_url=url)


def _answer(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponseBase:
    """On its way by mail, or the link, which is shown now and never again."""
    url = reverse("staff:list")
    if not token:
        return leave_for(request, url, message=f"An invitation to {invitation.email} is on its way.")
    path = reverse("staff:join", query={"token": token})
    # Who asks reads it in their own browser: where nobody set our address it is where that browser found us.
    link = f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)
    context = {"invitation": invitation, "link": link}
    return render_popup(request, "staff/link.html", context, title="Invited", close_url=url)


def _found(pk: int) -> Invitation:
    invitation = Invitation.objects.filter(pk=pk).first()
    if invitation is None:
        raise Http404("There is no such invitation: it was used or withdrawn.")
    return invitation
