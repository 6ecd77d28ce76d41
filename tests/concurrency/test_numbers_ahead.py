"""Numbers taken by transactions that are at work at the same time."""

import random
import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone

from invoices.models import NumberSeries
from invoices.models import numbers_ahead as module
from invoices.models.numbers_ahead import NumbersMoved, confirm
from tests.concurrency.racing import LIMIT, race

TODAY = timezone.localdate()
taken: list[tuple[int, int]] = []  # in the order of their commits, as far as one follows another


class TurnedBack(Exception):
    """A transaction that undoes what it has done."""


@pytest.fixture(autouse=True)
def none_taken():
    taken.clear()


def number_ahead(
    count: int,
    *,
    begun: threading.Event | None = None,
    ended: threading.Event | None = None,
    stands: bool = True,
    confirms: Callable[[module.NumbersAhead], None] = confirm,
) -> int:
    """Take so many, say so, wait for leave to end, and return the first of them."""
    with db_transaction.atomic():
        numbers = NumberSeries.objects.take_ahead(NumberSeries.INVOICE, count, TODAY)
        if begun:
            begun.set()
        assert ended is None or ended.wait(LIMIT)
        if not stands:
            raise TurnedBack
        confirms(numbers)
        taken.append((numbers.first, count))
    return numbers.first


def number_in_turn(count: int) -> int:
    with db_transaction.atomic():
        _, first = NumberSeries.objects.take(NumberSeries.INVOICE, count, TODAY)
        taken.append((first, count))
    return first


def after(event: threading.Event, act: Callable[[], int], *, then: threading.Event | None = None) -> int:
    assert event.wait(LIMIT)
    try:
        return act()
    finally:
        if then:
            then.set()


def test_the_second_numbers_while_the_first_is_at_work():
    """It has its numbers, and may end only after the first: that one ends when the second has begun."""
    first_begun, second_begun = threading.Event(), threading.Event()
    outcomes = race(
        partial(number_ahead, 5, begun=first_begun, ended=second_begun),
        partial(after, first_begun, partial(number_ahead, 3, begun=second_begun)),
    )
    assert outcomes == [1, 6]
    assert taken == [(1, 5), (6, 3)]
    assert NumberSeries.objects.get().next_number == 9


def test_who_follows_one_that_came_to_nothing_does_not_stand():
    first_begun, second_begun = threading.Event(), threading.Event()
    undone, moved = race(
        partial(number_ahead, 5, begun=first_begun, ended=second_begun, stands=False),
        partial(after, first_begun, partial(number_ahead, 3, begun=second_begun)),
    )
    assert isinstance(undone, TurnedBack)
    assert isinstance(moved, NumbersMoved)
    assert not NumberSeries.objects.exists()
    assert number_ahead(3) == 1


def test_control_without_confirming_there_would_be_a_gap():
    def only_move_on(numbers: module.NumbersAhead) -> None:
        NumberSeries.objects.update_or_create(
            document=numbers.document, prefix=numbers.prefix, defaults={"next_number": numbers.first + numbers.count}
        )

    first_begun, second_begun = threading.Event(), threading.Event()
    undone, second = race(
        partial(number_ahead, 5, begun=first_begun, ended=second_begun, stands=False),
        partial(after, first_begun, partial(number_ahead, 3, begun=second_begun, confirms=only_move_on)),
    )
    assert isinstance(undone, TurnedBack)
    assert (second, taken) == (6, [(6, 3)])  # 1 to 5 are missing


def test_who_takes_in_turn_waits_for_those_at_work():
    begun, ended = threading.Event(), threading.Event()

    def end_when_the_other_waits() -> int:
        with connection.cursor() as cursor:
            waiting = False
            while not waiting:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                waiting = cursor.fetchone() == (1,)
        ended.set()
        return 0

    outcomes = race(
        partial(number_ahead, 5, begun=begun, ended=ended),
        partial(after, begun, partial(number_in_turn, 1)),
        partial(after, begun, end_when_the_other_waits),
    )
    assert outcomes == [1, 6, 0]
    assert number_ahead(2) == 7


def test_each_prefix_is_a_series_of_its_own():
    with db_transaction.atomic():
        invoices = NumberSeries.objects.take_ahead(NumberSeries.INVOICE, 2, TODAY)
        notes = NumberSeries.objects.take_ahead(NumberSeries.CREDIT_NOTE, 4, TODAY)
        confirm(invoices)
        confirm(notes)
    assert (invoices.first, notes.first) == (1, 1)
    assert dict(NumberSeries.objects.values_list("document", "next_number")) == {"invoice": 3, "credit_note": 5}


def test_one_transaction_takes_twice():
    with db_transaction.atomic():
        for expected in (1, 3):
            numbers = NumberSeries.objects.take_ahead(NumberSeries.INVOICE, 2, TODAY)
            assert numbers.first == expected
            confirm(numbers)
    assert number_in_turn(1) == 5


def work(seed: int, rounds: int) -> int:
    """Number ahead, undo every fourth, and do again in turn what did not stand. Returns how many numbers stand."""
    chance = random.Random(seed)
    standing = 0
    for _ in range(rounds):
        count = chance.randint(1, 7)
        try:
            number_ahead(count, stands=chance.random() < 0.75)
            standing += count
        except TurnedBack:
            pass
        except NumbersMoved:
            number_in_turn(count)
            standing += count
        if chance.random() < 0.1:
            number_in_turn(1)
            standing += 1
    return standing


@pytest.mark.parametrize("seed", [1, 2])
def test_eight_at_once_some_undone_leave_no_gap_and_no_double(seed):
    standing = sum(race(*(partial(work, seed * 100 + place, 25) for place in range(8)), limit=60))
    numbers = sorted(number for first, count in taken for number in range(first, first + count))
    assert numbers == list(range(1, standing + 1))
    assert NumberSeries.objects.get().next_number == standing + 1
