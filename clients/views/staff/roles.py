"""Settings → Roles: a role of one's own."""

from django.contrib.auth.models import Group
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.models import Role
from billing_admin.staff.roles import people_of
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.needs import needs
from clients.forms.staff import RoleForm
from clients.services.staff.roles import (
    add_role,
    change_role,
    delete_role,
    require_second_factor,
    role_fields,
    why_not_deleted,
)
from clients.services.staff.rules import MANAGE_ROLES

_may_manage = needs(MANAGE_ROLES, fresh=True)


@require_http_methods(["GET", "HEAD", "POST"])
@_may_manage
def add_role_page(request: HttpRequest) -> HttpResponseBase:
    """Make a role, from nothing or as another is: `?copy=` names that."""
    by, copied = staff(request), request.GET.get("copy", "")
    initial = {}
    if copied:
        if not (copied.isascii() and copied.isdigit() and len(copied) < 10):
            raise Http404("There is no such role.")
        initial = role_fields(_found(int(copied))) | {"name": ""}
    form = RoleForm(request.POST if request.method == "POST" else None, by=by, initial=initial)
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        try:
            made = add_role(name=asked["name"], note=asked["note"], rights=asked["rights"], by=by)
        except BusinessError as error:
            add_error(form, error)
        else:
            return leave_for(request, reverse("roles"), message=f"Role “{made.name}” added.")
    return _popup(request, form, "Add Role")


@require_http_methods(["GET", "HEAD", "POST"])
@_may_manage
def role_page(request: HttpRequest, role_pk: int) -> HttpResponseBase:
    """Change what a role may do. One that comes with the program is copied instead."""
    group, by = _found(role_pk), staff(request)
    if (role := getattr(group, "role", None)) and role.built_in:
        return HttpResponseRedirect(reverse("staff:add_role", query={"copy": str(group.pk)}))
    form = RoleForm(request.POST if request.method == "POST" else None, by=by, group=group)
    if form.is_bound and form.is_valid():
        try:
            changed = change_role(group=group, **form.typed(), by=by, seen=form.cleaned_data["seen"])
        except BusinessError as error:
            form.refuse(error)
        else:
            return leave_for(request, reverse("roles"), message=f"Role “{changed.name}” saved.")
    return _popup(request, form, f"Role {group.name}", group)


@require_http_methods(["GET", "HEAD", "POST"])
@_may_manage
def delete_role_page(request: HttpRequest, role_pk: int) -> HttpResponseBase:
    """Take a role away that nobody is in."""
    group, url = _found(role_pk), reverse("roles")
    problem = why_not_deleted(group)
    if request.method == "POST":
        try:
            delete_role(group=group, by=staff(request))
        except BusinessError as error:
            problem = str(error)
        else:
            return leave_for(request, url, message=f"Role “{group.name}” deleted.")
    context = {"role": group, "problem": problem}
    return render_popup(request, "staff/delete_role.html", context, title=f"Delete Role {group.name}?", close_url=url)


@require_http_methods(["GET", "HEAD", "POST"])
@_may_manage
def second_factor_page(request: HttpRequest, group_pk: int) -> HttpResponseBase:
    """Whether whoever is in a role has to sign in with a second factor: what that means, then yes or no."""
    role = get_object_or_404(Role.objects.select_related("group"), pk=group_pk)
    name, url, problem = role.group.name, reverse("roles"), ""
    if request.method == "POST":
        wanted = request.POST.get("required") == "yes"
        try:
            require_second_factor(group=role.group, required=wanted, by=staff(request))
        except BusinessError as error:
            problem = str(error)
        else:
            said = f"{name} {'needs' if wanted else 'does not need'} a second factor."
            return leave_for(request, url, message=said)
    context = {"role": role, "people": people_of(role), "problem": problem}
    title = f"{'No longer require' if role.second_factor else 'Require'} a second factor of {name}?"
    return render_popup(request, "staff/second_factor.html", context, title=title, close_url=url)


def _popup(request: HttpRequest, form: RoleForm, title: str, group: Group | None = None) -> HttpResponseBase:
    context = {"form": form, "role": group}
    return render_popup(request, "staff/role.html", context, title=title, close_url=reverse("roles"), wide=True)


def _found(pk: int) -> Group:
    group = Group.objects.select_related("role").filter(pk=pk).first()
    if group is None:
        raise Http404("There is no such role.")
    return group
