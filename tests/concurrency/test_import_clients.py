"""The same file imported twice at once, and a client opened while clients are imported."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from billing_admin.csv_files.imports import Import
from clients.models import Activity, Client
from clients.services.importing.own_format import import_clients
from invoices.models import BillableItem
from invoices.services.import_items import import_billable_items
from tests.concurrency.racing import kinds, race
from tests.factories import make_client
from tests.invariants import assert_invariants


@pytest.fixture
def clients_file(tmp_path: Path) -> Path:
    """Eight clients, numbered on from the last one."""
    first = make_client().number + 1
    rows = [f"{number},Client {number},USD" for number in range(first, first + 8)]
    path = tmp_path / "clients.csv"
    path.write_text("\n".join(["Client ID,Company Name,Currency", *rows]))
    return path


@pytest.fixture
def items_file(tmp_path: Path) -> Path:
    """Eight items of one client, two of them the same."""
    acme = make_client()
    rows = [f"{acme.number},Hosting {min(place, 6)},1,10.00,USD,2026-01-31" for place in range(8)]
    path = tmp_path / "items.csv"
    path.write_text("\n".join(["Client ID,Description,Quantity,Amount,Currency,Due Date", *rows]))
    return path


def figures(outcomes: list[Import]) -> list[tuple[int, int]]:
    return sorted((outcome.imported, outcome.already_there) for outcome in outcomes)


def without_waiting(action: Callable[[], Any]) -> Any:
    """Control: the import does not wait for the other one."""

    def skip_lock(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "pg_advisory_xact_lock" in sql:
            return execute("SELECT 1", None, many, context)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(skip_lock):
        return action()


def test_the_same_clients_imported_twice_at_once_are_added_once(clients_file):
    action = partial(import_clients, path=clients_file, by=None)
    assert figures(race(action, action, meet_before=["SELECT pg_advisory"])) == [(0, 8), (8, 0)]
    assert Client.objects.count() == 9
    assert Activity.objects.filter(verb="client.imported").count() == 8
    assert Activity.objects.filter(verb="clients.imported").count() == 1


def test_control_without_the_lock_one_of_the_two_is_refused(clients_file):
    action = partial(without_waiting, partial(import_clients, path=clients_file, by=None))
    said = (
        "8 clients of the file got a number meanwhile that the file has too. Nothing was imported. Import the file "
        "again to see which."
    )
    assert kinds(race(action, action, meet_before=["WITH added"])) == {"done": 1, said: 1}
    assert Client.objects.count() == 9


def test_the_same_items_imported_twice_at_once_are_added_once(items_file):
    action = partial(import_billable_items, path=items_file, by=None)
    assert figures(race(action, action, meet_before=["SELECT pg_advisory"])) == [(0, 8), (8, 0)]
    assert BillableItem.objects.count() == 8
    assert_invariants()


def test_control_without_the_locks_the_database_refuses_the_second(items_file, without_locks):
    action = partial(without_waiting, partial(import_billable_items, path=items_file, by=None))
    outcomes = race(action, action, meet_before=["INSERT INTO invoices_billableitem"])
    assert kinds(outcomes) == {"done": 1, "billable_item_imported_once": 1}
    assert BillableItem.objects.count() == 8


def test_clients_opened_meanwhile_get_numbers_of_their_own(clients_file):
    """Either they come first, and the import says so, or they come after the file's numbers."""
    outcomes = race(
        partial(import_clients, path=clients_file, by=None), *(partial(make_client, f"New {n}") for n in range(4))
    )
    said = set(kinds(outcomes)) - {"done", "ImportRefused"}
    assert all(
        "of the file got a number meanwhile that the file has too. Nothing was imported." in text for text in said
    )
    assert kinds(outcomes[1:]) == {"done": 4}
    assert Client.objects.count() == (5 if isinstance(outcomes[0], Exception) else 13)
    assert make_client().number == max(Client.objects.values_list("number", flat=True))
