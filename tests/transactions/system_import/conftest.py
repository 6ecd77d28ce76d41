"""An import of another system and the batch that its money is booked in."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from billing_admin.db.triggers import maintenance
from billing_admin.models import StagedClient, StagedMoney, SystemImport
from billing_admin.money.amounts import plain_amount
from clients.models import Client, ExternalReference
from credits.services.check import check_ledger
from invoices.models import Invoice
from tests.invariants import assert_invariants
from tests.staged import batch, make_import, stage
from transactions.models import Transaction
from transactions.services.system_import import bring_money, bring_money_of_nobody, judge

IMPORTING_INVOICE = (
    'CREATE TEMP TABLE importing_invoice (source_id varchar(200) COLLATE "C" PRIMARY KEY, invoice_id bigint, '
    "client_id bigint, currency varchar(3), origin varchar(7), label text) ON COMMIT DROP"
)
AT = "2026-05-07T09:30:00Z"


def stage_money(
    run: SystemImport, source_id: object, of: object, came: str = "0", went: str = "0", **values: Any
) -> None:
    """A row of money of the client of this id there."""
    amounts = {"amount_in": Decimal(came), "amount_out": Decimal(went), "fees": Decimal(values.pop("fees", "0"))}
    stage(run, StagedMoney, source_id, of, **amounts, **{"at": AT, "gateway": "stripe"} | values)


def stage_client(run: SystemImport, of: object, **values: Any) -> None:
    stage(run, StagedClient, of, **{"currency": "1"} | values)


def bring(run: SystemImport, *invoices: tuple[str, Invoice], **clients: Client) -> None:
    """Book it, in one batch, for clients that have their reference by then; then what is nobody's."""
    for name, client in clients.items():
        ExternalReference.objects.get_or_create(
            client=client, source=run.source, kind="client", external_id=name[1:], defaults={"system_import": run}
        )
    judge(run)
    at = timezone.now()
    with batch(**clients) as cursor:
        cursor.execute(IMPORTING_INVOICE)
        for source_id, invoice in invoices:
            cursor.execute(
                "INSERT INTO importing_invoice VALUES (%s, %s, %s, %s, %s, %s)",
                [source_id, invoice.pk, invoice.client_id, invoice.currency, invoice.origin, invoice.label],
            )
        bring_money(cursor, run, at)
        cursor.execute("DROP TABLE importing_invoice")
    with maintenance("import"), connection.cursor() as cursor:
        bring_money_of_nobody(cursor, run, 0, 10**9, at)
        cursor.execute("DROP TABLE importing_invoice")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def booked(client: Client | None) -> list[tuple[str, ...]]:
    """What became of it, in the order of booking, as (kind, in, fees, out)."""
    return [
        (row.kind, *(plain_amount(money.amount, row.currency) for money in (row.amount_in, row.fees, row.amount_out)))
        for row in Transaction.objects.filter(client=client).order_by("pk")
    ]


def outcomes(run: SystemImport) -> list[tuple[str, str]]:
    return list(StagedMoney.objects.filter(of=run).order_by("pk").values_list("outcome", "why"))


def sound() -> None:
    """The books come out right, by the product's own check and by the tests' own sums."""
    assert_invariants()
    assert [found.text for found in check_ledger().findings.all()] == []


@pytest.fixture
def run(db: None) -> SystemImport:
    return make_import()


@pytest.fixture
def again(run: SystemImport) -> Callable[[], SystemImport]:
    """A further import of the same system."""

    def make() -> SystemImport:
        SystemImport.objects.update(state="done")
        return make_import(answers=run.answers)

    return make
