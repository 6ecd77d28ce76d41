"""Credits of all clients: who holds credit, what expires soon, and the ledger."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing_admin.listing.pages import show_list
from billing_admin.web.needs import needs
from billing_admin.web.replica import may_read_replica
from credits.lists import EntryList, ExpiringList, HolderList
from credits.selectors.liability import held_now
from credits.selectors.lists import SOON


@require_http_methods(["GET", "HEAD", "POST"])
@needs("credits.view_credit", to_send="clients.save_lists")
@may_read_replica
def holders(request: HttpRequest) -> HttpResponseBase:
    """Everybody who holds credit, and what that comes to per currency and category."""
    return show_list(request, "credits/holders.html", HolderList.asked_for(request), held=held_now())


@require_http_methods(["GET", "HEAD", "POST"])
@needs("credits.view_credit", to_send="clients.save_lists")
@may_read_replica
def expiring(request: HttpRequest) -> HttpResponseBase:
    """What clients lose within 30 days if they do not use it, the soonest first."""
    today = timezone.localdate()
    return show_list(request, "credits/expiring.html", ExpiringList.asked_for(request), today=today, until=today + SOON)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("credits.view_credit", to_send="clients.save_lists")
@may_read_replica
def entries(request: HttpRequest) -> HttpResponseBase:
    """The ledger of all clients: `?from=`, `?to=`, `?kind=`, `?currency=`, `?category=`."""
    return show_list(request, "credits/entries.html", EntryList.asked_for(request))
