"""Staged rows as a reader writes them, and the batch that they are booked in, for tests of what becomes of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from billing_admin.db.triggers import maintenance
from billing_admin.models import Staged, StagedClient, StagedMoney, SystemImport
from clients.models import Client
from clients.services.system_import.compare import compare
from clients.services.system_import.preview import judge_all
from clients.services.system_import.receipt import receipt_of

FACTS = {
    "currencies": {"1": "USD", "2": "EUR", "3": "JPY"},
    "default_currency": "1",
    "gateways": {"stripe": "Credit Card", "banktransfer": "Bank Transfer"},
    "groups": {"1": "Resellers"},
    "fields": [],
    "taxes": [],
    "products": {},
}


def make_import(**values: Any) -> SystemImport:
    """An import that was read."""
    return SystemImport.objects.create(
        **{"system": "whmcs", "source": "WHMCS", "state": "read", "facts": FACTS, "created_by_name": "Tests"} | values
    )


def stage(run: SystemImport, model: type[Staged], source_id: object, client: object = "", **values: Any) -> Staged:
    """One staged row."""
    client = source_id if model.kind == "client" else client
    return model._default_manager.create(of=run, source_id=str(source_id), client_source_id=str(client), **values)


def booked_import() -> SystemImport:
    """An import that was booked: of a system without a row, compared, with its receipt."""
    run = make_import(state="done", version="8.13.1", read_at=timezone.now(), committed_at=timezone.now())
    run.sums = {"clients": {"Active": 2}, "balances": {"USD": {"above": 1, "below": 0, "sum": "12.00"}}}
    judge_all(run)
    run.finished_at = timezone.now()
    run.comparison, run.receipt = compare(run), receipt_of(run, ["Our invoices go on at INV-000124."])
    run.save()
    return run


def waiting_import() -> SystemImport:
    """One that waits for decisions, with clients that come, ask and wait; the same one where it is there."""
    run = SystemImport.objects.filter(state="read").first()
    if run is None:
        run = make_import(version="8.13.1", read_at=timezone.now())
        stage(run, StagedClient, 900_001, first_name="Ada", currency="1", status="Active")
        stage(run, StagedClient, 900_002, first_name="Bo", currency="97", status="Active", changes="first name: mended")
        stage(run, StagedMoney, 1, 900_001, gateway="stripe", amount_in=5)
        stage(run, StagedMoney, 2, 900_001, gateway="liberty", amount_in=0)
        judge_all(run)
        run.save()
    return run


@contextmanager
def batch(**clients: Client) -> Iterator[CursorWrapper]:
    """The transaction that brings these clients (`c7=client` is the one of the id 7 there) with all that is theirs."""
    with maintenance("import"), connection.cursor() as cursor:
        cursor.execute(
            'CREATE TEMP TABLE importing_client (source_id varchar(200) COLLATE "C" PRIMARY KEY, client_id bigint, '
            "number bigint, name text, currency varchar(3)) ON COMMIT DROP"
        )
        for name, client in clients.items():
            cursor.execute(
                "INSERT INTO importing_client VALUES (%s, %s, %s, %s, %s)",
                [name[1:], client.pk, client.number, client.name, client.currency],
            )
        yield cursor
        cursor.execute("DROP TABLE importing_client")
