"""An import of another system and the batch that its credit is booked in."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from billing_admin.models import StagedClient, StagedCredit, SystemImport
from billing_admin.money.amounts import plain_amount
from clients.models import Client, ExternalReference
from credits.models import CreditAccount, CreditEntry
from credits.services.check import check_ledger
from credits.services.system_import import bring_credit, judge
from invoices.models import Invoice
from tests.invariants import assert_invariants
from tests.staged import batch, make_import, stage

IMPORTING_INVOICE = (
    'CREATE TEMP TABLE importing_invoice (source_id varchar(200) COLLATE "C" PRIMARY KEY, invoice_id bigint, '
    "client_id bigint, currency varchar(3), origin varchar(7), label text) ON COMMIT DROP"
)

Row = tuple[str | None, str]


def stage_credit(
    run: SystemImport, of: object, balance: str, rows: list[Row], *, first: int = 1, **values: Any
) -> None:
    """A client with its balance, and its rows as (day, amount)."""
    stage(run, StagedClient, of, balance=Decimal(balance), **{"currency": "1"} | values)
    for place, (on, amount) in enumerate(rows, first):
        stage(run, StagedCredit, f"{of}{place:03}", of, on=on, amount=Decimal(amount), description=f"Row {place}")


def bring(run: SystemImport, *invoices: tuple[str, Invoice], **clients: Client) -> None:
    """Book it, in one batch, for clients that have their reference by then."""
    for name, client in clients.items():
        ExternalReference.objects.get_or_create(
            client=client, source=run.source, kind="client", external_id=name[1:], defaults={"system_import": run}
        )
    judge(run)
    with batch(**clients) as cursor:
        cursor.execute(IMPORTING_INVOICE)
        for source_id, invoice in invoices:
            cursor.execute(
                "INSERT INTO importing_invoice VALUES (%s, %s, %s, %s, %s, %s)",
                [source_id, invoice.pk, invoice.client_id, invoice.currency, invoice.origin, invoice.label],
            )
        bring_credit(cursor, run, timezone.now())
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("DROP TABLE importing_invoice")


def entries(client: Client) -> list[tuple[str, str, str]]:
    """A client's entries in the order of time, as (day, kind, amount)."""
    rows = CreditEntry.objects.filter(client=client).order_by("at", "id")
    return [(f"{timezone.localdate(row.at)}", row.kind, plain_amount(row.amount.amount, row.currency)) for row in rows]


def balance(client: Client) -> Decimal:
    return sum((account.balance.amount for account in CreditAccount.objects.filter(client=client)), Decimal(0))


def outcomes(run: SystemImport) -> list[tuple[str, str]]:
    return list(StagedCredit.objects.filter(of=run).order_by("pk").values_list("outcome", "why"))


def sound() -> None:
    """The books come out right, by the product's own check and by the tests' own sums."""
    assert_invariants()
    assert [found.text for found in check_ledger().findings.all()] == []


@pytest.fixture
def run(db: None) -> SystemImport:
    return make_import(answers={"credit category": "paid"})


@pytest.fixture
def again(run: SystemImport) -> Callable[[], SystemImport]:
    """A further import of the same system."""

    def make() -> SystemImport:
        SystemImport.objects.update(state="done")
        return make_import(answers=run.answers)

    return make


def today() -> str:
    return f"{timezone.localdate():%Y-%m-%d}"


def tomorrow() -> str:
    return f"{timezone.localdate() + datetime.timedelta(days=1):%Y-%m-%d}"
