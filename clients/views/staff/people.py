"""Settings → Staff: who there is, their roles, and whether they may come in."""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from billing_admin.errors import BusinessError
from billing_admin.text import pluralize
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.needs import needs
from clients.forms.staff import PersonForm
from clients.models.activity import actor_name
from clients.selectors.staff import invitations, people, why_no_account_mail
from clients.services.staff.people import activate, deactivate, set_roles
from clients.services.staff.reset import may_have_reset, send_reset
from clients.services.staff.rules import MANAGE_STAFF, why_not_changed

may_manage = needs(MANAGE_STAFF, fresh=True)


@require_safe
@may_manage
def people_page(request: HttpRequest) -> HttpResponse:
    """Everybody, and who was invited and has not joined."""
    return render(request, "staff/list.html", {"people": people(), "invitations": invitations()})


@require_http_methods(["GET", "HEAD", "POST"])
@may_manage
def person_page(request: HttpRequest, person_pk: int) -> HttpResponseBase:
    """The roles of somebody, and what else can be done."""
    person, by, url = _found(person_pk), staff(request), reverse("staff:list")
    form = PersonForm(request.POST if request.method == "POST" else None, person=person, by=by)
    if form.is_bound and form.is_valid():
        try:
            set_roles(person=person, groups=form.groups, by=by, seen=form.cleaned_data["seen"])
        except BusinessError as error:
            form.refuse(error)
        else:
            named = ", ".join(group.name for group in form.groups) or "no role"
            return leave_for(request, url, message=f"{actor_name(person)} is in {named} from now on.")
    context = {
        "form": form, "person": person, "why_not": why_not_changed(by, person),
        "can_reset": may_have_reset(person) and not why_no_account_mail(),
    }  # fmt: skip
    return render_popup(request, "staff/person.html", context, title=actor_name(person), close_url=url)


@require_http_methods(["GET", "HEAD", "POST"])
@may_manage
def deactivate_page(request: HttpRequest, person_pk: int) -> HttpResponseBase:
    """Say what deactivating does, and do it."""

    def act(person: User, by: User) -> str:
        withdrawn = deactivate(person=person, by=by)
        more = f" {pluralize(withdrawn, 'invitation')} of theirs withdrawn." if withdrawn else ""
        return f"{actor_name(person)} is deactivated and signed out everywhere.{more}"

    return _confirm(request, person_pk, act, "staff/deactivate.html", "Deactivate {}?")


@require_http_methods(["GET", "HEAD", "POST"])
@may_manage
def activate_page(request: HttpRequest, person_pk: int) -> HttpResponseBase:
    """Let somebody in again."""

    def act(person: User, by: User) -> str:
        activate(person=person, by=by)
        return f"{actor_name(person)} may sign in again."

    return _confirm(request, person_pk, act, "staff/activate.html", "Activate {}?")


@require_http_methods(["GET", "HEAD", "POST"])
@may_manage
def send_reset_page(request: HttpRequest, person_pk: int) -> HttpResponseBase:
    """Have a link sent by which somebody chooses a new password."""

    def act(person: User, by: User) -> str:
        send_reset(person=person, by=by)
        return f"A link to choose a new password is on its way to {person.email}."

    return _confirm(request, person_pk, act, "staff/send_reset.html", "Send a Password Reset to {}?")


def _confirm(
    request: HttpRequest, person_pk: int, act: Callable[[User, User], str], template: str, title: str
) -> HttpResponseBase:
    person, url, problem = _found(person_pk), reverse("staff:list"), ""
    if request.method == "POST":
        try:
            done = act(person, staff(request))
        except BusinessError as error:
            problem = str(error)
        else:
            return leave_for(request, url, message=done)
    context = {"person": person, "problem": problem}
    return render_popup(request, template, context, title=title.format(actor_name(person)), close_url=url)


def _found(pk: int) -> User:
    person = people().filter(pk=pk).first()
    if person is None:
        raise Http404("There is no such person.")
    return person
