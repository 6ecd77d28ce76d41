"""What an import books in months that are over is in every sum of them."""

import datetime
from decimal import Decimal

import pytest
from django.db.models import Sum

from clients.selectors.statement import statement
from credits.models import ClosedPeriodSum
from credits.services.close_periods import close_periods
from tests.factories import give_credit, make_client, usd
from tests.real_commits import transactional_db  # noqa: F401

from .conftest import balance, bring, sound, stage_credit

pytestmark = pytest.mark.usefixtures("transactional_db")


def summed(kind: str) -> Decimal | None:
    rows = ClosedPeriodSum.objects.filter(period__length="month", kind=kind, category="paid")
    return rows.aggregate(Sum("amount"))["amount__sum"]


@pytest.mark.parametrize("is_closed_before", [True, False])
def test_sums_of_closed_months_have_what_came(run, is_closed_before):
    if is_closed_before:
        stage_credit(run, 6, "1.00", [("2026-01-01", "1.00")])
        bring(run, c6=make_client("First"))
        assert close_periods().waiting == 0
    acme = make_client()
    give_credit(acme, usd(1))
    stage_credit(run, 7, "20.00", [("2026-02-02", "5.00"), ("2026-03-03", "-8.00")])
    bring(run, c7=acme)
    assert close_periods().waiting == 0
    assert (summed("grant"), summed("remove"), summed("adjust")) == (6 if is_closed_before else 5, -8, 23)
    sound()


def test_the_statement_of_a_past_month_has_what_came(run):
    acme = make_client()
    stage_credit(run, 7, "20.00", [("2026-02-02", "5.00"), ("2026-03-03", "-8.00")])
    bring(run, c7=acme)
    told = statement(client=acme, first=datetime.date(2026, 3, 1), last=datetime.date(2026, 3, 31))
    (account,) = told
    assert [line.change.amount for line in account.held] == [23, -8]
    assert (account.held_before, account.held_after, balance(acme)) == (usd(5), usd(20), 20)
