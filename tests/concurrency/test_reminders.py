"""Reminders and what happens beside them: settled, held, paused, sent by two at once, merged, deleted, killed."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from clients.models import Activity, Client, ClientMerge, MailMessage
from clients.services.contacts import add_contact
from clients.services.delete.delete_client import delete_client
from clients.services.mail import claim as claiming
from clients.services.mail import crash
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from invoices.models import BillableItem, Invoice, ReminderFee, ReminderHold
from invoices.services.reminders.holds import hold_reminders
from invoices.services.reminders.send import send_reminders
from invoices.services.runs.generate import generate_invoices
from tests.concurrency.racing import race
from tests.concurrency.test_mail import Paused, on_own_connection
from tests.dumped import lines_with
from tests.factories import make_client
from tests.invariants import assert_invariants
from tests.mail import going_to, send_all, states, switch_on
from tests.mail_servers import Server, mail_server
from tests.reminders import costs, fees, overdue, remind, settled

# In which ways nobody should be asked any more, and whether that takes a fee back.
WAYS = {"paid": False, "cancelled": True, "credited": True, "written off": True, "disputed": False, "paused": False}


@pytest.fixture
def server() -> Iterator[Server]:
    with mail_server() as made, going_to(made):
        yield made


def waiting() -> tuple[Invoice, MailMessage]:
    """An invoice whose reminder waits to be sent."""
    costs(USD="5.00")
    invoice = overdue(10)
    remind()
    return invoice, MailMessage.objects.get()


def owners() -> set[int]:
    """Whose the marks and the fees are."""
    return {pk for rows in (ReminderFee, ReminderHold) for pk in rows.objects.values_list("client_id", flat=True)}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_settled_before_the_claim_is_not_asked_for(server, way):
    invoice, row = waiting()
    with Paused(partial(settled, way, invoice)):
        assert claiming.claim(row, sender=1, files=[]) == "passed"
    send_all()
    assert MailMessage.objects.get(kind="reminder").state == "withheld"
    assert server.taken == []
    assert fees() == []


@pytest.mark.parametrize("way", WAYS)
def test_what_is_settled_after_the_claim_was_on_its_way(way):
    invoice, row = waiting()
    claimed: list[Any] = []
    settling = threading.Thread(target=on_own_connection, args=(partial(settled, way, invoice),))
    with Paused(lambda: claimed.append(claiming.claim(row, sender=1, files=[]))):
        settling.start()
        settling.join(0.3)
        assert settling.is_alive()  # the client is locked
    settling.join(30)
    assert isinstance(claimed[0], claiming.Claimed)
    assert "To pay: 100.00" in claimed[0].letter.text
    assert len(fees()) == (0 if WAYS[way] else 1)
    assert_invariants()


def test_control_without_the_lock_it_is_asked_for(monkeypatch):
    invoice, row = waiting()
    costs(EUR="5.00")  # what is billed locks the client too
    monkeypatch.setattr(claiming, "_LOCK_CLIENT", "SELECT * FROM clients_client WHERE id = %s")
    with Paused(partial(settled, "written off", invoice)):
        assert isinstance(claiming.claim(row, sender=1, files=[]), claiming.Claimed)


def test_of_two_who_put_in_what_is_due_each_goes_once(server):
    switch_on("reminder")
    acme = make_client()
    for days in range(10, 40):
        overdue(days, acme)
    both = race(*[partial(send_reminders, as_of=timezone.localdate(), by=None)] * 2)
    assert sorted(outcome.number for outcome in both) == [0, 30]
    assert MailMessage.objects.filter(kind="reminder").count() == 30
    assert Activity.objects.filter(verb="reminders.sent").count() == 1


def test_two_workers_and_two_recipients_make_one_fee():
    invoice, _ = waiting()
    add_contact(client=invoice.client, email="ann@acme.example", roles=["receives_reminders"], by=None)
    MailMessage.objects.put_in("reminder", [invoice.pk], by_id=None, by_name="System", level=1)
    rows = list(MailMessage.objects.all())

    def take(row: MailMessage, sender: int) -> None:
        while claiming.claim(row, sender=sender, files=[]) == "passed":
            pass

    race(*[partial(take, row, number) for number, row in enumerate(rows)])
    assert [state for state, _ in states()] == ["sending", "sending"]
    assert len(fees()) == ReminderFee.objects.count() == 1


def test_killed_while_it_was_sent_it_costs_what_it_says_once(server):
    _, row = waiting()
    assert isinstance(claiming.claim(row, sender=7, files=[]), claiming.Claimed)
    assert crash.tell_perhaps_sent() == 1
    send_all()
    assert [state for state, _ in states()] == ["perhaps_sent"]
    assert len(fees()) == 1
    assert remind().number == 0


def test_killed_in_the_claim_nothing_is_booked(monkeypatch):
    _, row = waiting()
    monkeypatch.setattr(claiming, "require_held_locks", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        claiming.claim(row, sender=7, files=[])
    assert [state for state, _ in states()] == ["waiting"]
    assert fees() == []


def test_an_item_and_a_mark_go_with_a_merge_and_part_with_its_undo(server):
    acme, kept = make_client(), make_client("Kept")
    costs(USD="5.00")
    before, since = overdue(10, acme), overdue(3, acme)
    remind()
    send_all()
    hold_reminders(invoice=before, kind="disputed", said_on=timezone.localdate(), reason="Wrong", by=None)
    merge = merge_clients(kept=kept, discarded=acme, by=None)
    assert owners() == {kept.pk}
    MailMessage.objects.put_in("reminder", [since.pk], by_id=None, by_name="System", level=1)
    hold_reminders(invoice=Invoice.objects.get(pk=since.pk), kind="announced", said_on=timezone.localdate(),
                   reason="Said so", by=None)  # fmt: skip
    undo_merge(merge=ClientMerge.objects.get(pk=merge.pk), by=None)
    back = Client.objects.get(number=acme.number)
    assert owners() == {back.pk}
    assert {item.client_id for item in BillableItem.objects.all()} == {back.pk}
    assert ReminderHold.objects.count() == 2
    connection.check_constraints()


@pytest.mark.parametrize("is_billed", [False, True])
def test_a_fee_since_the_merge_goes_back_unless_it_is_billed(server, is_billed):
    acme, kept = make_client(), make_client("Kept")
    costs(USD="5.00")
    invoice = overdue(10, acme)
    merge = merge_clients(kept=kept, discarded=acme, by=None)
    remind()
    send_all()
    if is_billed:
        generate_invoices(as_of=timezone.localdate(), by=None)
    undo_merge(merge=ClientMerge.objects.get(pk=merge.pk), by=None)
    back = Client.objects.get(number=acme.number)
    (fee,) = ReminderFee.objects.select_related("item")
    assert (fee.client_id, fee.invoice_id) == (back.pk, invoice.pk)
    assert fee.item.client_id == (kept.pk if is_billed else back.pk)


def test_a_deletion_takes_marks_and_fees_and_what_was_typed_of_others(server):
    acme, globex = make_client("Acme Ltd"), make_client("Globex Incorporated")
    costs(USD="5.00")
    invoice, other = overdue(10, acme), overdue(3, globex)
    remind()
    send_all()
    today = timezone.localdate()
    hold_reminders(invoice=invoice, kind="disputed", said_on=today, reason="Gundula never had it", by=None)
    hold_reminders(invoice=other, kind="disputed", said_on=today, reason="Acme Ltd has to pay", by=None)
    delete_client(client=acme, by=None)
    assert lines_with("Gundula", "Acme Ltd", "Reminder fee") == []
    (left,) = ReminderHold.objects.all()
    assert (left.invoice_id, left.note) == (other.pk, "")
    assert ReminderFee.objects.count() == 0


def test_a_mark_is_made_once_by_two_at_once():
    invoice = overdue(10)
    mark: Callable[[], Any] = partial(
        hold_reminders, invoice=invoice, kind="disputed", said_on=timezone.localdate(), reason="Wrong", by=None
    )
    outcomes = race(mark, mark)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["BusinessError", "ReminderHold"]
