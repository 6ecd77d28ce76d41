"""Joining the staff with a link: for somebody who has no account yet."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.web.form_fields import add_error
from billing_admin.web.needs import open_to_all
from clients.forms.staff import JoinForm
from clients.services.staff.accept import Joining, accept, invitation_of

from .alone import asked_too_often, not_valid, token_of


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def join(request: HttpRequest) -> HttpResponseBase:
    """Make the account of whoever has the link. Looking uses nothing up: mail programs open links by themselves."""
    token = token_of(request)
    try:
        invitation = invitation_of(token)
    except BusinessError as error:
        return not_valid(request, str(error))
    if request.user.is_authenticated:
        return render(request, "staff/signed_in_already.html", {"invitation": invitation})
    form = JoinForm(request.POST if request.method == "POST" else None)
    if form.is_bound and (refused := asked_too_often(request)):
        form.add_error(None, refused)
    elif form.is_bound and form.is_valid():
        try:
            person = accept(token=token, joining=Joining(**form.cleaned_data))
        except BusinessError as error:
            add_error(form, error)
        else:
            messages.success(request, f"Your account is there. Sign in as {person.get_username()}.")
            return HttpResponseRedirect(reverse("account_login"))
    context = {"form": form, "invitation": invitation, "roles": invitation.groups.order_by("name")}
    status = HTTPStatus.UNPROCESSABLE_CONTENT if form.is_bound else HTTPStatus.OK
    return render(request, "staff/join.html", context, status=status)
