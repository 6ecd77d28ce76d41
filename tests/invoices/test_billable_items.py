"""What staff do with billable items, and what the next invoice bills of them."""

import datetime
from decimal import Decimal

import pytest
from djmoney.money import Money

from clients.models import Activity, Client, FormKey
from invoices.models import BillableItem, InvoiceLine
from invoices.selectors.billable_items import outlook
from invoices.services.billable_items import (
    ItemTerms,
    add_billable_item,
    delete_item,
    edit_billable_item,
    end_item,
    pause_item,
    resume_item,
)
from invoices.services.runs.generate import NothingDue, generate_invoices
from tests.factories import make_client, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import refused, reused

pytestmark = pytest.mark.django_db


def day(text):
    return datetime.date.fromisoformat(text)


def terms(**other):
    return ItemTerms(
        **{"description": "Hosting", "unit_price": usd("10.00"), "starts_on": day("2026-01-31"), "cycle": "monthly"}
        | other
    )


def add(acme=None, **other):
    return add_billable_item(client=acme or make_client(), terms=terms(**other), by=None)


def bill(as_of):
    return generate_invoices(as_of=day(as_of), by=None)


def periods(item):
    return [str(period) for period in item.lines.order_by("period").values_list("period", flat=True)]


# ── Adding and changing ──


def test_an_added_item_is_billed_from_its_first_day_on():
    acme, ann = make_client(), make_staff(username="ann")
    item = add_billable_item(client=acme, terms=terms(quantity=Decimal("1.5")), by=ann)
    assert (item.next_due_on, item.periods_billed, item.paused, item.currency) == (day("2026-01-31"), 0, False, "USD")
    activity = Activity.objects.latest("id")
    assert (activity.verb, activity.actor_name, activity.summary) == (
        "billable_item.added",
        "ann",
        "Billable item “Hosting” of 10.00 USD added, Monthly",
    )
    for as_of in ("2026-01-31", "2026-02-28", "2026-03-31"):
        bill(as_of)
    assert periods(item) == ["2026-01-31", "2026-02-28", "2026-03-31"]
    assert InvoiceLine.objects.filter(amount=15).count() == 3
    assert_invariants()


def test_the_same_form_twice_adds_one_item():
    acme = make_client()
    first = add_billable_item(client=acme, terms=terms(), by=None, key=FormKey(key="form-1"))
    assert add_billable_item(client=acme, terms=terms(), by=None, key=FormKey(key="form-1")) == first
    with refused(reused("“Hosting” of 10.00 USD added for Acme Ltd")):
        add_billable_item(client=acme, terms=terms(unit_price=usd(11)), by=None, key=FormKey(key="form-1"))


_QUANTITY = "A quantity is above zero and has up to 8 digits and 4 decimal places; {} was given."
_TAX_RATE = "A tax rate is from 0 to 100 percent, with up to 3 decimal places; {} was given."


@pytest.mark.parametrize(
    ("other", "text"),
    [
        ({"description": " "}, "Say what is billed; nothing was saved."),
        ({"description": "x" * 501}, "The description has 501 characters; 500 are kept at most."),
        ({"unit_price": usd("-1")}, "A price must not be negative; −1.00 USD was given."),
        ({"unit_price": usd("0.001")}, "USD has 2 decimal places; 0.001 has more."),
        ({"unit_price": usd("NaN")}, "NaN is not an amount."),
        ({"unit_price": Money("0.5", "JPY")}, "JPY has no decimal places; 0.5 has more."),
        ({"quantity": Decimal(0)}, _QUANTITY.format("0")),
        ({"quantity": Decimal("0.00001")}, _QUANTITY.format("0.00001")),
        ({"quantity": Decimal("1e400")}, _QUANTITY.format("1E+400")),
        ({"tax_rate": Decimal(101)}, _TAX_RATE.format("101")),
        ({"tax_rate": Decimal("NaN")}, _TAX_RATE.format("NaN")),
        ({"cycle": "daily"}, "“daily” is no cycle."),
        ({"ends_on": day("2026-01-30")}, "It begins on 31 Jan 2026; an end on 30 Jan 2026 is before that."),
        (
            {"unit_price": usd("999999999999999.99"), "quantity": Decimal(2)},
            "The amount has more than 15 digits before the decimal point.",
        ),
    ],
)
def test_what_cannot_be_billed_is_refused(other, text):
    acme = make_client()
    item = add(acme)
    field = next(iter(other)) if len(other) == 1 else None
    with refused(text, field):
        add(acme, **other)
    with refused(text, field):
        edit_billable_item(item=item, seen=0, terms=terms(**other), by=None)


