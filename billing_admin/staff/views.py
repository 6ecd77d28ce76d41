"""The roles: who may do what, and who has to sign in with a second factor."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing_admin.staff.roles import rights_of, roles_for
from billing_admin.web.http import staff
from billing_admin.web.needs import needs


@require_safe
@needs("clients.view_client")
def roles(request: HttpRequest) -> HttpResponseBase:
    """Every role with what it may do, to look at."""
    found = roles_for(staff(request))
    return render(request, "roles.html", {"roles": found, "sections": rights_of(found)})
