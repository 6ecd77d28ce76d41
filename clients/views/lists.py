"""The Clients List."""

from decimal import Decimal

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing_admin.db.pagination import paginate
from clients.models import Client
from clients.selectors import lists

# What a search finds is looked for row by row in the order of the list, and counting would go on and on.
FOUND_COUNTED_UP_TO = 200

SORTS = {"number": "number", "name": "sort_name", "since": "created_at"}


@require_safe
@permission_required("clients.view_client", raise_exception=True)
def clients_list(request: HttpRequest) -> HttpResponse:
    """Search, filter, sort; a page at a time."""
    search = request.GET.get("q", "").strip()[:200]
    status = request.GET.get("status", "")
    group = request.GET.get("group", "")
    found = lists.clients_list(search=search, status=status if status in Client.Status else "", group=group)
    page = paginate(
        found,
        request.GET,
        sorts=SORTS,
        default="-number",
        noun="client",
        nouns="clients",
        counted_up_to=FOUND_COUNTED_UP_TO if search else None,
    )
    credit, unpaid = {}, {}
    if request.user.has_perm("credits.view_credit"):
        credit = lists.credit_of(page.rows)
    if request.user.has_perm("invoices.view_invoice"):
        unpaid = lists.unpaid_of(page.rows)
    context = {
        "page": page,
        "rows": [(client, credit.get(client.pk, []), unpaid.get(client.pk, [])) for client in page.rows],
        "nothing": Decimal(0),
        "search": search,
        "status": status,
        "group": group,
        "groups": list(lists.groups()),
        "filtered": bool(search or status or group),
        "nothing_found": _nothing_found(search, status, group),
    }
    return render(request, "clients/list.html", context)


def _nothing_found(search: str, status: str, group: str) -> str:
    """What an empty list says of the filters that emptied it."""
    which = f"{status.lower()} client" if status in Client.Status else "client"
    where = " in this group" if group else ""
    return f"No {which}{where} matches “{search}”." if search else f"There is no {which}{where}."
