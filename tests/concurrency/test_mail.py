"""Mail and what happens beside it: clients that are merged or deleted, payments that go back, processes that die."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db import transaction as db_transaction

from billing_admin.db.locks import MAIL, hold_lock
from billing_admin.mail import delivery
from clients.models import Client, ClientMerge, IssuedDocument, MailMessage, MailWave
from clients.services.delete.delete_client import delete_client
from clients.services.mail import claim as claiming
from clients.services.mail import crash, send
from clients.services.mail.waves import take_waves_apart
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from tests.clients.holders import keep_document
from tests.concurrency.racing import race
from tests.dumped import lines_with
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, usd
from tests.mail import going_to, send_all, states, switch_on, tell
from tests.mail_servers import Server, mail_server
from transactions.services.receive import receive_payment
from transactions.services.reverse import reverse_payment


@pytest.fixture
def server() -> Iterator[Server]:
    with mail_server() as made, going_to(made):
        yield made


@contextmanager
def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> Iterator[list[Any]]:
    """Do something on another connection at the moment at which the mail server is talked to."""
    told: list[Any] = []

    def deliver(mailer, letter):
        assert not connection.in_atomic_block
        told.extend(race(act))
        return delivery.deliver(mailer, letter)

    monkeypatch.setattr(send, "deliver", deliver)
    yield told
    monkeypatch.undo()


def on_own_connection(act: Callable[[], object]) -> None:
    """What a thread of its own does."""
    try:
        act()
    finally:
        connection.close()


def owner(message: MailMessage) -> Client:
    return Client.objects.get(mail=message)


def test_a_client_deleted_while_a_message_waits_takes_it_along(server):
    (row,) = tell("gone@acme.example")
    delete_client(client=owner(row), by=None)
    assert send_all() == 0
    assert lines_with("gone@acme.example", "Downtime") == []


def test_a_client_is_deleted_while_its_message_is_being_sent(server, monkeypatch):
    (row,) = tell("gone@acme.example")
    with meanwhile(monkeypatch, partial(delete_client, client=owner(row), by=None)) as told:
        assert send_all() == 1
    assert [type(each).__name__ for each in told] == ["ClientDeletion"]
    assert server.recipients == ["gone@acme.example"]  # it was on its way
    assert lines_with("gone@acme.example", "Downtime") == []


def test_a_client_who_was_sent_mail_leaves_no_trace_of_it(server):
    (row,) = tell("gone@acme.example")
    MailMessage.objects.queue_test("GONE@acme.example", by=None)
    send_all()
    assert lines_with("gone@acme.example") != []
    delete_client(client=owner(row), by=None)
    assert lines_with("gone@acme.example", "Downtime") == []


def test_what_was_typed_about_another_goes_with_the_other(server):
    switch_on("credit")
    make_client("Globex Incorporated")
    give_credit(make_client("Acme Ltd"), usd(5), "Moved over from Globex Incorporated", tell=True)
    send_all()
    delete_client(client=Client.objects.get(company_name="Globex Incorporated"), by=None)
    assert lines_with("Globex Incorporated") == []
    assert MailMessage.objects.get().body


def test_clients_are_merged_while_a_message_is_being_sent(server, monkeypatch):
    (row,) = tell("a@acme.example")
    kept = make_client("Kept")
    with meanwhile(monkeypatch, partial(merge_clients, kept=kept, discarded=owner(row), by=None)):
        send_all()
    assert states() == [("sent", "")]
    assert owner(row) == kept


def test_a_merge_brings_mail_together_and_its_undo_parts_it(server):
    (row, own) = tell("a@acme.example", "kept@acme.example")
    send_all()
    acme, kept = owner(row), owner(own)
    merge = merge_clients(kept=kept, discarded=acme, by=None)
    assert [message.client_id for message in MailMessage.objects.all()] == [kept.pk] * 2
    undo_merge(merge=merge, by=None)
    assert [owner(message).number for message in (row, own)] == [acme.number, kept.number]


def test_mail_since_a_merge_goes_back_with_what_it_is_about(server):
    switch_on("invoice", "payment")
    acme, kept = make_client(), make_client("Kept")
    invoice = make_invoice(acme, usd(10))
    keep_document(invoice, b"%PDF")
    MailMessage.objects.all().delete()
    merge = merge_clients(kept=kept, discarded=acme, by=None)
    MailMessage.objects.queue("invoice", [invoice.pk], by=None)
    own = make_invoice(kept, usd(3))
    keep_document(own, b"%PDF")
    send_all()
    undo_merge(merge=ClientMerge.objects.get(pk=merge.pk), by=None)
    whose = {message.about: owner(message).number for message in MailMessage.objects.all()}
    assert whose == {invoice.label: acme.number, own.label: kept.number}
    assert IssuedDocument.objects.count() == 2


def test_mail_to_the_kept_client_leaves_no_trace_with_the_parted_one(server):
    switch_on("invoice")
    acme, kept = make_client(email="a@acme.example"), make_client("Kept", email="gone@kept.example")
    invoice = make_invoice(acme, usd(10))
    keep_document(invoice, b"%PDF")
    MailMessage.objects.all().delete()
    merge = merge_clients(kept=kept, discarded=acme, by=None)
    MailMessage.objects.queue("invoice", [invoice.pk], by=None)
    send_all()
    assert server.recipients == ["gone@kept.example"]
    undo_merge(merge=merge, by=None)
    (row,) = MailMessage.objects.all()
    assert (owner(row).number, row.state) == (acme.number, "sent")
    delete_client(client=kept, by=None)
    assert lines_with("gone@kept.example", "Kept") == []


class Paused:
    """Something that another connection has done and not committed."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self.act, self.done, self.go_on = act, threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        with db_transaction.atomic():
            self.act()
            self.done.set()
            self.go_on.wait(30)
        connection.close()

    def __enter__(self) -> None:
        self.thread.start()
        assert self.done.wait(30)

    def __exit__(self, *error: object) -> None:
        self.go_on.set()
        self.thread.join(30)


