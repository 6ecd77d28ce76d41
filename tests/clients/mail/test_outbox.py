"""What is put into the outbox, and what is not."""

import datetime

import pytest
from django.db import IntegrityError, connection
from django.db import transaction as db_transaction
from django.utils import timezone

from clients.models import MailMessage, MailSettings, MailWave
from clients.services.contacts import add_contact
from clients.services.mail.waves import take_waves_apart
from clients.services.profile import edit_client
from invoices.models import BillableItem
from invoices.services.credit_notes import issue_credit_note
from invoices.services.issue import NewLine, draft_invoice
from invoices.services.runs.generate import generate_invoices
from tests.factories import give_credit, make_client, make_invoice, make_item, make_payment_method, usd
from tests.mail import switch_on
from transactions.services.attach import attach_money
from transactions.services.receive import receive_payment
from transactions.services.record_many import Payment, record_payments

pytestmark = pytest.mark.django_db


def queued() -> list[tuple[str, str, str]]:
    return list(MailMessage.objects.order_by("pk").values_list("kind", "about", "state"))


def pay(amount: int = 10, **details):
    return receive_payment(amount=usd(amount), payment_method=make_payment_method(), by=None, **details)


def test_nothing_is_put_in_while_mail_is_off():
    acme = make_client()
    invoice = make_invoice(acme, usd(10))
    pay(invoices=[invoice])
    issue_credit_note(invoice=invoice, reason="Downtime", by=None)
    give_credit(acme, usd(5), tell=True)
    assert queued() == []


def test_each_kind_has_its_own_switch():
    switch_on("credit_note")
    invoice = make_invoice(make_client(), usd(10))
    note = issue_credit_note(invoice=invoice, reason="Downtime", by=None).note
    assert queued() == [("credit_note", note.label, "waiting")]


def test_a_draft_tells_nobody_and_its_issue_once():
    switch_on("invoice")
    acme = make_client()
    draft_invoice(client=acme, lines=[NewLine("Hosting", usd(3))], by=None)
    assert queued() == []
    invoice = make_invoice(acme, usd(10))
    assert queued() == [("invoice", invoice.label, "waiting")]
    MailMessage.objects.queue("invoice", [invoice.pk], by=None)
    assert len(queued()) == 1


def test_what_fails_puts_nothing_in():
    switch_on("invoice")
    with db_transaction.atomic():
        make_invoice(make_client(), usd(10))
        db_transaction.set_rollback(True)
    assert queued() == []


def test_a_payment_tells_once_whatever_it_pays():
    switch_on("payment")
    acme = make_client()
    one, two = make_invoice(acme, usd(4)), make_invoice(acme, usd(5))
    pay(invoices=[one, two])
    assert queued() == [("payment", one.label, "waiting")]


def test_money_tells_when_it_finds_its_client():
    switch_on("payment")
    row = pay().transaction
    assert queued() == []
    attach_money(transaction=row, client=make_client(), by=None)
    assert queued() == [("payment", "10.00 USD", "waiting")]


def test_an_old_payment_tells_nobody():
    switch_on("payment")
    today = timezone.localdate()
    acme = make_client()
    pay(client=acme, on=today - datetime.timedelta(days=8))
    assert queued() == []
    pay(client=acme, on=today - datetime.timedelta(days=7))
    assert len(queued()) == 1


def test_many_payments_tell_each_its_client():
    switch_on("payment")
    invoices = [make_invoice(make_client(), usd(10)) for _ in range(3)]
    method, today = make_payment_method(), timezone.localdate()
    old = today - datetime.timedelta(days=30)
    days = [today, today, old]
    record_payments(
        payments=[Payment(each.pk, usd(10), method, day) for each, day in zip(invoices, days, strict=True)], by=None
    )
    assert queued() == [("payment", each.label, "waiting") for each in invoices[:2]]


def test_credit_tells_only_where_it_is_ticked():
    switch_on("credit")
    acme = make_client()
    give_credit(acme, usd(5))
    assert queued() == []
    give_credit(acme, usd(5), tell=True)
    assert queued() == [("credit", "5.00 USD", "waiting")]


