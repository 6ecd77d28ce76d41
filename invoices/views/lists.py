"""The Invoices list, of everybody and of one client."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing_admin.db.days import day_asked
from billing_admin.db.pagination import paginate
from clients.decorators import client_from_url as with_client
from clients.models import Client
from clients.models.client import SearchTooBroad
from credits.selectors.balances import balances_of
from invoices.models import Invoice
from invoices.selectors import lists


@require_safe
@permission_required("invoices.view_invoice", raise_exception=True)
def invoices_list(request: HttpRequest) -> HttpResponse:
    """Everybody's invoices, newest first."""
    return render(request, "invoices/list.html", _context(request))


@require_safe
@permission_required("invoices.view_invoice", raise_exception=True)
@with_client
def of_client(request: HttpRequest, client: Client) -> HttpResponse:
    """The same list in the client's frame."""
    context = {"client": client, "balances": balances_of(client), **_context(request, client)}
    return render(request, "invoices/of_client.html", context)


def _context(request: HttpRequest, client: Client | None = None) -> dict[str, Any]:
    search = request.GET.get("q", "").replace("\0", "").strip()[:200]
    status = request.GET.get("status", "")
    status = status if status in lists.STATUSES else ""
    currencies = lists.currencies_in_use(client)
    currency = request.GET.get("currency", "")
    currency = currency if currency in currencies else ""
    issued_from, issued_to = (day_asked(request.GET.get(name)) for name in ("from", "to"))
    problem = ""
    try:
        found = lists.invoices_list(
            on=timezone.localdate(),
            search=search,
            status=status,
            currency=currency,
            issued_from=issued_from,
            issued_to=issued_to,
            client=client,
        )
    except SearchTooBroad as refused:
        found, problem = Invoice.objects.none(), str(refused)
    sorts, default = lists.sortable(status, by_days=bool(issued_from or issued_to), client=client)
    page = paginate(found, request.GET, sorts=sorts, default=default, noun="invoice", nouns="invoices")
    return {
        "page": page,
        "sums": lists.sums(page.listed, [currency] if currency else currencies),
        "problem": problem,
        "sorts": sorts,
        "default_sort": default,
        "search": search,
        "status": status,
        "currency": currency,
        "currencies": currencies,
        "issued_from": issued_from,
        "issued_to": issued_to,
        "filtered": bool(search or status or currency or issued_from or issued_to),
    }
