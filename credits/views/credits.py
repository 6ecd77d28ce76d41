"""The Credits tab: what was given, and the ledger of everything that moved."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing_admin.listing.pages import show_list
from billing_admin.web.lists import Listing
from billing_admin.web.needs import needs
from billing_admin.web.replica import may_read_replica
from clients.decorators import client_from_url
from clients.models import Client
from credits.lists import GrantList, LedgerList
from credits.selectors.balances import balances_of, balances_on


@require_http_methods(["GET", "HEAD", "POST"])
@needs("credits.view_credit", to_send="clients.save_lists")
@may_read_replica
@client_from_url
def of_client(request: HttpRequest, client: Client) -> HttpResponseBase:
    """`?show=ledger` lists entries instead of grants; `?adjustments=1` also grants that are not on the Credits List;
    `?on=2026-11-22` says what the balance was at the end of that day.
    """
    ledger = request.GET.get("show") == "ledger"
    listing: Listing[Any] = (LedgerList if ledger else GrantList).asked_for(request, client)
    asked = listing.filters.asked("on")
    on = min(asked, timezone.localdate()) if asked else None
    return show_list(
        request,
        "credits/of_client.html",
        listing,
        balances=balances_of(client),
        show="ledger" if ledger else "",
        may_adjust=request.user.has_perm("credits.adjust_balance"),
        on=on,
        then=balances_on(client, on) if on else [],
    )