def paid() -> Any:
    switch_on("payment")
    invoice = make_invoice(make_client(), usd(10))
    return receive_payment(invoices=[invoice], amount=usd(10), payment_method=make_payment_method(), by=None)


def test_a_payment_that_is_being_given_back_is_not_waited_for_and_not_told(server):
    payment = paid().transaction
    (row,) = MailMessage.objects.all()
    with Paused(partial(reverse_payment, payment=payment, by=None)):
        assert claiming.claim(row, sender=1, files=[]) == "passed"
        assert [state for state, _ in states()] == ["waiting"]
    assert send_all() == 1
    assert [state for state, _ in states()] == ["withheld"]
    assert server.taken == []


def test_control_without_the_lock_it_is_told(monkeypatch):
    payment = paid().transaction
    (row,) = MailMessage.objects.all()
    monkeypatch.setattr(claiming, "_LOCK_CLIENT", "SELECT * FROM clients_client WHERE id = %s")
    with Paused(partial(reverse_payment, payment=payment, by=None)):
        assert isinstance(claiming.claim(row, sender=1, files=[]), claiming.Claimed)


def test_what_was_drawn_for_a_merged_client_does_not_go_to_the_parted_one():
    (row,) = tell("a@acme.example")
    merge = merge_clients(kept=make_client("Kept"), discarded=owner(row), by=None)
    seen = MailMessage.objects.get()
    undo_merge(merge=merge, by=None)
    assert claiming.claim(seen, sender=1, files=[]) == "passed"
    assert isinstance(claiming.claim(MailMessage.objects.get(), sender=1, files=[]), claiming.Claimed)


def test_of_two_who_claim_one_message_one_has_it():
    (row,) = tell("a@acme.example")
    outcomes = race(*[partial(claiming.claim, row, sender=number, files=[]) for number in (1, 2, 3, 4)])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Claimed", "str", "str", "str"]


def test_another_client_goes_on_while_one_is_taken(server):
    one, _two = tell("one@acme.example", "two@acme.example")
    with Paused(partial(Client.objects.lock_one, owner(one).pk)):
        sending = threading.Thread(target=on_own_connection, args=(send_all,))
        sending.start()
        while len(server.recipients) < 1:
            pass
        assert server.recipients == ["two@acme.example"]
    sending.join(30)
    assert server.recipients == ["two@acme.example", "one@acme.example"]


def test_what_a_dead_process_was_sending_was_perhaps_sent():
    one, two = tell("one@acme.example", "two@acme.example")
    for sender, message in ((7, one), (8, two)):
        MailMessage.objects.filter(pk=message.pk).update(state="sending", sender=sender)
    with hold_lock("pg_try_advisory_xact_lock(%s, %s)", MAIL, 7):
        assert crash.tell_perhaps_sent() == 1
        assert [state for state, _ in states()] == ["sending", "perhaps_sent"]
    assert crash.tell_perhaps_sent() == 1
    assert [state for state, _ in states()] == ["perhaps_sent"] * 2
    assert send_all() == 0


def test_who_was_taken_for_dead_knows_better_that_it_was_sent(server, monkeypatch):
    tell("one@acme.example")
    with meanwhile(monkeypatch, partial(MailMessage.objects.update, state="perhaps_sent")):
        send_all()
    assert states() == [("sent", "")]


def test_a_wave_whose_client_is_being_merged_loses_nobody():
    switch_on("invoice")
    acme, kept = make_client(), make_client("Kept")
    invoice = make_invoice(acme, usd(10))
    MailMessage.objects.all().delete()
    MailWave.objects.create(kind="invoice", subject_ids=[invoice.pk], by_name="Ann")
    made: list[int] = []
    with Paused(partial(merge_clients, kept=kept, discarded=acme, by=None)):
        taking = threading.Thread(target=on_own_connection, args=(lambda: made.append(take_waves_apart()),))
        taking.start()
        taking.join(0.3)
        assert made == []
    taking.join(30)
    assert made == [1]
    assert owner(MailMessage.objects.get()) == kept
