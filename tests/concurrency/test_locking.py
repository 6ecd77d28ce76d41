"""The one lock order, and what the races themselves stand on."""

import threading
import time
from functools import partial

import pytest
from django.db import connection
from django.db import transaction as db_transaction

from clients.models import Client
from clients.models.client import ClientQuerySet
from tests.concurrency.racing import kinds, race
from tests.factories import give_credit, make_client, usd


@db_transaction.atomic
def lock(*clients: Client) -> list[int]:
    return [locked.pk for locked in Client.objects.lock([owner.pk for owner in clients])]


@db_transaction.atomic
def lock_one_by_one(*clients: Client) -> None:
    for owner in clients:
        Client.objects.lock([owner.pk])
        time.sleep(0.2)


def test_two_clients_are_locked_in_one_order_whoever_names_them_first():
    acme, globex = make_client(), make_client("Globex")
    outcomes = race(*[partial(lock, acme, globex), partial(lock, globex, acme)] * 5)
    assert outcomes == [[acme.pk, globex.pk]] * 10


def test_control_clients_locked_one_by_one_in_two_orders_deadlock_and_fail_within_seconds():
    acme, globex = make_client(), make_client("Globex")
    outcomes = race(partial(lock_one_by_one, acme, globex), partial(lock_one_by_one, globex, acme))
    assert kinds(outcomes) == {"done": 1, "OperationalError": 1}
    assert "deadlock detected" in str(next(outcome for outcome in outcomes if outcome))


def lock_while_others_write(write) -> tuple[float, float]:
    """Hold a client's lock for half a second while `write` runs; return when it went and when `write` was done."""
    acme = make_client()

    @db_transaction.atomic
    def hold() -> float:
        Client.objects.lock([acme.pk])
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'locked'")
        time.sleep(0.5)
        return time.monotonic()

    def write_when_locked() -> float:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'ready'")
        write(acme)
        return time.monotonic()

    released, written = race(hold, write_when_locked, meet_before=["SELECT 'locked'", "SELECT 'ready'"])
    return released, written


def add_a_note(to: Client) -> None:
    to.notes.create(text="Called", author_name="Ann")


def test_a_locked_client_holds_up_no_row_that_only_refers_to_it():
    released, written = lock_while_others_write(add_a_note)
    assert written < released


def test_control_a_plain_for_update_holds_up_every_row_that_refers_to_the_client(monkeypatch):
    def lock_for_update(self: ClientQuerySet, ids: list[int]) -> list[Client]:
        return list(self.filter(pk__in=ids).select_for_update())

    monkeypatch.setattr(ClientQuerySet, "lock", lock_for_update)
    released, written = lock_while_others_write(add_a_note)
    assert written > released


def test_a_locked_client_holds_up_no_other_client():
    globex = make_client("Globex")
    released, written = lock_while_others_write(lambda acme: give_credit(globex, usd(1)))
    assert written < released


def test_control_a_locked_client_holds_up_credit_of_its_own():
    released, written = lock_while_others_write(lambda acme: give_credit(acme, usd(1)))
    assert written > released


def test_a_race_that_hangs_fails():
    enough = threading.Event()
    with pytest.raises(pytest.fail.Exception, match="1 of 2 racers hang"):
        race(partial(enough.wait, 10), lambda: None, limit=0.5)
    enough.set()
