"""What becomes of messages that a server refuses, loses or does not take, and of the others."""

import datetime
import threading

import pytest
import time_machine
from django.test import override_settings
from django.utils import timezone

from billing_admin.documents import NotDrawn
from billing_admin.mail import delivery
from billing_admin.mail.mailer_url import read_mailer_url
from clients.models import Client, MailMessage, MailSettings
from clients.services.mail import send
from clients.services.mail.by_hand import mark_arrived, send_again
from clients.services.mail.content import CONTENTS, Content
from clients.services.mail.send import send_mail
from clients.services.mail.set_up import send_test
from clients.services.profile import edit_client
from tests.clients.holders import keep_document
from tests.factories import give_credit, make_client, make_invoice, make_staff, usd
from tests.mail import going_to, send_all, states, switch_on, tell
from tests.mail_servers import broken_server, mail_server
from tests.unchanged import refused

pytestmark = pytest.mark.django_db

State = MailMessage.State


def test_a_document_that_cannot_be_made_fails_its_message_alone(server, monkeypatch):
    def cannot(message, press):
        raise NotDrawn("no paper")

    (one, _other) = tell("a@acme.example", "b@acme.example")
    content = CONTENTS["credit"]
    monkeypatch.setitem(
        CONTENTS,
        "credit",
        Content(content.say, lambda message, press: cannot(message, press) if message == one else []),
    )
    assert send_all() == 2
    assert states() == [("failed", "The document could not be made: no paper"), ("sent", "")]


def test_what_is_no_address_is_withheld_and_holds_up_nobody(server):
    tell("one@a.example", "two@a.example")
    row = MailMessage.objects.order_by("pk")[0]
    Client.objects.filter(mail=row).update(email="a@x.example, b@x.example")
    send_all()
    assert [state for state, _ in states()] == ["withheld", "sent"]
    assert "no e-mail address" in states()[0][1]


def test_a_refused_address_bounces_and_holds_up_nobody():
    def refuses(to: str) -> str:
        return "550 No such user" if to.startswith("bad") else ""

    with mail_server(to_recipient=refuses) as server, going_to(server):
        tell("bad@a.example", "good@a.example")
        assert send_all() == 2
    assert [state for state, _ in states()] == ["bounced", "sent"]
    assert "550 No such user" in states()[0][1]


def test_an_address_that_bounced_gets_nothing_until_it_changes(server):
    (row,) = tell("bad@a.example")
    MailMessage.objects.update(state=State.BOUNCED, address="BAD@a.example")
    give_credit(row.client, usd(5), tell=True)
    send_all()
    assert states()[1] == ("withheld", "Mail to bad@a.example came back before.")
    edit_client(client=row.client, by=None, email="good@a.example")
    give_credit(row.client, usd(5), tell=True)
    send_all()
    assert server.recipients == ["good@a.example"]


def test_staff_send_to_an_address_that_bounced_and_later_mail_goes_too(server):
    (row,) = tell("bad@a.example")
    MailMessage.objects.update(state=State.BOUNCED, address="bad@a.example")
    send_again(message=row, by=make_staff())
    send_all()
    give_credit(row.client, usd(5), tell=True)
    send_all()
    assert [state for state, _ in states()] == ["bounced", "sent", "sent"]


def test_what_is_not_taken_for_now_is_tried_again_later():
    answers = ["451 Greylisted", ""]
    with mail_server(to_recipient=lambda to: answers.pop(0)) as server, going_to(server):
        tell("a@a.example")
        send_all()
        (row,) = MailMessage.objects.all()
        assert (row.state, row.attempts, row.sender) == ("waiting", 1, None)
        assert "451 Greylisted" in row.why
        assert datetime.timedelta(seconds=50) < row.due_at - timezone.now() < datetime.timedelta(seconds=61)
        assert send_all() == 0
        with time_machine.travel(timezone.now() + datetime.timedelta(seconds=61), tick=True):
            send_all()
    assert states() == [("sent", "")]


def test_after_seven_tries_it_is_given_up():
    with mail_server(to_recipient=lambda to: "451 Later") as server, going_to(server):
        tell("a@a.example")
        MailMessage.objects.update(attempts=6)
        send_all()
    ((state, why),) = states()
    assert (state, why[:20]) == ("failed", "Given up after 7 tri")


