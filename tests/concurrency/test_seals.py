"""Sealing activity while others write, seal and are killed: every row is sealed once, and nobody who writes waits."""

import signal
import threading
import time

import pytest
from django.db import IntegrityError, connection
from django.db import transaction as db_transaction

from billing_admin.db.locks import second_connection
from clients.models import Activity, ActivitySeal, UnsealedRows, activity_seal
from clients.services.sign_off import sign_off_activity
from credits.services.check import verify_activity
from tests.concurrency.killed import NEVER, Ended, Victims
from tests.concurrency.racing import race
from tests.factories import give_credit, make_client, usd
from tests.unchanged import nothing_changes

_WRITE = (
    "INSERT INTO clients_activity (actor_name, verb, summary, data, at) VALUES ('', 'demo.loaded', '', '{}', now())"
)


def sealed() -> list[int]:
    """The ids in all seals, in their order."""
    return [pk for ids in ActivitySeal.objects.order_by("number").values_list("row_ids", flat=True) for pk in ids]


def every_row() -> list[int]:
    return list(Activity.objects.order_by("pk").values_list("pk", flat=True))


def one_after_the_other() -> list[object]:
    """Two seal: the second begins, with a row more, before the first has ended."""
    acme = make_client()
    begun, more = threading.Event(), threading.Event()

    def first() -> int:
        with db_transaction.atomic():
            count = ActivitySeal.objects.seal()
            begun.set()
            more.wait(10)
            time.sleep(0.5)
            return count

    def second() -> int:
        begun.wait(10)
        give_credit(acme, usd(5))  # who writes waits for nobody
        more.set()
        return ActivitySeal.objects.seal()

    return race(first, second)


def test_two_sealers_at_once_seal_each_row_once():
    assert one_after_the_other() == [1, 1]
    assert list(ActivitySeal.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert sealed() == every_row()
    assert verify_activity() == []


def test_control_two_sealers_at_once_would_make_the_same_link(monkeypatch):
    monkeypatch.setattr(activity_seal, "lock_key", lambda key: None)
    _, second = one_after_the_other()
    assert isinstance(second, IntegrityError)


def test_who_writes_waits_for_no_other_writer_and_no_sealer():
    acme = make_client()
    with second_connection() as other:
        other.set_autocommit(False)
        with other.cursor() as cursor, connection.cursor() as ours:
            cursor.execute(_WRITE)
            ours.execute("SET lock_timeout = '1s'")
            give_credit(acme, usd(5))
            assert ActivitySeal.objects.seal() == 2  # what is not committed is not sealed
            other.commit()
            assert ActivitySeal.objects.seal() == 1
            ours.execute("SET lock_timeout = 0")
    assert sorted(sealed()) == every_row()
    assert verify_activity() == []


@pytest.mark.slow
def test_a_sealer_that_is_killed_has_sealed_nothing_or_all():
    acme = make_client()
    give_credit(acme, usd(5))
    with Victims() as victims:
        for point in (1, 2, 3):  # it has looked, it holds the lock, it has sealed and not committed
            with nothing_changes():
                assert victims.run(point, "verify_activity") == Ended(-signal.SIGKILL, point)
        assert victims.run(NEVER, "verify_activity").exit_code == 0
    assert sealed() == every_row()
    assert verify_activity() == []


def test_more_than_one_seal_holds_is_sealed_in_several(monkeypatch):
    monkeypatch.setattr(activity_seal, "MOST_ROWS", 3)
    acme = make_client()
    for _ in range(7):
        give_credit(acme, usd(1))
    assert ActivitySeal.objects.seal() == 8
    assert [len(seal.row_ids) for seal in ActivitySeal.objects.order_by("number")] == [3, 3, 2]
    assert not UnsealedRows.objects.exists()
    assert sign_off_activity().sign_off.count == 8
    assert verify_activity() == []
