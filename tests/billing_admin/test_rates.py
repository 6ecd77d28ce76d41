"""What may be done so often in a while: counted before it is done, and told how long to wait."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from billing_admin.db.rates import (
    Rate,
    forget,
    forget_address,
    forget_old_counts,
    forget_person,
    give_back,
    seconds_to_wait,
    take,
)
from billing_admin.models import RateCount
from tests.factories import make_staff

pytestmark = pytest.mark.django_db

THREE = Rate("asking", 3, 60)
NOW = datetime.datetime(2026, 11, 30, 12, tzinfo=datetime.UTC)


def at(seconds):
    return time_machine.travel(NOW + datetime.timedelta(seconds=seconds), tick=False)


def take_at(*seconds, key="ann"):
    taken = []
    for moment in seconds:
        with at(moment):
            taken.append(take(THREE, key))
    return taken


def test_whoever_reaches_the_limit_waits_as_long_after_the_last():
    assert take_at(0, 10, 20, 30, 79) == [0, 0, 0, 50, 1]
    assert take_at(80, 81, 82, 83) == [0, 0, 0, 59]


def test_below_the_limit_counting_begins_anew_after_the_while():
    assert take_at(0, 59, 60, 61, 62) == [0] * 5
    assert take_at(63) == [59]


def test_each_key_and_kind_is_counted_for_itself():
    assert take_at(0, 0, 0, 0) == [0, 0, 0, 60]
    assert take_at(0, key="bob") == [0]
    with at(0):
        assert take(Rate("another", 3, 60), "ann") == 0


def test_what_is_given_back_does_not_count():
    take_at(0, 0, 0)
    with at(1):
        assert seconds_to_wait(THREE, "ann") == 59
        give_back(THREE, "ann")
        assert seconds_to_wait(THREE, "ann") == 0
        give_back(THREE, "ann", 9)
        assert RateCount.objects.get().count == 0
    assert take_at(2, 3, 4, 5) == [0, 0, 0, 59]


def test_a_key_a_person_and_an_address_can_begin_anew():
    ann = make_staff()
    for key, address in (("one", "203.0.113.7"), ("other", "203.0.113.8")):
        for _ in range(3):
            take(THREE, key, person=ann.pk, address=address)
    assert (forget(THREE, "one"), forget(THREE, "one")) == (3, 0)
    assert forget_address("203.0.113.7") == 0
    assert (forget_address("203.0.113.8"), forget_person(ann.pk)) == (1, 0)
    assert take(THREE, "other", person=ann.pk) == 0
    assert forget_person(ann.pk) == 1


def test_what_counts_no_longer_is_removed():
    with time_machine.travel(timezone.now() - datetime.timedelta(days=1, seconds=1), tick=False):
        take(THREE, "ann")
    take(THREE, "bob")
    assert (forget_old_counts(), forget_old_counts()) == (1, 0)


def test_the_key_stands_nowhere():
    take(THREE, "hunter2 is my password")
    assert len(RateCount.objects.get().key) == 64
    with connection.cursor() as cursor:
        cursor.execute("SELECT ratecount::text FROM billing_admin_ratecount ratecount")
        assert "hunter2" not in str(cursor.fetchall())