def test_new_terms_count_from_the_next_invoice_on():
    item = add()
    bill("2026-01-31")
    changed = edit_billable_item(
        item=item, seen=0, terms=terms(description="Hosting, large", unit_price=usd(20), tax_rate=Decimal(20)), by=None
    )
    assert (changed.version, changed.next_due_on) == (1, day("2026-02-28"))
    activity = Activity.objects.latest("id")
    assert activity.summary == ("Billable item “Hosting, large” changed: description, unit price, tax rate, %")
    assert activity.data["unit_price"] == ["10.00 USD", "20.00 USD"]
    bill("2026-02-28")
    lines = InvoiceLine.objects.order_by("period").values_list("description", "amount", "tax")
    assert list(lines) == [("Hosting", 10, 0), ("Hosting, large", 20, 4)]
    assert_invariants()


def test_an_item_that_was_billed_keeps_its_cycle_first_day_and_currency():
    item = add()
    bill("2026-02-28")
    text = (
        "“Hosting” has been billed for 2 periods since 31 Jan 2026; its cycle and first day stay. Use End, and Add "
        "Billable Item for another one."
    )
    for other in ({"cycle": "yearly"}, {"starts_on": day("2026-01-01")}):
        with refused(text):
            edit_billable_item(item=item, seen=0, terms=terms(**other), by=None)
    with refused("This item is in USD and stays so. Use End, and Add Billable Item for another one."):
        edit_billable_item(item=item, seen=0, terms=terms(unit_price=Money(10, "EUR")), by=None)


def test_one_that_was_never_billed_gets_another_first_day_and_cycle():
    item = add()
    changed = edit_billable_item(item=item, seen=0, terms=terms(cycle="weekly", starts_on=day("2026-03-02")), by=None)
    assert changed.next_due_on == day("2026-03-02")


def test_what_somebody_else_changed_is_not_overwritten():
    item = add()
    with refused("Nothing was changed on “Hosting”."):
        edit_billable_item(item=item, seen=0, terms=terms(), by=None)
    pause_item(item=item, by=None)
    text = "This item was changed by somebody else since the page was opened. Nothing was saved."
    with refused(text):
        edit_billable_item(item=item, seen=0, terms=terms(unit_price=usd(20)), by=None)


# ── Pausing and resuming ──


def test_a_paused_item_is_not_billed_and_then_with_what_it_missed():
    item = add()
    pause_item(item=item, by=None)
    with pytest.raises(NothingDue):
        bill("2026-03-31")
    with refused("“Hosting” is paused already; nothing was done."):
        pause_item(item=item, by=None)
    resume_item(item=item, by=None, on=day("2026-03-15"))
    bill("2026-03-15")
    assert periods(item) == ["2026-01-31", "2026-02-28"]
    assert_invariants()


def test_what_was_missed_can_be_left_out_for_good():
    item = add()
    pause_item(item=item, by=None)
    resumed = resume_item(item=item, by=None, skip_missed=True, on=day("2026-03-31"))
    assert (resumed.next_due_on, resumed.periods_billed) == (day("2026-03-31"), 2)
    assert Activity.objects.latest("id").summary == "Billable item “Hosting” resumed; 2 periods left out"
    bill("2026-04-30")
    assert periods(item) == ["2026-03-31", "2026-04-30"]
    with refused("“Hosting” is not paused; nothing was done."):
        resume_item(item=item, by=None)


def test_leaving_out_ends_an_item_whose_last_period_was_missed():
    item = add(ends_on=day("2026-02-28"))
    pause_item(item=item, by=None)
    resumed = resume_item(item=item, by=None, skip_missed=True, on=day("2026-06-01"))
    assert (resumed.next_due_on, resumed.periods_billed) == (None, 2)


def test_a_one_off_is_never_left_out():
    item = add(cycle="once")
    pause_item(item=item, by=None)
    assert resume_item(item=item, by=None, skip_missed=True, on=day("2026-06-01")).next_due_on == day("2026-01-31")


# ── Ending and deleting ──


