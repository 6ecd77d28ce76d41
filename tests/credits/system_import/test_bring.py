"""Credit of another system comes row by row, on its days, and to the balance that it has there."""

from decimal import Decimal

import pytest

from billing_admin.models import StagedClient
from clients.models import ExternalReference
from credits.models import CreditGrant
from tests.factories import make_client

from .conftest import balance, bring, entries, outcomes, sound, stage_credit, today, tomorrow

pytestmark = pytest.mark.django_db


def test_rows_become_grants_and_what_was_drawn_from_the_oldest(run):
    acme = make_client()
    rows = [("2026-01-02", "5.00"), ("2026-02-02", "10.00"), ("2026-03-02", "-7.00")]
    stage_credit(run, 7, "8.00", rows)
    bring(run, c7=acme)
    assert entries(acme) == [
        ("2026-01-02", "grant", "5.00"), ("2026-02-02", "grant", "10.00"),
        ("2026-03-02", "remove", "-5.00"), ("2026-03-02", "remove", "-2.00"),
    ]  # fmt: skip
    grant = CreditGrant.objects.in_draw_down_order().filter(is_open=True).get()
    assert (grant.remaining.amount, grant.category, grant.kind, grant.listed) == (8, "paid", "credit", True)
    assert (grant.description, grant.entries.first().note) == ("Row 2", "Row 2")
    assert outcomes(run) == [("", "")] * 3
    sound()


@pytest.mark.parametrize(
    ("rows", "held", "booked", "said"),
    [
        ([("2026-01-02", "5.00")], "12.50",
         [("2026-01-02", "adjust", "7.50"), ("2026-01-02", "grant", "5.00")], "opening adjustment of 7.50 USD"),
        ([("2026-01-02", "30.00")], "12.50",
         [("2026-01-02", "grant", "30.00"), ("2026-01-02", "adjust", "-17.50")], "opening adjustment of -17.50 USD"),
        ([("2026-01-02", "-10.00"), ("2026-01-07", "10.00")], "0.00",
         [("2026-01-02", "adjust", "10.00"), ("2026-01-02", "remove", "-10.00"), ("2026-01-07", "grant", "10.00"),
          ("2026-01-07", "adjust", "-10.00")], "closing adjustment of -10.00 USD"),
        ([("2026-01-02", "4.00"), ("2026-01-07", "-10.00")], "0.00",
         [("2026-01-02", "grant", "4.00"), ("2026-01-07", "adjust", "6.00"), ("2026-01-07", "remove", "-4.00"),
          ("2026-01-07", "remove", "-6.00")], "opening adjustment of 6.00 USD"),
    ],
)  # fmt: skip
def test_one_adjustment_leads_to_the_balance_there(run, rows, held, booked, said):
    acme = make_client()
    stage_credit(run, 7, held, rows)
    bring(run, c7=acme)
    assert entries(acme) == booked
    assert balance(acme) == Decimal(held)
    assert said in outcomes(run)[0][1]
    assert [why for _, why in outcomes(run)[1:]] == [""] * (len(rows) - 1)
    sound()


def test_a_balance_without_rows_is_one_adjustment(run):
    acme = make_client()
    stage_credit(run, 7, "9.00", [], created_on="2025-06-01")
    bring(run, c7=acme)
    assert entries(acme) == [("2025-06-01", "adjust", "9.00")]
    sound()


def test_days_that_are_none_or_yet_to_come_are_said(run):
    acme = make_client()
    stage_credit(run, 7, "11.00", [(None, "5.00"), ("2026-01-02", "1.00"), (tomorrow(), "5.00"), ("2026-01-02", "0")])
    bring(run, c7=acme)
    assert [day for day, *_ in entries(acme)] == ["2026-01-02", "2026-01-02", today()]
    (none, _, later, zero) = outcomes(run)
    assert "date is missing: 2026-01-02" in none[1]
    assert "yet to come" in later[1]
    assert zero[0] == "left out"
    sound()


@pytest.mark.parametrize(("answer", "outcome"), [(None, "asks"), ("leave out", "left out"), ("bring", "")])
def test_a_balance_below_zero_is_decided_by_staff(run, answer, outcome):
    acme = make_client()
    if answer:
        run.answers["negative balance"] = answer
        run.save()
    stage_credit(run, 7, "-15.00", [("2026-01-02", "5.00"), ("2026-01-03", "-20.00")])
    bring(run, c7=acme)
    assert {each for each, _ in outcomes(run)} == {outcome}
    assert ("debt of 15.00 USD" if answer == "bring" else "negative") in outcomes(run)[0][1]
    assert balance(acme) == 0
    assert len(entries(acme)) == (4 if answer == "bring" else 0)
    sound()


def test_decimals_that_the_currency_has_not_are_rounded(run):
    hana = make_client(currency="JPY")
    stage_credit(run, 7, "1001", [("2026-01-02", "1000.50"), ("2026-01-03", "0.40")], currency="3")
    bring(run, c7=hana)
    assert entries(hana) == [("2026-01-02", "grant", "1001")]
    assert "decimals: 1000.5 is rounded to 1001" in outcomes(run)[0][1]
    assert outcomes(run)[1][0] == "left out"
    sound()


def test_credit_of_a_client_that_is_gone_is_left_out(run):
    stage_credit(run, 7, "5.00", [("2026-01-02", "5.00")])
    StagedClient.objects.filter(of=run).delete()
    bring(run)
    assert outcomes(run) == [("left out", "Its client 7 is no longer there.")]


def test_every_row_is_found_again_by_its_id_there(run):
    acme = make_client()
    stage_credit(run, 7, "3.00", [("2026-01-02", "5.00"), ("2026-01-03", "-2.00")])
    bring(run, c7=acme)
    given, used = ExternalReference.objects.filter(kind="credit").order_by("external_id")
    assert given.row_id == acme.credit_grants.get().pk
    assert used.row_id == acme.credit_entries.get(kind="remove").pk
    assert [given.digest, used.digest] == [50000, -20000]
    assert ExternalReference.objects.get(kind="opening").digest == 30000
