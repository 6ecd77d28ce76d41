"""Which reminder is due for which invoice."""

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from clients.models import ClientGroup
from clients.services.contacts import add_contact
from clients.services.profile import edit_client
from clients.services.reminders import pause_reminders
from invoices.models import ReminderLevel
from invoices.selectors.reminders import LeftOut, reminders_due, reminders_in_parts
from invoices.services.cancel import cancel_invoice
from invoices.services.reminders.holds import hold_reminders, lift_hold
from invoices.services.reminders.levels import LevelTerms, save_reminder_levels
from invoices.services.write_off import write_off_invoice
from tests.factories import make_client, make_invoice, make_payment_method, usd
from tests.mails import make_message
from tests.reminders import DAYS, days_ago, due, left_out, overdue, reminded
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

# Days overdue, what there was (level, days ago, state) → the level that is due.
RULES = [
    (0, [], 0),
    (6, [], 0),
    (7, [], 1),
    (500, [], 1),
    (21, [(1, 14, "sent")], 2),
    (21, [(1, 13, "sent")], 0),
    (20, [(1, 14, "sent")], 0),
    (500, [(1, 14, "sent")], 2),
    (500, [(1, 14, "perhaps_sent")], 2),
    (500, [(1, 14, "bounced")], 2),
    (500, [(1, 0, "bounced")], 0),
    (500, [(1, 0, "waiting")], 0),
    (500, [(1, 300, "sending")], 0),
    (500, [(1, 0, "withheld")], 1),
    (500, [(1, 0, "failed")], 2),
    (500, [(1, 30, "sent"), (2, 14, "sent")], 3),
    (500, [(1, 30, "sent"), (2, 13, "sent")], 0),
    (500, [(1, 30, "sent"), (2, 0, "withheld")], 2),
    (500, [(1, 13, "sent"), (2, 30, "sent")], 0),
    (500, [(1, 60, "sent"), (2, 40, "sent"), (3, 20, "sent")], 0),
]


@pytest.mark.parametrize(("days", "before", "level"), RULES)
def test_the_level_that_is_due(days, before, level):
    invoice = overdue(days)
    for each in before:
        reminded(invoice, *each)
    assert due() == ([(invoice.label, level)] if level else [])
    assert left_out() == []


def test_levels_switched_off_are_passed_over():
    never, first = overdue(50), overdue(50)
    reminded(first, 1, 28)
    ReminderLevel.objects.bulk_create(
        [ReminderLevel(level=1, days=7, is_on=False), ReminderLevel(level=2, days=21, is_on=False)]
    )
    assert due() == [(never.label, 3), (first.label, 3)]
    save_reminder_levels(levels={3: LevelTerms(days=36)}, by=None)
    assert due() == [(never.label, 3)]  # 29 days after the first
    save_reminder_levels(levels={3: LevelTerms(days=36, is_on=False)}, by=None)
    assert due() == []


def test_only_what_is_owed_is_reminded_of():
    acme = make_client()
    paid, cancelled, lost, part, owed = (overdue(10, acme) for _ in range(5))
    pay = {"payment_method": make_payment_method(), "by": None}
    receive_payment(invoices=[paid], amount=usd(100), **pay)
    receive_payment(invoices=[part], amount=usd(40), **pay)
    cancel_invoice(invoice=cancelled, by=None)
    write_off_invoice(invoice=lost, by=None, reason="Insolvent")
    make_invoice(acme, usd(5), credit_use="never")
    assert due() == [(part.label, 1), (owed.label, 1)]
    assert left_out() == []


def test_each_reason_for_which_one_is_left_out():
    group = ClientGroup.objects.create(name="Public")
    save_reminder_levels(levels={1: LevelTerms(days=7, exempt_groups=[group.pk])}, by=None)
    today = timezone.localdate()
    exempt = overdue(9, make_client(group=group))
    second = overdue(30, exempt.client)
    reminded(second, 1, 20)
    inactive = overdue(8, make_client(status="inactive"))
    held, disputed = overdue(7), overdue(7)
    hold_reminders(invoice=held, kind="announced", said_on=today, until=today, reason="Said so", by=None)
    hold_reminders(invoice=disputed, kind="disputed", said_on=today, reason="Never ordered", by=None)
    paused = overdue(7)
    pause_reminders(client=paused.client, until=today, by=None)
    silent, unknown = overdue(7, make_client(no_mail=True)), overdue(7, make_client(email=""))
    add_contact(client=unknown.client, email="tech@acme.example", roles=["technical", "receives_invoices"], by=None)
    reached = overdue(7, make_client(email=""))
    add_contact(client=reached.client, email="ann@acme.example", roles=["receives_reminders"], by=None)
    assert due() == [(second.label, 2), (reached.label, 1)]
    assert left_out() == [
        (exempt.label, "exempt"),
        (inactive.label, "inactive"),
        (held.label, "held"),
        (disputed.label, "held"),
        (paused.label, "paused"),
        (silent.label, "no_mail"),
        (unknown.label, "no_address"),
    ]
    parts, others = reminders_in_parts(today)
    assert [tuple(part) for part in parts] == [(1, "USD", 1), (2, "USD", 1)]
    assert others == {
        LeftOut.EXEMPT: 1, LeftOut.INACTIVE: 1, LeftOut.HELD: 2, LeftOut.PAUSED: 1, LeftOut.NO_MAIL: 1,
        LeftOut.NO_ADDRESS: 1,
    }  # fmt: skip


