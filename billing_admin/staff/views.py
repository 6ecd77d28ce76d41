"""The roles: who may do what, and who has to sign in with a second factor."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from billing_admin.models import Role
from billing_admin.staff.roles import people_of, rights_of, roles_for
from billing_admin.staff.second_factor import require_of
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.needs import needs

# Who may change what a role asks for: whoever changes what roles may do.
CHANGE = "billing_admin.manage_roles"


@require_safe
@needs("clients.view_client")
def roles(request: HttpRequest) -> HttpResponseBase:
    """Every role with what it may do, to look at."""
    found = roles_for(staff(request))
    return render(
        request,
        "roles.html",
        {"roles": found, "sections": rights_of(found), "may_change": staff(request).has_perm(CHANGE)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(CHANGE, fresh=True)
def require_second_factor(request: HttpRequest, group_pk: int) -> HttpResponseBase:
    """Whether whoever is in a role has to sign in with a second factor: what that means, then yes or no."""
    role = get_object_or_404(Role.objects.select_related("group"), pk=group_pk)
    name = role.group.name
    page = reverse("roles")
    if request.method == "POST":
        wanted = request.POST.get("required") == "yes"
        changed = require_of(role, wanted, by=staff(request), request=request)
        said = f"{name} {'needs' if wanted else 'does not need'} a second factor"
        if changed:
            return leave_for(request, page, message=f"{said}.")
        messages.warning(request, f"{said} already; nothing was changed.")
        return leave_for(request, page)
    return render_popup(
        request,
        "second_factor.html",
        {"role": role, "people": people_of(role)},
        title=f"{'No longer require' if role.second_factor else 'Require'} a second factor of {name}?",
        close_url=page,
    )