def test_an_ended_item_is_billed_until_its_last_day():
    item = add()
    ended = end_item(item=item, by=None, last_day=day("2026-02-28"))
    assert ended.next_due_on == day("2026-01-31")
    bill("2026-06-30")
    assert periods(item) == ["2026-01-31", "2026-02-28"]
    item.refresh_from_db()
    assert item.next_due_on is None
    with refused("“Hosting” is not billed any more; nothing was done."):
        end_item(item=item, by=None, last_day=day("2026-07-31"))
    longer = edit_billable_item(item=item, seen=1, terms=terms(ends_on=day("2026-03-31")), by=None)
    assert longer.next_due_on == day("2026-03-31")


def test_an_end_before_the_next_period_ends_it_at_once():
    item = add()
    bill("2026-01-31")
    assert end_item(item=item, by=None, last_day=day("2026-02-27")).next_due_on is None
    text = "It begins on 31 Jan 2026; an end on 30 Jan 2026 is before that. Use Delete instead."
    other = add()
    with refused(text, "last_day"):
        end_item(item=other, by=None, last_day=day("2026-01-30"))


def test_only_an_item_that_was_never_billed_is_deleted():
    item, other = add(), add(make_client("Globex"), starts_on=day("2027-01-01"))
    bill("2026-02-28")
    with refused("“Hosting” has been billed on 2 invoice lines; use End instead."):
        delete_item(item=item, by=None)
    delete_item(item=other, by=None)
    assert list(BillableItem.objects.all()) == [item]
    assert Activity.objects.latest("id").summary == "Billable item “Hosting” of 10.00 USD deleted"
    with refused("“Hosting” was deleted meanwhile; nothing was done."):
        pause_item(item=other, by=None)


# ── What the next invoice bills ──


def said(item, on):
    item = BillableItem.objects.select_related("client").get(pk=item.pk)
    return outlook(item, on=day(on), gross=usd(12), tax=usd(2), rate="20")


def test_the_outlook_says_what_is_billed_and_when_and_never_by_the_day():
    whole = "Each period is billed whole, never by the day."
    each = "12.00 USD, of which 2.00 USD is tax at 20%"
    item = add()
    assert said(item, "2026-01-30") == [
        f"The first invoice run on or after 31 Jan 2026 bills one period: {each}.",
        whole,
    ]
    assert said(item, "2026-01-31") == [
        f"1 period is due (31 Jan 2026); the next invoice run bills it at {each}.",
        "The one after that is due on 28 Feb 2026.",
        whole,
    ]
    assert said(item, "2026-08-01") == [
        (
            "7 periods are due (31 Jan 2026, 28 Feb 2026, 31 Mar 2026, 30 Apr 2026, 31 May 2026, 30 Jun 2026 and 1 "
            f"more); the next invoice run bills each at {each}."
        ),
        "The one after that is due on 31 Aug 2026.",
        whole,
    ]
    pause_item(item=item, by=None)
    assert said(item, "2026-02-01")[:2] == [
        "It is paused: nothing is billed until it is resumed.",
        "1 period is waiting: 31 Jan 2026.",
    ]
    resume_item(item=item, by=None, on=day("2026-01-31"))
    Client.objects.update(status="closed")
    assert said(item, "2026-01-01")[:2] == [
        "Nothing is billed while the client is Closed.",
        "The next period is due on 31 Jan 2026.",
    ]


def test_the_outlook_of_what_is_over():
    item = add(cycle="once")
    assert said(item, "2026-02-01") == [
        ("1 period is due (31 Jan 2026); the next invoice run bills it at 12.00 USD, of which 2.00 USD is tax at 20%.")
    ]
    bill("2026-02-01")
    assert said(item, "2026-02-01") == ["It was billed once; nothing more is billed."]
    ended = add(ends_on=day("2026-01-31"))
    bill("2026-02-01")
    assert said(ended, "2026-02-01") == ["It has ended on 31 Jan 2026; nothing more is billed."]


@pytest.mark.parametrize("cycle", BillableItem.Cycle.values)
def test_what_the_outlook_says_is_due_is_what_a_run_bills(cycle):
    item = add(cycle=cycle)
    words = said(item, "2029-03-01")[0]
    bill("2029-03-01")
    assert words.startswith(f"{item.lines.count()} period{'' if item.lines.count() == 1 else 's'} ")
