"""The statement of a client for a period: to print, or as CSV."""

from collections.abc import Iterator

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing_admin.db.days import day_asked
from billing_admin.money.amounts import plain_amount
from billing_admin.web.csv_export import csv_response
from billing_admin.web.http import staff
from billing_admin.web.limits import takes_long
from clients.decorators import client_from_url
from clients.models import Client
from clients.selectors.statement import Account, StatementLine
from clients.selectors.statement import statement as accounts_of
from clients.services.export import record_export
from credits.selectors.balances import balances_of

HEADER = ("Account", "Currency", "Date", "Description", "Change", "Balance")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(
    ("clients.view_client", "invoices.view_invoice", "transactions.view_transaction", "credits.view_credit"),
    raise_exception=True,
)
@client_from_url
@takes_long
def statement(request: HttpRequest, client: Client) -> HttpResponseBase:
    """`?from=` and `?to=`, both counted; from the first of the last three months up to today where they say nothing.

    POST saves it as a file.
    """
    today = timezone.localdate()
    last = min(day_asked(request.GET.get("to")) or today, today)
    month = last.month - 3
    start = last.replace(year=last.year - (month < 1), month=(month - 1) % 12 + 1, day=1)
    first = min(day_asked(request.GET.get("from")) or start, last)
    accounts = accounts_of(client, first, last)
    if request.method == "POST":
        what = f"Statement from {first:%-d %b %Y} to {last:%-d %b %Y}"
        record_export(what=what, verb="statement.exported", client=client, by=staff(request))
        return csv_response(f"statement-{client.number}-{first}-{last}.csv", HEADER, _rows(accounts))
    context = {
        "client": client,
        "balances": balances_of(client),
        "first": first,
        "last": last,
        "today": today,
        "accounts": accounts,
    }
    return render(request, "clients/statement.html", context)


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