def test_who_mail_came_back_from_is_left_out_until_some_arrives():
    invoice = overdue(7, make_client(email="Ann@acme.example"))
    make_message(invoice.client, state="bounced", address="ann@ACME.example", key="1")
    make_message(make_client("Other"), state="bounced", address="bob@acme.example", key="2")
    assert (due(), left_out()) == ([], [(invoice.label, "bounced")])
    bob = add_contact(client=invoice.client, email="bob@acme.example", roles=["receives_reminders"], by=None)
    assert due() == [(invoice.label, 1)]
    make_message(invoice.client, state="bounced", address="bob@acme.example", key="3", contact_id=bob.pk)
    assert left_out() == [(invoice.label, "bounced")]
    edit_client(client=invoice.client, by=None, email="")
    assert left_out() == [(invoice.label, "bounced")]
    edit_client(client=invoice.client, by=None, email="ann@acme.example")
    make_message(invoice.client, state="sent", address="ann@acme.example", key="4")
    assert due() == [(invoice.label, 1)]


def test_what_was_announced_holds_until_its_day_and_no_longer():
    today, tomorrow = timezone.localdate(), days_ago(-1)
    invoice = overdue(30)
    hold_reminders(invoice=invoice, kind="announced", said_on=today, until=today, reason="Said so", by=None)
    assert due() == []
    assert [each.pk for each in reminders_due(tomorrow)] == [invoice.pk]
    edit_client(client=invoice.client, by=None, reminders_paused_until=today)
    assert [each.pk for each in reminders_due(tomorrow)] == [invoice.pk]


def test_a_mark_that_is_lifted_holds_no_more():
    invoice = overdue(30)
    mark = hold_reminders(invoice=invoice, kind="disputed", said_on=days_ago(0), reason="Wrong", by=None)
    assert due() == []
    lift_hold(hold=mark, by=None)
    assert due() == [(invoice.label, 1)]


@pytest.mark.parametrize("number", [1, 30])
def test_it_is_found_in_three_statements(number, django_assert_num_queries):
    group = ClientGroup.objects.create(name="Public")
    save_reminder_levels(levels={2: LevelTerms(days=21, exempt_groups=[group.pk])}, by=None)
    acme = make_client()
    for _ in range(number):
        overdue(10, acme)
    with django_assert_num_queries(3):  # the levels, their groups, the invoices
        assert len(reminders_due(timezone.localdate())) == number


def test_no_join_with_the_messages_makes_it_slow_while_many_wait():
    """PostgreSQL expects a handful of invoices here, and would look through all that wait for each of them."""
    overdue(10)
    plan, *_ = reminders_due(timezone.localdate()).explain().partition("SubPlan")
    assert "invoices_invoice" in plan
    assert "Anti Join" not in plan


def naive(levels: list[ReminderLevel], overdue_days: int, before: list[tuple[int, int, str]]) -> int:
    """The level that is due, as the rule is told."""
    counted = [each for each in before if each[2] != "withheld"]
    if any(state in ("waiting", "sending") for _, _, state in counted):
        return 0
    highest = max((level for level, _, _ in counted), default=0)
    wanted = [level for level in levels if level.level > highest and level.is_on]
    if not wanted or overdue_days < wanted[0].days:
        return 0
    ago = [days for _, days, state in counted if state != "failed"]
    gap = wanted[0].days - next((level.days for level in levels if level.level == highest), 0)
    return 0 if ago and min(ago) < max(gap, 1) else wanted[0].level


_STATES = st.sampled_from(["sent", "perhaps_sent", "bounced", "failed", "withheld", "waiting", "sending"])


class TheRule(TestCase):
    """Of any levels and any history the statement says what the rule says."""

    @settings(max_examples=60, deadline=None)
    @given(
        days=st.lists(st.integers(1, 30), min_size=3, max_size=3, unique=True).map(sorted),
        on=st.tuples(st.booleans(), st.booleans(), st.booleans()),
        overdue_days=st.integers(0, 40),
        before=st.dictionaries(st.integers(1, 3), st.tuples(st.integers(0, 40), _STATES)),
    )
    def test_the_statement_says_what_the_rule_says(self, days, on, overdue_days, before):
        levels = [ReminderLevel(level=n, days=days[n - 1], is_on=on[n - 1]) for n in DAYS]
        ReminderLevel.objects.bulk_create(levels)
        invoice = overdue(overdue_days)
        history = [(level, *rest) for level, rest in before.items()]
        for each in history:
            reminded(invoice, *each)
        wanted = naive(levels, overdue_days, history)
        assert due() == ([(invoice.label, wanted)] if wanted else [])
