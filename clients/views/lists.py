"""The Clients List, and what is done with many rows of a list of one client."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from billing_admin.listing.acting_page import act, list_of
from billing_admin.listing.pages import show_list
from billing_admin.web.limits import takes_long
from billing_admin.web.needs import looks_itself, needs
from billing_admin.web.replica import may_read_replica
from clients.decorators import client_from_url, merged_meanwhile
from clients.lists import ClientList
from clients.models import Client


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.view_client", to_send="clients.save_lists")
@may_read_replica
def clients_list(request: HttpRequest) -> HttpResponseBase:
    """Search, filter, sort; a page at a time."""
    return show_list(request, "clients/list.html", ClientList.asked_for(request))


@require_http_methods(["GET", "HEAD", "POST"])
@looks_itself("what the list and the action need")
@takes_long
def act_on_rows(request: HttpRequest, number: int, listed: str, doing: str) -> HttpResponseBase:
    """Do something with many rows of a list of a client. Who may not see the list is told nothing of the client."""
    list_of(request, listed, of_client=True)
    return _act_on_rows(request, number, listed=listed, doing=doing)


@client_from_url
def _act_on_rows(request: HttpRequest, client: Client, listed: str, doing: str) -> HttpResponseBase:
    return act(request, listed, doing, client, changed=merged_meanwhile(request, client))
