"""The Clients List."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from billing_admin.listing.pages import show_list
from clients.lists import ClientList


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("clients.view_client", raise_exception=True)
def clients_list(request: HttpRequest) -> HttpResponseBase:
    """Search, filter, sort; a page at a time."""
    return show_list(request, "clients/list.html", ClientList.asked_for(request))
