"""What others changed meanwhile is never overwritten unseen."""

import datetime
from decimal import Decimal

import pytest
from djmoney.money import Money

from billing_admin.seen import ChangedMeanwhile, changes_to_store, seen_of


def test_what_staff_left_alone_keeps_what_is_stored_now():
    seen = seen_of({"phone": "1", "city": "Bern"})
    changes = changes_to_store(stored={"phone": "2", "city": "Bern"}, typed={"phone": "1", "city": "Basel"}, seen=seen)
    assert changes == {"city": "Basel"}


def test_what_both_changed_is_refused_with_what_is_stored():
    seen = seen_of({"phone": "1", "city": "Bern"})
    with pytest.raises(ChangedMeanwhile) as caught:
        changes_to_store(stored={"phone": "2", "city": "Chur"}, typed={"phone": "3", "city": "Bern"}, seen=seen)
    assert (caught.value.stored, caught.value.moved) == ({"phone": "2", "city": "Chur"}, {"phone", "city"})


def test_what_both_changed_to_the_same_is_no_conflict():
    assert changes_to_store(stored={"phone": "2"}, typed={"phone": "2"}, seen=seen_of({"phone": "1"})) == {}


def test_without_what_was_seen_all_that_differs_is_stored():
    assert changes_to_store(stored={"a": 1, "b": 2}, typed={"a": 1, "b": 3}, seen=None) == {"b": 3}


def test_a_field_that_was_not_shown_is_no_field_that_was_seen():
    with pytest.raises(ChangedMeanwhile):
        changes_to_store(stored={"a": 1}, typed={"a": 2}, seen={})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Decimal("12.5"), Decimal("12.500")),
        (Money("12.5", "USD"), Money("12.50", "USD")),
        ("a\r\nb ", "a\nb"),
        (None, ""),
    ],
)
def test_the_same_written_otherwise_is_the_same(one, other):
    assert seen_of({"x": one}) == seen_of({"x": other})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Money("12.5", "USD"), Money("12.5", "EUR")),
        (False, None),
        (Decimal(0), None),
        (["a", "b"], ["b", "a"]),
        (datetime.date(2026, 1, 1), datetime.date(2026, 1, 2)),
        ("a", "A"),
    ],
)
def test_what_differs_is_not_the_same(one, other):
    assert seen_of({"x": one}) != seen_of({"x": other})