def test_contacts_who_receive_invoices_get_a_message_of_their_own():
    switch_on("invoice")
    acme = make_client(email="a@acme.example")
    add_contact(
        client=acme,
        email="bo@acme.example",
        roles=["receives_invoices"],
        by=None,
        first_name="",
        last_name="",
        phone="",
    )
    add_contact(
        client=acme, email="A@acme.example", roles=["receives_invoices"], by=None, first_name="", last_name="", phone=""
    )
    add_contact(
        client=acme, email="c@acme.example", roles=["technical"], by=None, first_name="", last_name="", phone=""
    )
    make_invoice(acme, usd(10))
    contacts = list(MailMessage.objects.order_by("pk").values_list("contact_id", flat=True))
    bo = acme.contacts.get(email="bo@acme.example")
    assert contacts == [None, bo.pk]


def test_who_has_no_address_is_listed_as_withheld():
    switch_on("invoice")
    make_invoice(make_client(email=""), usd(10))
    assert [(row.state, row.why) for row in MailMessage.objects.all()] == [("withheld", "There is no e-mail address.")]


def test_a_contact_stands_in_for_a_client_without_an_address():
    switch_on("invoice")
    acme = make_client(email="")
    bo = add_contact(
        client=acme,
        email="bo@acme.example",
        roles=["receives_invoices"],
        by=None,
        first_name="",
        last_name="",
        phone="",
    )
    make_invoice(acme, usd(10))
    assert [(row.contact_id, row.state) for row in MailMessage.objects.all()] == [(bo.pk, "waiting")]


def test_who_gets_no_mail_is_listed_as_withheld():
    switch_on("invoice")
    make_invoice(make_client(no_mail=True), usd(10))
    assert [(row.state, row.why) for row in MailMessage.objects.all()] == [("withheld", "The client gets no mail.")]


def test_what_was_withheld_is_queued_again_when_it_need_not_be():
    switch_on("invoice")
    acme = make_client(email="")
    invoice = make_invoice(acme, usd(10))
    edit_client(client=acme, by=None, email="a@acme.example")
    MailMessage.objects.queue("invoice", [invoice.pk], by=None)
    assert queued() == [("invoice", invoice.label, "waiting")]


def items(count: int) -> None:
    for _ in range(count):
        make_item(make_client(), usd(5), due=timezone.localdate(), cycle=BillableItem.Cycle.MONTHLY)


def test_a_run_puts_in_each_of_its_invoices():
    switch_on("invoice")
    items(3)
    generate_invoices(as_of=timezone.localdate(), by=None)
    assert [(kind, state) for kind, _, state in queued()] == [("invoice", "waiting")] * 3
    assert MailWave.objects.count() == 0


def test_a_large_chunk_is_one_row_until_it_is_taken_apart(monkeypatch):
    monkeypatch.setattr("clients.models.mail.message.MOST_AT_ONCE", 2)
    switch_on("invoice")
    items(3)
    generate_invoices(as_of=timezone.localdate(), by=None)
    assert queued() == []
    assert [len(wave.subject_ids) for wave in MailWave.objects.all()] == [3]
    assert take_waves_apart() == 3
    assert [(kind, state) for kind, _, state in queued()] == [("invoice", "waiting")] * 3
    assert MailWave.objects.count() == 0


def test_of_what_is_gone_when_it_is_taken_apart_nothing_is_made():
    switch_on("invoice")
    MailWave.objects.create(kind="invoice", subject_ids=[-1, -2], by_name="Ann")
    assert take_waves_apart() == 0
    assert MailWave.objects.count() == 0


def test_mail_is_switched_on_only_after_a_test():
    with pytest.raises(IntegrityError, match="mail_is_tested_first"):
        MailSettings.objects.create(switched_on=["invoice"], from_address="a@b.example")


@pytest.mark.parametrize(("was", "becomes"), [("sent", "waiting"), ("bounced", "sending"), ("perhaps_sent", "waiting")])
def test_what_was_sent_never_waits_again(was, becomes):
    switch_on("invoice")
    make_invoice(make_client(), usd(10))
    MailMessage.objects.update(state=was)
    with pytest.raises(IntegrityError, match="never sent again"):
        MailMessage.objects.update(state=becomes, sender=1)


def test_what_a_message_is_about_stays():
    switch_on("invoice")
    make_invoice(make_client(), usd(10))
    with pytest.raises(IntegrityError, match="stays as it was queued"), connection.cursor() as cursor:
        cursor.execute("UPDATE clients_mailmessage SET subject_id = 0")
