"""The statement of a client for a period: as a page, as a document, or as CSV."""

import datetime
from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from billing_admin.db.days import day_asked
from billing_admin.documents import draw
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import plain_amount
from billing_admin.web.csv_export import csv_response
from billing_admin.web.http import staff
from billing_admin.web.limits import takes_long
from billing_admin.web.needs import needs
from billing_admin.web.replica import may_read_replica
from billing_admin.web.saved_files import pdf_response
from clients.decorators import client_from_url
from clients.documents.statement import statement_sheet
from clients.models import Client
from clients.selectors.statement import Account, StatementLine
from clients.selectors.statement import statement as accounts_of
from clients.services.export import record_export
from credits.selectors.balances import balances_of
from invoices.models import SellerVersion

HEADER = ("Account", "Currency", "Date", "Description", "Change", "Balance")


_may_see = needs(
    "clients.view_client",
    "invoices.view_invoice",
    "transactions.view_transaction",
    "credits.view_credit",
    to_send="clients.save_lists",
)


@require_http_methods(["GET", "HEAD", "POST"])
@_may_see
@may_read_replica
@client_from_url
@takes_long
def statement(request: HttpRequest, client: Client) -> HttpResponseBase:
    """`?from=` and `?to=`, both counted; from the first of the last three months up to today where they say nothing.

    POST saves it as a file.
    """
    first, last = _period(request)
    accounts = accounts_of(client, first, last)
    if request.method == "POST":
        name = f"{_name(client, first, last)}.csv"
        _write_down(request, client, first, last, name)
        return csv_response(name, HEADER, _rows(accounts))
    context = {
        "client": client,
        "balances": balances_of(client),
        "first": first,
        "last": last,
        "today": timezone.localdate(),
        "accounts": accounts,
    }
    return render(request, "clients/statement.html", context)


@_may_see
@require_POST
@client_from_url
@takes_long
def statement_pdf(request: HttpRequest, client: Client) -> HttpResponseBase:
    """The same as a document for the client, drawn anew each time; where it cannot be drawn, the page says why."""
    first, last = _period(request)
    try:
        sheet = statement_sheet(client, accounts_of(client, first, last), first, last, SellerVersion.objects.current())
        drawn = draw(sheet)
    except BusinessError as error:
        messages.warning(request, str(error))
        page = reverse("clients:statement", args=[client.number])
        return HttpResponseRedirect(f"{page}?from={first}&to={last}")
    if drawn.left_out:
        messages.warning(request, f"No font has the letters {drawn.left_out}: the statement shows � in their places.")
    name = f"{_name(client, first, last)}.pdf"
    _write_down(request, client, first, last, name)
    return pdf_response(drawn.content, name)


def _period(request: HttpRequest) -> tuple[datetime.date, datetime.date]:
    today = timezone.localdate()
    last = min(day_asked(request.GET.get("to")) or today, today)
    month = last.month - 3
    start = last.replace(year=last.year - (month < 1), month=(month - 1) % 12 + 1, day=1)
    return min(day_asked(request.GET.get("from")) or start, last), last


def _name(client: Client, first: datetime.date, last: datetime.date) -> str:
    return f"statement-{client.number}-{first}-{last}"


def _write_down(request: HttpRequest, client: Client, first: datetime.date, last: datetime.date, file: str) -> None:
    what = f"Statement from {first:%-d %b %Y} to {last:%-d %b %Y}"
    record_export(what=what, verb="statement.exported", client=client, by=staff(request), file=file)


def _rows(accounts: list[Account]) -> Iterator[tuple[object, ...]]:
    for account in accounts:
        code = account.currency
        yield "Owed", code, "", "Balance before", "", plain_amount(account.owed_before.amount, code)
        yield from (_row("Owed", line, code) for line in account.owed)
        yield "Credit", code, "", "Balance before", "", plain_amount(account.held_before.amount, code)
        yield from (_row("Credit", line, code) for line in account.held)


def _row(account: str, line: StatementLine, code: str) -> tuple[object, ...]:
    return (
        account,
        code,
        line.on,
        line.what,
        plain_amount(line.change.amount, code),
        plain_amount(line.balance.amount, code),
    )
