"""What a race needs: data that every connection sees, and the locks taken out."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from clients.models import form_key
from clients.models.client_queryset import ClientGone, ClientQuerySet
from clients.services import documents, profile
from credits.services import credit_use
from credits.services.bulk import preview
from invoices.services import numbering, tax_settings
from invoices.services.runs import limits
from tests.jobs import queue_worker
from tests.real_commits import restore, snapshot, transactional_db  # noqa: F401
from transactions.services import booking
from transactions.services.importing import book as importing_booking


@pytest.fixture(autouse=True)
def committed(transactional_db: None) -> None:  # noqa: F811
    """Every test here commits."""


@pytest.fixture(scope="module")
def shared_worker(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One queue worker for the tests of a module that do it no harm."""
    with django_db_blocker.unblock():
        before = snapshot()
        with queue_worker():
            yield
        restore(before)
        connection.close()


@pytest.fixture
def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Controls: client rows are read where they should be locked, and keys let everybody pass."""

    def lock(self: ClientQuerySet, ids: Any) -> list[Any]:
        return list(self.filter(pk__in=set(ids)).order_by("pk"))

    def lock_one(self: ClientQuerySet, pk: int) -> Any:
        for client in self.filter(pk=pk):
            return client
        raise ClientGone

    def lock_ids(self: ClientQuerySet, ids: Any) -> list[int]:
        return list(self.filter(pk__in=set(ids)).order_by("pk").values_list("pk", flat=True))

    def lock_free_ids(self: ClientQuerySet, limit: int) -> list[int]:
        return list(self.order_by("pk").values_list("pk", flat=True)[:limit])

    for service in (
        documents, form_key, profile, preview, booking, importing_booking, credit_use, numbering, limits, tax_settings,
    ):  # fmt: skip
        monkeypatch.setattr(service, "lock_key", lambda key: None)
    monkeypatch.setattr(ClientQuerySet, "lock", lock)
    monkeypatch.setattr(ClientQuerySet, "lock_one", lock_one)
    monkeypatch.setattr(ClientQuerySet, "lock_ids", lock_ids)
    monkeypatch.setattr(ClientQuerySet, "lock_free_ids", lock_free_ids)
    monkeypatch.setattr(ClientQuerySet, "lock_for_removal", lambda self, pk: None)


@pytest.fixture
def without_constraints(committed: None) -> Iterator[None]:
    """Controls: the checks on money are dropped, so that what locks prevent can be seen; put back after the race."""
    dropped = (
        ("credits_creditgrant", "credit_grant_remaining"),
        ("credits_creditaccount", "credit_balance_not_negative"),
        ("invoices_invoice", "invoice_settled_within_total"),
        ("invoices_invoice", "invoice_paid_exactly_when_nothing_due"),
    )
    with connection.cursor() as cursor:
        definitions = []
        for table, name in dropped:
            cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name])
            definitions.append((table, name, cursor.fetchone()[0]))
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        yield
        cursor.execute(f"TRUNCATE {', '.join({table for table, _ in dropped})} CASCADE")
        for table, name, definition in definitions:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
