"""The one lock order, and what the races themselves stand on."""

import threading
import time
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection
from django.db import transaction as db_transaction

from clients.models import Client
from clients.models.client_queryset import ClientQuerySet
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


def test_control_clients_locked_in_two_orders_deadlock():
    acme, globex = make_client(), make_client("Globex")
    outcomes = race(partial(lock_one_by_one, acme, globex), partial(lock_one_by_one, globex, acme))
    assert kinds(outcomes) == {"done": 1, "OperationalError": 1}
    assert "deadlock detected" in str(next(outcome for outcome in outcomes if outcome))


def written_under_lock(write: Callable[[Client], object], patience: float = 10) -> bool:
    """Whether `write` gets done while somebody holds the client's lock, who waits for it until out of patience."""
    acme = make_client()
    written = threading.Event()

    @db_transaction.atomic
    def hold() -> bool:
        Client.objects.lock([acme.pk])
        say("locked")
        return written.wait(patience)

    def write_when_locked() -> None:
        say("ready")
        write(acme)
        written.set()

    outcome, _ = race(hold, write_when_locked, meet_before=["SELECT 'locked'", "SELECT 'ready'"])
    return outcome


def say(word: str) -> None:
    """Something to meet before."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT '{word}'")


def add_a_note(to: Client) -> None:
    to.notes.create(text="Called", author_name="Ann")


def test_a_locked_client_holds_up_no_row_that_only_refers_to_it():
    assert written_under_lock(add_a_note)


def test_control_a_plain_for_update_holds_up_what_refers_to_it(monkeypatch):
    def lock_for_update(self: ClientQuerySet, ids: list[int]) -> list[Client]:
        return list(self.filter(pk__in=ids).select_for_update())

    monkeypatch.setattr(ClientQuerySet, "lock", lock_for_update)
    assert not written_under_lock(add_a_note, patience=0.5)


def test_a_locked_client_holds_up_no_other_client():
    globex = make_client("Globex")
    assert written_under_lock(lambda acme: give_credit(globex, usd(1)))


def test_control_a_locked_client_holds_up_credit_of_its_own():
    assert not written_under_lock(lambda acme: give_credit(acme, usd(1)), patience=0.5)


def test_a_race_that_hangs_fails():
    enough = threading.Event()
    with pytest.raises(pytest.fail.Exception, match=r"[12] of 2 racers hang"):
        race(partial(enough.wait, 10), lambda: None, limit=0.5)
    enough.set()
