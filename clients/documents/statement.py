"""A statement of account on paper: in the client's language, under the company's letterhead."""

import datetime
from collections.abc import Sequence
from typing import Any

from djmoney.money import Money

from billing_admin.documents import Sheet, amount_in, day_in, money_in, words
from billing_admin.errors import BusinessError
from clients.models import Client
from clients.selectors.statement import Account
from invoices.documents.letterhead import addressed_to, language_of, letterhead, logo_of
from invoices.models import SellerVersion

# As many as are drawn in the time that a document may take.
MOST_LINES = 10_000


def statement_sheet(
    client: Client,
    accounts: Sequence[Account],
    first: datetime.date,
    last: datetime.date,
    company: SellerVersion | None,
) -> Sheet:
    """The statement of a period: for each currency what is owed and what is held in credit, line by line.

    Raises BusinessError where that are more lines than a document takes.
    """
    lines = sum(len(account.owed) + len(account.held) for account in accounts)
    if lines > MOST_LINES:
        otherwise = "Choose a shorter period, or save it as CSV."
        raise BusinessError(f"This statement has {lines:,} lines; a PDF takes {MOST_LINES:,}. {otherwise}")
    language = language_of(client, company)
    said = words(language)
    period = said["from_to"].format(first=day_in(first, language), last=day_in(last, language))
    data = {
        **letterhead(company, language),
        **addressed_to(client, language),
        "title": f"{said['statement']}, {period}",
        "heading": said["statement"],
        "date": [last.year, last.month, last.day],
        "facts": [[said["period"], period], [said["client"], str(client.number)]],
        "highlight": "\n".join(_in_short(account, language) for account in accounts),
        "tables": [
            table
            for account in accounts
            for table in (_owed(account, first, last, language), _held(account, first, last, language))
        ],
        "notes": [] if accounts else [said["nothing_moved"]],
    }
    return Sheet("statement.typ", data, last, logo=logo_of(company))


def _in_short(account: Account, language: str) -> str:
    """`Owed 20.00 EUR`; and what is held in credit, where something is."""
    said = words(language)
    owed = f"{said['owed_after']} {_money(account.owed_after, language)}"
    held = f"{said['credit_after']} {_money(account.held_after, language)}"
    return f"{owed} · {held}" if account.held_after.amount else owed


def _owed(account: Account, first: datetime.date, last: datetime.date, language: str) -> dict[str, Any]:
    said = words(language)
    rows = [
        _row(
            day_in(line.on, language),
            line.said_in(language),
            _figure(line.change, language) if line.change.amount > 0 else "",
            _figure(line.settled, language) if line.change.amount < 0 else "",
            _figure(line.balance, language),
        )
        for line in account.owed
    ]
    before = _row(day_in(first, language), said["owed_before"], "", "", _figure(account.owed_before, language))
    after = _row(
        day_in(last, language), said["owed_after"], "", "", _money(account.owed_after, language), weight="bold"
    )
    return {
        "heading": said["invoices_and_payments"].format(currency=account.currency),
        "columns": [said[name] for name in ("date", "description", "charged", "settled", "owed")],
        "rows": [before, *rows, after],
    }


def _held(account: Account, first: datetime.date, last: datetime.date, language: str) -> dict[str, Any]:
    said = words(language)
    rows = [
        _row(
            day_in(line.on, language),
            line.said_in(language),
            _figure(line.change, language),
            _figure(line.balance, language),
        )
        for line in account.held
    ]
    before = _row(day_in(first, language), said["credit_before"], "", _figure(account.held_before, language))
    after = _row(day_in(last, language), said["credit_after"], "", _money(account.held_after, language), weight="bold")
    return {
        "heading": said["credit_in"].format(currency=account.currency),
        "columns": [said[name] for name in ("date", "description", "change", "balance")],
        "rows": [before, *rows, after],
    }


def _row(*cells: str, weight: str = "regular") -> dict[str, Any]:
    return {"cells": list(cells), "weight": weight}


def _figure(money: Money, language: str) -> str:
    return amount_in(money.amount, money.currency.code, language)


def _money(money: Money, language: str) -> str:
    return money_in(money.amount, money.currency.code, language)
