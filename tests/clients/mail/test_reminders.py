"""What a reminder says when it goes out, why some does not, and what it costs."""

import pytest
from django.utils import timezone

from clients.models import MailMessage, MailTemplate
from clients.services.mail.by_hand import send_again
from clients.services.profile import edit_client
from clients.services.reminders import pause_reminders
from tests.factories import make_client
from tests.mail import send_all, states
from tests.reminders import costs, days_ago, due, fees, overdue, remind, reminded, settled

pytestmark = pytest.mark.django_db


def test_a_reminder_goes_out_with_its_invoice(server):
    costs(USD="5.00")
    invoice = overdue(10, make_client(email="a@acme.example"))
    assert remind().parts == [(1, "USD", 1)]
    assert send_all() == 1
    (mail,) = server.taken
    assert mail["To"] == "a@acme.example"
    assert mail["Subject"] == f"Reminder: invoice {invoice.label} was due on {days_ago(10):%-d %b %Y}"
    text = mail.get_body(["plain"]).get_content().replace("\xa0", " ")
    assert "To pay: 100.00 USD" in text
    assert "Late fee on your next invoice: 5.00 USD" in text
    assert [file.get_filename() for file in mail.iter_attachments()] == [f"{invoice.label}.pdf"]
    (row,) = MailMessage.objects.all()
    assert (row.key, row.level, row.state) == (f"reminder {invoice.pk} 1", 1, "sent")
    assert due() == []
    assert remind().number == 0


def test_the_text_of_a_level_says_how_many_days(server):
    MailTemplate.objects.create(kind="reminder", level=2, language="en", subject="{days} days", body="{fee}\n{to_pay}")
    invoice = overdue(30)
    reminded(invoice, 1, 20)
    remind()
    send_all()
    (mail,) = server.taken
    assert mail["Subject"] == "30 days"
    assert mail.get_body(["plain"]).get_content().split() == ["100.00", "USD"]


def test_of_many_waves_are_made_and_each_goes_once(server, monkeypatch):
    monkeypatch.setattr("clients.models.mail.message.MOST_AT_ONCE", 1)
    overdue(10)
    overdue(12)
    assert remind().number == 2
    assert MailMessage.objects.count() == 0
    assert due() == []  # they wait to be taken apart
    assert remind().number == 0
    send_all()
    assert len(server.recipients) == 2


def test_those_that_were_chosen_and_are_due_go_out():
    first, second, later = overdue(10), overdue(12), overdue(3)
    outcome = remind(first, later)
    assert (outcome.number, outcome.not_due) == (1, 1)
    assert due() == [(second.label, 1)]


WHY = {
    "paid": "{0} is Paid.",
    "cancelled": "{0} was cancelled.",
    "credited": "{0} was credited.",
    "written off": "{0} is Written off.",
    "disputed": "{0} is marked as Disputed since {1}.",
    "paused": "The client’s reminders are paused until {1}.",
    "inactive": "The client is Inactive.",
    "off": "Reminder 1 is switched off.",
    "later": "Reminder 1 goes out 14 days after the due date.",
    "exempt": "The client’s group gets no reminder 1.",
    "another": "Reminder 2 went out already.",
    "no mail": "The client gets no mail.",
}


@pytest.mark.parametrize("name", WHY)
def test_what_happened_since_it_was_queued_counts(server, name):
    costs(USD="5.00")
    invoice = overdue(10)
    remind()
    settled(name, invoice)
    MailMessage.objects.filter(kind__in=["payment", "credit_note"]).delete()
    send_all()
    row = MailMessage.objects.get(level=1)
    assert (row.state, row.why) == ("withheld", WHY[name].format(invoice.label, f"{timezone.localdate():%-d %b %Y}"))
    assert server.taken == []
    assert fees() == []


def test_one_a_day_for_an_invoice(server):
    invoice = overdue(60)
    reminded(invoice, 1, 0)
    MailMessage.objects.put_in("reminder", [invoice.pk], by_id=None, by_name="System", level=2)
    remind()
    send_all()
    assert states()[1] == ("withheld", "Another reminder of this invoice went out today.")


def test_what_was_withheld_goes_out_once_it_is_due_again(server):
    invoice = overdue(10)
    remind()
    settled("paused", invoice)
    send_all()
    pause_reminders(client=invoice.client, until=None, by=None)
    assert due() == [(invoice.label, 1)]
    remind()
    send_all()
    assert states() == [("sent", "")]


def test_what_failed_goes_out_again_only_by_hand(server):
    costs(USD="5.00")
    invoice = overdue(10)
    remind()
    MailMessage.objects.update(state="failed")
    assert remind().number == 0
    assert due() == []
    send_again(message=MailMessage.objects.get(), by=None)
    edit_client(client=invoice.client, by=None, no_mail=True, reminders_paused_until=timezone.localdate())
    send_all()
    assert [state for state, _ in states()] == ["failed", "sent"]
    assert fees() == [(f"Reminder fee for {invoice.label}", "5.00")]


def test_by_hand_it_goes_out_only_while_it_is_owed_and_not_held(server):
    invoice = overdue(10)
    remind()
    send_all()
    send_again(message=MailMessage.objects.get(), by=None)
    settled("disputed", invoice)
    send_all()
    assert [state for state, _ in states()] == ["sent", "withheld"]
