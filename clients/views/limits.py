"""Settings → Limits: how much of each kind a role or a person does without somebody's approval."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Group, User
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.web.http import staff
from billing_admin.web.needs import needs
from clients.forms.limits import LimitsOfForm, SwitchForm
from clients.models import LimitSettings
from clients.selectors.limits import approvers, limits_of, shown_limits
from clients.services.limits import set_limits, switch_limits

_sets = needs("clients.view_client", "credits.change_creditsettings", fresh=True)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.view_client", to_send="credits.change_creditsettings", fresh=True)
def limits(request: HttpRequest) -> HttpResponseBase:
    """Every role and person with their limits; POST switches all of them on or off."""
    form = SwitchForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        on = form.cleaned_data["on"]
        try:
            switch_limits(on=on, by=staff(request))
        except BusinessError as error:
            messages.error(request, str(error))
        else:
            said = "What is above a limit waits for approval from now on." if on else "Limits hold nobody up any more."
            messages.success(request, said)
        return HttpResponseRedirect(reverse("limits"))
    roles, people = shown_limits()
    context: dict[str, Any] = {
        "are_on": LimitSettings.objects.are_on(),
        "approvers": approvers().order_by("username"),
        "roles": roles,
        "people": people,
    }
    return render(request, "clients/limits.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_sets
def of_role(request: HttpRequest, role_pk: int) -> HttpResponseBase:
    """The limits of all who are in a role."""
    role = get_object_or_404(Group, pk=role_pk)
    return _page(request, role, role.name)


@require_http_methods(["GET", "HEAD", "POST"])
@_sets
def of_person(request: HttpRequest, person_pk: int) -> HttpResponseBase:
    """The limits of one person, which stand in the place of those of the roles."""
    person = get_object_or_404(User, pk=person_pk)
    return _page(request, person, person.get_full_name() or person.get_username())


def _page(request: HttpRequest, of: Group | User, name: str) -> HttpResponseBase:
    form = LimitsOfForm(request.POST if request.method == "POST" else None, limits=limits_of(of))
    if form.is_bound and form.is_valid():
        try:
            set_limits(of=of, limits=form.typed(), by=staff(request), seen=form.cleaned_data["seen"])
        except BusinessError as error:
            form.refuse(error)
        else:
            messages.success(request, f"Limits of {name} saved.")
            return HttpResponseRedirect(reverse("limits"))
    status = HTTPStatus.UNPROCESSABLE_CONTENT if form.is_bound else HTTPStatus.OK
    context = {"form": form, "name": name, "is_person": isinstance(of, User)}
    return render(request, "clients/limits_of.html", context, status=status)
