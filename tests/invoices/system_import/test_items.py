"""What recurs in another system: paused until the switch, due on the day that it is due there."""

import datetime
from decimal import Decimal

import pytest

from invoices.models import BillableItem, InvoiceRun
from invoices.services.billable_items import resume_item
from tests.factories import make_client, usd
from tests.staged import make_import

from .rows import again, bring, stage_client, stage_item

pytestmark = pytest.mark.django_db

D = datetime.date


def brought(**values):
    """The staged item after it was judged, and ours if it came."""
    run = make_import()
    stage_client(run)
    staged = stage_item(run, values.pop("source_id", 1), **values)
    bring(run, make_client())
    staged.refresh_from_db()
    return staged, BillableItem.objects.first()


@pytest.mark.parametrize(
    ("cycle", "starts", "due", "own"),
    [
        ("Monthly", D(2025, 1, 31), D(2027, 2, 28), ("monthly", D(2025, 1, 31), 25)),
        ("Monthly", D(2025, 1, 31), D(2026, 12, 31), ("monthly", D(2025, 1, 31), 23)),
        ("Monthly", D(2025, 1, 15), D(2026, 12, 31), ("monthly", D(2026, 12, 31), 0)),
        ("Quarterly", D(2025, 1, 31), D(2026, 4, 30), ("quarterly", D(2025, 1, 31), 5)),
        ("Quarterly", D(2025, 1, 31), D(2026, 5, 31), ("quarterly", D(2026, 5, 31), 0)),
        ("Semi-Annually", D(2025, 8, 31), D(2026, 2, 28), ("half_yearly", D(2025, 8, 31), 1)),
        ("Annually", D(2024, 2, 29), D(2027, 2, 28), ("yearly", D(2024, 2, 29), 3)),
        ("Biennially", None, D(2027, 2, 28), ("two_yearly", D(2027, 2, 28), 0)),
        ("Triennially", D(2028, 1, 1), D(2027, 2, 28), ("three_yearly", D(2027, 2, 28), 0)),
        ("2 years", D(2025, 2, 28), D(2027, 2, 28), ("two_yearly", D(2025, 2, 28), 1)),
        ("1 weeks", D(2026, 12, 1), D(2026, 12, 15), ("weekly", D(2026, 12, 1), 2)),
        ("1 weeks", D(2026, 12, 1), D(2026, 12, 16), ("weekly", D(2026, 12, 16), 0)),
    ],
)
def test_it_is_due_next_when_it_is_due_there(cycle, starts, due, own):
    staged, item = brought(cycle=cycle, starts_on=starts, next_due_on=due)
    assert (staged.outcome, staged.why) == ("", "")
    assert (item.cycle, item.starts_on, item.periods_billed) == own
    assert (item.next_due_on, item.paused, item.waits_for_switch) == (due, True, True)


def test_it_has_its_price_tax_and_quantity():
    _, item = brought(quantity=Decimal(3), taxed=True)
    assert (item.description, item.unit_price, item.quantity) == ("Starter - example.com", usd(4), 3)
    assert item.tax_rate is None


def test_what_is_not_taxed_there_is_not_taxed_here():
    assert brought()[1].tax_rate == 0


def test_what_is_billed_a_few_times_more_ends_with_the_last():
    run = make_import()
    stage_client(run)
    stage_item(run, 1, times_left=3)
    stage_item(run, 2, times_left=1, ends_on=D(2030, 1, 1))
    stage_item(run, 3, times_left=5, ends_on=D(2027, 3, 1))
    bring(run, make_client())
    ends = BillableItem.objects.order_by("pk").values_list("ends_on", flat=True)
    assert list(ends) == [D(2027, 4, 30), D(2027, 2, 28), D(2027, 3, 1)]


def test_what_is_billed_once_comes_only_where_it_is_still_to_be_billed():
    _, item = brought(source_id="b1", cycle="One Time")
    assert (item.cycle, item.starts_on, item.periods_billed) == ("once", D(2027, 2, 28), 0)


@pytest.mark.parametrize(
    ("values", "outcome", "why"),
    [
        ({"status": "Terminated"}, "left out", "It is Terminated there, and not billed any more."),
        ({"status": "Pending"}, "left out", "It is Pending there, and not billed any more."),
        ({"cycle": "One Time"}, "left out", "Its cycle is One Time: it is not billed again."),
        ({"cycle": "Free Account"}, "left out", "Its cycle is Free Account: it is not billed again."),
        ({"amount": Decimal(0)}, "left out", "Its price is zero."),
        ({"times_left": 0}, "left out", "It was billed as often as it was to be."),
        ({"ends_on": D(2027, 2, 27)}, "left out", "It ended on 27 Feb 2027."),
        ({"next_due_on": None}, "waits", "It has no day on which it is due next."),
        ({"cycle": "Fortnightly"}, "waits", "Its cycle, “Fortnightly”, is none of ours."),
        ({"cycle": "10 years"}, "waits", "Its cycle, “10 years”, is none of ours."),
        ({"amount": Decimal(-1)}, "waits", "Its price is below zero: -1 USD."),
        ({"amount": Decimal("1.001")}, "waits", "Its price, 1.001, has more decimals than USD has."),
        ({"quantity": Decimal(0)}, "waits", "Its quantity is 0."),
        ({"description": "x" * 2001}, "waits", "Its text has 2001 characters; 2000 are kept at most."),
        ({"description": " "}, "waits", "It does not say what is billed."),
    ],
)
def test_what_does_not_come_says_why(values, outcome, why):
    staged, item = brought(**values)
    assert (staged.outcome, staged.why, item) == (outcome, why, None)


def test_a_suspended_one_stays_paused_after_the_switch():
    staged, item = brought(status="Suspended")
    assert staged.why == "It is suspended there: it stays paused, also when staff switch over."
    assert (item.paused, item.waits_for_switch) == (True, False)


def later(then, now=None):
    """The item that came, and the staged one of a second import."""
    run, client = make_import(), make_client()
    stage_client(run)
    stage_item(run)
    bring(run, client)
    if now:
        now(BillableItem.objects.get())
    following = again(run)
    stage_client(following)
    staged = stage_item(following, **then)
    bring(following, client)
    staged.refresh_from_db()
    return staged, BillableItem.objects.get()


def test_one_that_is_the_same_is_there():
    staged, _ = later({})
    assert (staged.outcome, staged.why) == ("there", "")


def test_one_that_waits_follows_what_that_system_bills():
    staged, item = later({"next_due_on": D(2027, 3, 31), "amount": Decimal("5.00"), "taxed": True})
    assert (staged.outcome, "becomes what it is there now" in staged.why) == ("", True)
    assert (item.next_due_on, item.periods_billed, item.unit_price, item.tax_rate) == (D(2027, 3, 31), 26, usd(5), None)
    assert item.waits_for_switch


def test_one_that_ended_there_waits_for_no_switch():
    staged, item = later({"status": "Cancelled"})
    assert staged.outcome == "changed"
    assert staged.why.startswith("It stays paused here, also when staff switch over. It is Cancelled there")
    assert (item.paused, item.waits_for_switch) == (True, False)


def test_one_that_staff_resumed_stays_as_it_is():
    def resume(item):
        resume_item(item=item, by=None)

    staged, item = later({"amount": Decimal("5.00"), "next_due_on": D(2027, 3, 31)}, now=resume)
    assert staged.outcome == "changed"
    assert "due next on 31 Mar 2027 there, and on 28 Feb 2027 here" in staged.why
    assert (item.unit_price, item.paused, item.waits_for_switch) == (usd(4), False, False)
    assert not InvoiceRun.objects.exists()
