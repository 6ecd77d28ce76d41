"""The Transactions list, of everybody and of one client, and the same as a file."""

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing_admin.db.days import day_asked
from billing_admin.db.pagination import paginate
from billing_admin.money.amounts import plain
from billing_admin.web.csv_export import csv_response
from billing_admin.web.http import vary_by_htmx
from clients.decorators import client_from_url as with_client
from clients.models import Client
from clients.models.client import SearchTooBroad
from credits.selectors.balances import balances_of
from transactions.models import Transaction
from transactions.selectors import lists
from transactions.selectors.lists import Filters

CSV_HEADER = (
    "Date", "Kind", "Client ID", "Client", "Invoice", "Method", "Reference", "Description", "Currency", "In", "Fees",
    "Out", "By", "Booked At",
)  # fmt: skip


@require_safe
@permission_required("transactions.view_transaction", raise_exception=True)
def transactions_list(request: HttpRequest) -> HttpResponse:
    """Everybody's transactions, newest first."""
    return _list(request, "transactions/list.html", _context(request))


@require_safe
@permission_required("transactions.view_transaction", raise_exception=True)
@with_client
def of_client(request: HttpRequest, client: Client) -> HttpResponse:
    """The same list in the client's frame."""
    context = {"client": client, "balances": balances_of(client), **_context(request, client)}
    return _list(request, "transactions/of_client.html", context)


@require_safe
@permission_required("transactions.view_transaction", raise_exception=True)
def export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows, all pages of it, as a CSV file."""
    return _csv(_filters(request, lists.currencies_in_use()), "transactions.csv")


@require_safe
@permission_required("transactions.view_transaction", raise_exception=True)
@with_client
def export_of_client(request: HttpRequest, client: Client) -> HttpResponseBase:
    """What the client's list shows, as a CSV file."""
    return _csv(
        _filters(request, lists.currencies_in_use(client), client), f"transactions-of-client-{client.number}.csv"
    )


def _list(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    again = request.headers.get("HX-Target") == "transactions"
    return vary_by_htmx(render(request, "transactions/_table.html#transactions" if again else template, context))


def _context(request: HttpRequest, client: Client | None = None) -> dict[str, Any]:
    currencies = lists.currencies_in_use(client)
    filters = _filters(request, currencies, client)
    problem = ""
    try:
        found = lists.transactions_list(filters)
    except SearchTooBroad as refused:
        found, problem = Transaction.objects.none(), str(refused)
    page = paginate(
        found, request.GET, sorts={"date": "date"}, default="-date", noun="transaction", nouns="transactions"
    )
    return {
        "problem": problem,
        "page": page,
        "sums": lists.sums(page.listed),
        "filters": filters,
        "methods": list(lists.payment_methods()),
        "currencies": currencies,
        "query": request.GET.urlencode(),
    }


def _filters(request: HttpRequest, currencies: list[str], client: Client | None = None) -> Filters:
    asked = request.GET
    show, method, currency = asked.get("show", ""), asked.get("method", ""), asked.get("currency", "")
    return Filters(
        search=asked.get("q", "").replace("\0", "").strip()[:200],
        show=show if show in lists.SHOWN else "",
        method=int(method) if method.isascii() and method.isdigit() and len(method) < 19 else None,
        currency=currency if currency in currencies else "",
        since=day_asked(asked.get("since")),
        until=day_asked(asked.get("until")),
        client=client,
    )


def _csv(filters: Filters, name: str) -> HttpResponseBase:
    try:
        rows = lists.transactions_list(filters).order_by("-date", "-pk").iterator(chunk_size=2_000)
    except SearchTooBroad as refused:
        return HttpResponse(
            str(refused), status=HTTPStatus.UNPROCESSABLE_CONTENT, content_type="text/plain; charset=utf-8"
        )
    return csv_response(name, CSV_HEADER, map(_csv_row, rows))


def _csv_row(row: Transaction) -> tuple[object, ...]:
    return (
        row.date, row.get_kind_display(), row.client_number, row.client_name, row.invoice_label,
        row.payment_method.name, row.reference, row.description, row.currency,
        *(plain(amount.amount, row.currency) for amount in (row.amount_in, row.fees, row.amount_out)),
        row.created_by_name, timezone.localtime(row.created_at).isoformat(timespec="seconds"),
    )  # fmt: skip
