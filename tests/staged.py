"""Staged rows as a reader writes them, and the batch that they are booked in, for tests of what becomes of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from billing_admin.db.triggers import maintenance
from billing_admin.models import Staged, SystemImport
from clients.models import Client

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
