"""When reminders go out and what they cost; the marks of an invoice, and the pause of a client."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from billing_admin.db.triggers import maintenance
from billing_admin.seen import ChangedMeanwhile, seen_of
from clients.models import Activity, ClientGroup, FormKey
from clients.services.reminders import pause_fields, pause_reminders
from invoices.models import Invoice, ReminderHold, ReminderLevel
from invoices.selectors.reminders import reminder_fee
from invoices.services.issue import NewLine, draft_invoice
from invoices.services.reminders.holds import hold_reminders, lift_hold
from invoices.services.reminders.levels import LevelTerms, level_fields, save_reminder_levels
from invoices.services.write_off import write_off_invoice
from tests.factories import make_client, make_staff, usd
from tests.reminders import days_ago, overdue
from tests.unchanged import refused, refused_by_database

pytestmark = pytest.mark.django_db

GROW = "Each goes out later than the one before."
TODAY = f"{timezone.localdate():%-d %b %Y}"


def last_told() -> str:
    return Activity.objects.latest("pk").summary


def in_force() -> dict[str, object]:
    return level_fields(ReminderLevel.objects.prefetch_related("exempt_groups").in_force())


def test_as_delivered_each_level_goes_out_two_weeks_after_the_other():
    assert [(level.level, level.days, level.is_on, level.fees) for level in ReminderLevel.objects.in_force()] == [
        (1, 7, True, {}), (2, 21, True, {}), (3, 35, True, {}),
    ]  # fmt: skip
    assert ReminderLevel.objects.of(9).level == 3


def test_levels_are_saved_and_told():
    group = ClientGroup.objects.create(name="Public")
    save_reminder_levels(
        levels={
            1: LevelTerms(days=5),
            2: LevelTerms(days=20, fees={"USD": Decimal("5"), "EUR": Decimal("4.50")}, exempt_groups=[group.pk]),
            3: LevelTerms(days=60, is_on=False),
        },
        by=None,
    )
    assert in_force() == {
        "days_1": 5, "is_on_1": True, "fees_1": {}, "exempt_groups_1": [],
        "days_2": 20, "is_on_2": True, "fees_2": {"EUR": Decimal("4.50"), "USD": Decimal("5.00")},
        "exempt_groups_2": [group.pk],
        "days_3": 60, "is_on_3": False, "fees_3": {}, "exempt_groups_3": [],
    }  # fmt: skip
    assert last_told() == (
        "Reminder 1 5 days after the due date; Reminder 2 20 days after the due date for 4.50 EUR, 5.00 USD; "
        "Reminder 3 goes out no more"
    )
    with refused("Reminders go out like this already; nothing was changed."):
        save_reminder_levels(levels={1: LevelTerms(days=5)}, by=None)


@pytest.mark.parametrize(
    ("terms", "field", "words"),
    [
        ({1: LevelTerms(days=0)}, "days_1", "Give a number of days from 1 to 1,000; 0 was given."),
        ({3: LevelTerms(days=1001)}, "days_3", "Give a number of days from 1 to 1,000; 1,001 was given."),
        (
            {2: LevelTerms(days=7)},
            "days_2",
            f"Reminder 2 would go out 7 days after the due date, and reminder 1 7 days. {GROW}",
        ),
        (
            {1: LevelTerms(days=30)},
            "days_2",
            f"Reminder 2 would go out 21 days after the due date, and reminder 1 30 days. {GROW}",
        ),
        ({1: LevelTerms(days=7, fees={"USD": Decimal("-1")})}, "fees_1", "A fee is above zero; -1.00 USD was given."),
        (
            {1: LevelTerms(days=7, fees={"JPY": Decimal("0.5")})},
            "fees_1",
            "JPY has no decimal places; 0.5 has more.",
        ),
    ],
)
def test_levels_that_make_no_sense_are_refused(terms, field, words):
    with refused(words, field):
        save_reminder_levels(levels=terms, by=None)


def test_two_who_change_the_same_level_are_told():
    seen = seen_of(in_force())
    save_reminder_levels(levels={1: LevelTerms(days=5)}, by=None, seen=seen)
    save_reminder_levels(levels={3: LevelTerms(days=50)}, by=None, seen=seen)
    assert [in_force()[f"days_{level}"] for level in (1, 2, 3)] == [5, 21, 50]
    with pytest.raises(ChangedMeanwhile):
        save_reminder_levels(levels={1: LevelTerms(days=6)}, by=None, seen=seen)


def test_the_database_lets_no_level_be_before_a_lower_one():
    said = "A reminder of a higher level goes out later than those below it."
    with refused_by_database(said):
        ReminderLevel.objects.bulk_create([ReminderLevel(level=1, days=9), ReminderLevel(level=2, days=9)])
    save_reminder_levels(levels={1: LevelTerms(days=5)}, by=None)
    with refused_by_database(said):
        ReminderLevel.objects.filter(level=3).update(days=20)


def test_who_needs_an_e_invoice_is_told_why_there_is_no_fee():
    level = ReminderLevel(level=1, days=7, fees={"USD": "5.00"})
    invoice = overdue(10)
    assert reminder_fee(level, invoice, make_client()) == (usd(5), "")
    amount, why = reminder_fee(level, invoice, make_client(e_invoice="peppol"))
    assert (amount, why[:43]) == (usd(0), "No fee: the client needs an e-invoice, on w")
    assert reminder_fee(ReminderLevel(level=2, days=9), invoice, make_client(e_invoice="peppol")) == (usd(0), "")


def hold(invoice: Invoice, kind: str = "announced", **details) -> ReminderHold:
    details = {"said_on": timezone.localdate(), "reason": "Said so on the phone", "by": None, **details}
    return hold_reminders(invoice=invoice, kind=kind, **details)


def test_a_mark_is_kept_with_its_date_and_reason_and_lifted():
    ann = make_staff(username="ann")
    invoice = overdue(10)
    mark = hold(invoice, said_on=days_ago(2), until=days_ago(-5), by=ann)
    assert (mark.words, mark.created_by_name) == ("Payment announced: Said so on the phone", "ann")
    told = Activity.objects.latest("pk")
    assert told.summary == (
        f"{invoice.label} marked: Payment announced on {days_ago(2):%-d %b %Y}, no reminder until "
        f"{days_ago(-5):%-d %b %Y}"
    )
    assert told.note == "Said so on the phone"
    hold(invoice, "disputed")
    lift_hold(hold=mark, by=ann)
    mark.refresh_from_db()
    assert (mark.lifted_at is not None, mark.lifted_by_name) == (True, "ann")
    assert last_told() == f"{invoice.label} is no longer marked as Payment announced"
    with refused("“Payment announced” was lifted already by ann; nothing was done."):
        lift_hold(hold=mark, by=None)
    assert ReminderHold.objects.filter(lifted_at=None).count() == 1
    hold(invoice)


def test_one_whose_day_is_past_gives_way_to_another():
    invoice = overdue(10)
    mark = hold(invoice, until=timezone.localdate())
    with refused(f"{invoice.label} is marked as Payment announced since {TODAY}; lift that first."):
        hold(invoice)
    with maintenance("delete"):
        ReminderHold.objects.filter(pk=mark.pk).delete()
    ReminderHold.objects.create(
        client=invoice.client, invoice=invoice, currency="USD", kind="announced", said_on=days_ago(9),
        until=days_ago(1), created_by_name="ann",
    )  # fmt: skip
    hold(invoice)
    first, second = ReminderHold.objects.order_by("pk")
    assert (first.lifted_at is not None, second.lifted_at) == (True, None)


@pytest.mark.parametrize(
    ("details", "field", "words"),
    [
        ({"reason": "  "}, "reason", "Say what was announced, or what is disputed."),
        ({"reason": "x" * 501}, "reason", "The reason has 501 characters; 500 are kept at most."),
        ({"said_on": days_ago(-1)}, "said_on", f"{days_ago(-1):%-d %b %Y} is still to come; give the day it was said."),
        (
            {"until": days_ago(1)},
            "until",
            f"{days_ago(1):%-d %b %Y} is past; give the day until which it is waited for.",
        ),
        (
            {"kind": "disputed", "until": days_ago(-1)},
            "until",
            "Only an announced payment is waited for until a day; a dispute is lifted.",
        ),
    ],
)
def test_a_mark_that_makes_no_sense_is_refused(details, field, words):
    invoice = overdue(10)
    with refused(words, field):
        hold(invoice, **details)


def test_only_what_is_owed_is_marked():
    acme = make_client()
    draft = draft_invoice(client=acme, lines=[NewLine("Hosting", usd(5))], by=None)
    with refused("This is a draft: no reminder goes out for it."):
        hold(draft)
    lost = overdue(10, acme)
    write_off_invoice(invoice=lost, by=None, reason="Insolvent")
    with refused(f"{lost.label} is Written off: no reminder goes out for it."):
        hold(lost)


def test_a_form_sent_twice_marks_once():
    invoice = overdue(10)
    first = hold(invoice, key=FormKey(key="k"))
    assert hold(invoice, key=FormKey(key="k")) == first


def test_the_database_keeps_marks_as_they_were_made():
    mark = hold(overdue(10))
    with refused_by_database("What was said of an invoice stays; lift it and say something else."):
        ReminderHold.objects.update(kind="disputed")
    with refused_by_database("A mark moves to another client only by a merge."):
        ReminderHold.objects.update(client=make_client())
    lift_hold(hold=mark, by=None)
    with refused_by_database("What was lifted stays lifted."):
        ReminderHold.objects.update(lifted_at=None, lifted_by_name="")


def test_a_client_is_paused_and_goes_on():
    acme = make_client()
    until = days_ago(-5)
    seen = seen_of(pause_fields(acme))
    pause_reminders(client=acme, until=until, by=None, seen=seen)
    acme.refresh_from_db()
    assert acme.reminders_paused_until == until
    assert last_told() == f"Reminders paused until {until:%-d %b %Y}"
    with refused(f"Reminders are paused until {until:%-d %b %Y} already; nothing was changed.", "until"):
        pause_reminders(client=acme, until=until, by=None)
    with pytest.raises(ChangedMeanwhile):
        pause_reminders(client=acme, until=until + datetime.timedelta(days=1), by=None, seen=seen)
    with refused(f"{days_ago(1):%-d %b %Y} is past; give the last day without reminders.", "until"):
        pause_reminders(client=acme, until=days_ago(1), by=None)
    pause_reminders(client=acme, until=None, by=None)
    assert last_told() == "Reminders go out again"
