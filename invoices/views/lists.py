"""The Invoices list, of everybody and of one client."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from billing_admin.listing.pages import show_list
from billing_admin.web.needs import needs
from billing_admin.web.replica import may_read_replica
from clients.decorators import client_from_url as with_client
from clients.models import Client
from credits.selectors.balances import balances_of
from invoices.lists import InvoiceList


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.view_invoice", to_send="clients.save_lists")
@may_read_replica
def invoices_list(request: HttpRequest) -> HttpResponseBase:
    """Everybody's invoices, newest first; POST saves them as a file."""
    return show_list(request, "invoices/list.html", InvoiceList.asked_for(request))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.view_invoice", to_send="clients.save_lists")
@may_read_replica
@with_client
def of_client(request: HttpRequest, client: Client) -> HttpResponseBase:
    """The same list in the client's frame."""
    listing = InvoiceList.asked_for(request, client)
    return show_list(request, "invoices/of_client.html", listing, balances=balances_of(client))
