"""The Transactions list, of everybody and of one client, and the same as a file."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from billing_admin.web.http import staff
from billing_admin.web.lists import show_list
from clients.decorators import client_from_url as with_client
from clients.models import Client
from clients.services.export import record_export
from credits.selectors.balances import balances_of
from transactions.lists import TransactionList


@require_safe
@permission_required("transactions.view_transaction", raise_exception=True)
def transactions_list(request: HttpRequest) -> HttpResponse:
    """Everybody's transactions, newest first."""
    return show_list(request, "transactions/list.html", TransactionList(request))


@require_safe
@permission_required("transactions.view_transaction", raise_exception=True)
@with_client
def of_client(request: HttpRequest, client: Client) -> HttpResponse:
    """The same list in the client's frame."""
    listing = TransactionList(request, client)
    return show_list(request, "transactions/of_client.html", listing, balances=balances_of(client))


@require_POST
@permission_required("transactions.view_transaction", raise_exception=True)
def export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows, all pages of it, as a CSV file."""
    return _file(request, TransactionList(request), "transactions.csv")


@require_POST
@permission_required("transactions.view_transaction", raise_exception=True)
@with_client
def export_of_client(request: HttpRequest, client: Client) -> HttpResponseBase:
    """What the client's list shows, as a CSV file."""
    return _file(request, TransactionList(request, client), f"transactions-of-client-{client.number}.csv")


def _file(request: HttpRequest, listing: TransactionList, name: str) -> HttpResponseBase:
    if not listing.filters.problem:
        what = "Transactions that match filters" if listing.filters.narrowed else "Transactions"
        record_export(what=what, verb="transactions.exported", client=listing.client, by=staff(request))
    return listing.file(name)
