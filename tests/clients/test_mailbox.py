"""Without a mail server mail is kept: whose it is, whole, and not for ever."""

import datetime
from email import message_from_bytes
from email.policy import default
from io import StringIO

import pytest
import time_machine
from django.core.mail import EmailMessage, mailers, send_mail
from django.core.management import call_command
from django.test import override_settings

from billing_admin.mail.delivery import deliver, drop
from billing_admin.mail.letters import Attachment, Letter
from billing_admin.mail.mailer_url import read_mailer_url
from clients.models import MailboxMail, MailMessage
from clients.services import mailbox
from tests.factories import make_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_mailbox")]


@pytest.fixture
def _mailbox() -> object:
    with override_settings(MAILERS=read_mailer_url("").mailers):
        yield


def test_a_letter_is_kept_with_its_client_and_its_files() -> None:
    acme = make_client()
    message = MailMessage.objects.create(client=acme, kind="invoice", key="invoice 1", queued_by_name="")
    letter = Letter(
        "a@example.com", "Grüße", "Hallo", "<p>Hallo</p>", [Attachment("INV-1.pdf", b"%PDF")],
        f"<mail.{message.pk}.x@example.com>", sender="Acme <b@example.com>",
    )  # fmt: skip
    assert deliver(mailers["default"], letter).kind == "sent"
    kept = MailboxMail.objects.get()
    assert (kept.client, kept.message_id, kept.address, kept.subject) == (acme, message.pk, "a@example.com", "Grüße")
    raw = message_from_bytes(bytes(kept.raw), policy=default)
    assert [part.get_filename() for part in raw.iter_attachments()] == ["INV-1.pdf"]


def test_a_letter_of_a_message_that_was_deleted_meanwhile_is_not_kept() -> None:
    letter = Letter("a@example.com", "Hi", "Hi", message_id="<mail.7.x@example.com>", sender="Acme <b@example.com>")
    assert deliver(mailers["default"], letter).kind == "sent"
    assert not MailboxMail.objects.exists()


def test_whoever_sends_much_keeps_no_more_than_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "_MOST", 2)
    mailer = mailers["default"]
    for subject in ("1", "2", "3"):
        mailer.send_messages([EmailMessage(subject, "x", "b@example.com", ["a@example.com"])])
    drop(mailer)
    assert sorted(MailboxMail.objects.values_list("subject", flat=True)) == ["2", "3"]


def test_djangos_own_mail_is_kept_too() -> None:
    assert send_mail("Test", "Hello", "b@example.com", ["a@example.com", "c@example.com"]) == 1
    assert set(MailboxMail.objects.values_list("address", "client")) == {
        ("a@example.com", None),
        ("c@example.com", None),
    }


def test_the_oldest_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "_MOST", 2)
    with time_machine.travel(datetime.datetime(2026, 10, 1, tzinfo=datetime.UTC)):
        send_mail("Old", "x", "b@example.com", ["a@example.com"])
    for subject in ("1", "2", "3"):
        send_mail(subject, "x", "b@example.com", ["a@example.com"])
    assert mailbox.forget_mailbox() == 2
    assert sorted(MailboxMail.objects.values_list("subject", flat=True)) == ["2", "3"]
    assert mailbox.forget_mailbox() == 0


def test_daily_work_forgets_what_is_old() -> None:
    with time_machine.travel(datetime.datetime(2026, 10, 1, tzinfo=datetime.UTC)):
        send_mail("Old", "x", "b@example.com", ["a@example.com"])
    call_command("daily", stdout=StringIO())
    assert MailboxMail.objects.count() == 0