def test_a_server_that_is_down_costs_no_message_a_try():
    switch_on()
    tell("a@a.example", "b@a.example")
    with override_settings(MAILERS=read_mailer_url("smtp://127.0.0.1:9").mailers):
        assert send_all() == 0
        assert send_all() == 0  # not asked again before its time
    assert list(MailMessage.objects.values_list("state", "attempts")) == [("waiting", 0)] * 2
    settings = MailSettings.objects.current()
    assert settings.stopped_why == "Nothing answers at the mail server’s address and port."
    with mail_server() as server, going_to(server):
        MailSettings.objects.update(stopped_until=timezone.now())
        assert send_all() == 2
    assert MailSettings.objects.current().stopped_until is None


@pytest.mark.parametrize("at", ["mail", "rcpt", "data"])
def test_a_server_that_dies_before_the_body_is_through_is_tried_again(at):
    with broken_server(at) as server, going_to(server):
        tell("a@a.example")
        send_all()
    assert [state for state, _ in states()] == ["waiting"]


def test_a_server_that_dies_after_the_body_has_perhaps_sent_it():
    with broken_server("dot") as server, going_to(server):
        tell("a@a.example")
        send_all()
        with time_machine.travel(timezone.now() + datetime.timedelta(days=2), tick=True):
            send_all()
    assert len(server.taken) == 1
    ((state, why),) = states()
    assert state == "perhaps_sent"
    assert "did not say" in why


def test_what_was_perhaps_sent_is_marked_or_sent_again(server):
    one, two = tell("a@a.example", "b@a.example")
    MailMessage.objects.update(state=State.PERHAPS_SENT, claimed_at=timezone.now())
    olga = make_staff()
    assert mark_arrived(message=one, by=olga).state == "sent"
    again = send_again(message=two, by=olga)
    assert again.key == f"{two.key} again 1"
    with refused("It is waiting to be sent again already."):
        send_again(message=two, by=olga)
    send_all()
    assert send_again(message=MailMessage.objects.get(pk=two.pk), by=olga).key == f"{two.key} again 2"


def test_a_message_over_the_limit_fails_with_the_figures(server):
    switch_on("invoice", most_megabytes=1)
    keep_document(make_invoice(make_client(), usd(10)), b"x" * 800_000)
    send_all()
    ((state, why),) = states()
    assert state == "failed"
    assert "1.1 MB" in why
    assert server.taken == []


def test_a_test_message_lets_mail_be_switched_on(server):
    settings = MailSettings.objects.create(from_name="Acme", from_address="billing@hosting.example")
    MailMessage.objects.queue_test("olga@hosting.example", by=make_staff())
    send_all()
    settings.refresh_from_db()
    assert (settings.tested_address, server.recipients) == ("olga@hosting.example", ["olga@hosting.example"])
    settings.switched_on = ["invoice"]
    settings.save()


def test_a_test_message_that_fails_does_not():
    with mail_server(to_recipient=lambda to: "550 No") as server, going_to(server):
        MailSettings.objects.create(from_name="Acme", from_address="billing@hosting.example")
        MailMessage.objects.queue_test("olga@hosting.example", by=make_staff())
        send_all()
    assert MailSettings.objects.current().tested_at is None


def test_a_test_message_of_another_sender_does_not(server, monkeypatch):
    MailSettings.objects.create(from_name="Acme", from_address="billing@hosting.example")
    MailMessage.objects.queue_test("olga@hosting.example", by=make_staff())

    def change_meanwhile(mailer, letter):
        MailSettings.objects.update(from_address="other@hosting.example")
        return delivery.deliver(mailer, letter)

    monkeypatch.setattr(send, "deliver", change_meanwhile)
    send_all()
    assert MailSettings.objects.current().tested_at is None


def test_no_more_go_out_than_the_rate_allows(server):
    tell("a@a.example", "b@a.example", "c@a.example")
    MailSettings.objects.update(per_minute=300)
    begun = timezone.now()
    assert send_all() == 3
    assert datetime.timedelta(seconds=0.4) < timezone.now() - begun < datetime.timedelta(seconds=5)


def test_the_rate_also_holds_from_one_job_to_the_next(server):
    tell("a@a.example", "b@a.example")
    MailSettings.objects.update(per_minute=40)
    assert [send_mail(ending=threading.Event(), most=1) for _ in range(2)] == [1, 1]
    one, two = MailMessage.objects.order_by("pk")
    assert datetime.timedelta(seconds=1.4) < two.sent_at - one.sent_at


def test_a_text_is_tried_out_with_examples(server):
    MailSettings.objects.create(from_name="Acme", from_address="billing@hosting.example")
    send_test(address="olga@hosting.example", by=make_staff(), about={"kind": "invoice", "language": "de"})
    send_all()
    assert server.taken[0]["Subject"].startswith("Rechnung INV-000123")
