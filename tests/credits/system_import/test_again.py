"""A second import brings what is new of credit, the difference of what was changed, and adjusts nothing twice."""

from decimal import Decimal

import pytest

from clients.models import ExternalReference
from credits.models import CreditEntry
from credits.services.remove import remove_credit
from tests.factories import give_credit, make_client, make_staff, usd

from .conftest import balance, bring, entries, outcomes, sound, stage_credit, today

pytestmark = pytest.mark.django_db
FIRST = [("2026-01-02", "5.00"), ("2026-01-03", "-2.00")]


def test_what_is_there_comes_no_more(run, again):
    acme = make_client()
    for each in (run, again()):
        stage_credit(each, 7, "10.00", FIRST)
        bring(each, c7=acme)
    assert [outcome for outcome, _ in outcomes(each)] == ["there", "there"]
    assert entries(acme) == [
        ("2026-01-02", "adjust", "7.00"), ("2026-01-02", "grant", "5.00"), ("2026-01-03", "remove", "-2.00"),
    ]  # fmt: skip
    assert ExternalReference.objects.filter(kind="opening").count() == 1


def test_a_batch_that_is_done_again_books_nothing(run):
    acme = make_client()
    stage_credit(run, 7, "10.00", FIRST)
    bring(run, c7=acme)
    bring(run, c7=acme)
    assert len(entries(acme)) == 3


def test_new_rows_draw_on_what_is_here_in_draw_down_order(run, again):
    acme = make_client()
    stage_credit(run, 7, "10.00", FIRST)
    bring(run, c7=acme)
    soon = give_credit(acme, usd(4), priority=1)
    later = again()
    stage_credit(later, 7, "4.50", [*FIRST, ("2026-02-01", "1.50"), ("2026-02-02", "-7.00")])
    bring(later, c7=acme)
    assert balance(acme) == Decimal("8.50")
    assert [why for _, why in outcomes(later)] == [""] * 4
    soon.refresh_from_db()
    assert soon.remaining == usd(0)
    assert [kind for _, kind, _ in entries(acme)][4:] == ["grant", "remove", "remove"]
    assert entries(acme)[-1][0] == today()
    sound()


def test_what_was_changed_there_is_corrected_by_the_difference(run, again):
    acme = make_client()
    stage_credit(run, 7, "3.00", FIRST)
    bring(run, c7=acme)
    later = again()
    stage_credit(later, 7, "4.00", [("2026-01-02", "7.00"), ("2026-01-03", "-3.00")])
    bring(later, c7=acme)
    assert entries(acme)[2:] == [(today(), "adjust", "2.00"), (today(), "adjust", "-1.00")]
    assert balance(acme) == 4
    assert ["correction of 2.00 USD" in why for _, why in outcomes(later)] == [True, False]
    assert set(CreditEntry.objects.filter(kind="adjust").values_list("description", flat=True)) == {
        "Correction of Row 1", "Correction of Row 2",
    }  # fmt: skip
    third = again()
    stage_credit(third, 7, "4.00", [("2026-01-02", "7.00"), ("2026-01-03", "-3.00")])
    bring(third, c7=acme)
    assert [outcome for outcome, _ in outcomes(third)] == ["there", "there"]
    sound()


@pytest.mark.parametrize(("now", "adjusted"), [("12.00", "2.00"), ("9.00", "-1.00")])
def test_only_what_the_balance_moved_by_is_adjusted(run, again, now, adjusted):
    acme = make_client()
    stage_credit(run, 7, "10.00", FIRST)
    bring(run, c7=acme)
    later = again()
    stage_credit(later, 7, now, FIRST)
    bring(later, c7=acme)
    assert entries(acme)[3:] == [(today(), "adjust", adjusted)]
    assert balance(acme) == Decimal(now)
    assert list(ExternalReference.objects.filter(kind="opening").values_list("part", flat=True)) == [0, 1]
    sound()


def test_what_would_fall_below_zero_waits_with_the_figures(run, again):
    acme = make_client()
    stage_credit(run, 7, "3.00", FIRST)
    bring(run, c7=acme)
    remove_credit(client=acme, amount=usd(2), description="Used here", by=make_staff())
    later = again()
    stage_credit(later, 7, "0.50", [*FIRST, ("2026-02-02", "-2.50")])
    bring(later, c7=acme)
    outcome, why = outcomes(later)[-1]
    assert (outcome, why) == (
        "waits", "With it the balance here would be -1.50 USD; a balance is never below zero.",
    )  # fmt: skip
    assert balance(acme) == 1
    assert ExternalReference.objects.get(kind="opening").digest == 30000
    sound()


def test_credit_of_ours_is_not_drawn_on_the_first_time(run):
    acme = make_client()
    ours = give_credit(acme, usd(4))
    stage_credit(run, 7, "3.00", FIRST)
    bring(run, c7=acme)
    ours.refresh_from_db()
    assert (ours.remaining, balance(acme)) == (usd(4), 7)
    sound()


def test_2_clients_that_are_one_here_share_an_account(run):
    acme = make_client()
    stage_credit(run, 7, "3.00", FIRST)
    stage_credit(run, 8, "1.00", [("2026-01-01", "1.00")])
    bring(run, c7=acme, c8=acme)
    assert balance(acme) == 4
    assert ExternalReference.objects.filter(kind="opening").count() == 2
    sound()
