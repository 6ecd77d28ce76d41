"""What a reminder costs: billed once when it goes out, taken back when it is not owed after all."""

import datetime

import pytest
from django.utils import timezone

from billing_admin.errors import BusinessError
from billing_admin.mail.letters import Outcome
from clients.models import Activity, MailMessage, MailTemplate
from clients.services.contacts import add_contact
from clients.services.mail import send
from clients.services.mail.by_hand import send_again
from clients.services.mail.events import note_event
from clients.services.profile import edit_client
from invoices.models import BillableItem, Invoice, ReminderFee
from invoices.rows_actions import send_them_reminders
from invoices.selectors.reminders import bills_fees_alone, reminders_due
from invoices.services.billable_items import delete_item
from invoices.services.credit_notes import CreditLine, issue_credit_note
from invoices.services.runs.generate import generate_invoices
from invoices.services.write_off import reverse_write_off, write_off_invoice
from tests.clients.holders import keep_document
from tests.factories import make_item, make_payment_method, usd
from tests.mail import send_all, states
from tests.reminders import costs, days_ago, fees, overdue, remind, settled
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db


def two_recipients() -> Invoice:
    """An overdue invoice of a client of whom a contact gets reminders too."""
    invoice = overdue(10)
    add_contact(client=invoice.client, email="ann@acme.example", roles=["receives_reminders"], by=None)
    return invoice


def told() -> list[str]:
    """What the activity says of reminders."""
    return list(Activity.objects.filter(verb__startswith="reminder.").order_by("pk").values_list("summary", flat=True))


def test_the_fee_is_billed_once_for_all_recipients(server):
    costs(USD="5.00", EUR="4.00")
    invoice = two_recipients()
    remind()
    assert fees() == []
    assert send_all() == 2
    assert fees() == [(f"Reminder fee for {invoice.label}", "5.00")]
    (fee,) = ReminderFee.objects.all()
    assert (fee.invoice, fee.level, fee.item.tax_category, fee.item.tax_rate) == (invoice, 1, "O", 0)
    assert all("5.00\xa0USD" in mail.get_body(["plain"]).get_content() for mail in server.taken)
    run = generate_invoices(as_of=timezone.localdate(), by=None)
    (billed,) = Invoice.objects.filter(run=run)
    assert (billed.total, billed.tax) == (usd(5), usd(0))
    (line,) = billed.lines.all()
    assert (line.description, line.tax_category) == (f"Reminder fee for {invoice.label}", "O")


def test_each_level_has_a_fee_of_its_own(server):
    costs(USD="5.00")
    invoice = overdue(60)
    remind()
    send_all()
    MailMessage.objects.update(sent_at=timezone.now() - datetime.timedelta(days=20), claimed_at=None)
    remind()
    send_all()
    assert sorted(ReminderFee.objects.values_list("level", flat=True)) == [1, 2]
    assert fees() == [(f"Reminder fee for {invoice.label}", "5.00")] * 2


def test_there_is_no_fee_in_a_currency_without_one(server):
    costs(EUR="5.00")
    overdue(10)
    remind()
    send_all()
    assert fees() == []
    assert "Late fee" not in server.taken[0].get_body(["plain"]).get_content()


def test_who_needs_an_e_invoice_has_no_fee(server):
    costs(USD="5.00")
    invoice = overdue(10)
    edit_client(client=invoice.client, by=None, e_invoice="peppol")
    remind()
    send_all()
    assert len(server.taken) == 1
    assert fees() == []


@pytest.mark.parametrize("beside", [False, True])
def test_a_fee_costs_no_fee_of_its_own(server, beside):
    costs(USD="5.00")
    invoice = overdue(10)
    remind()
    send_all()
    BillableItem.objects.update(starts_on=days_ago(30), next_due_on=days_ago(30))
    if beside:
        make_item(invoice.client, usd(10), due=days_ago(30))
    run = generate_invoices(as_of=days_ago(30), by=None)
    (billed,) = Invoice.objects.filter(run=run)
    keep_document(billed, b"%PDF")
    (found,) = reminders_due(timezone.localdate())
    assert (found.pk, found.bills_fees_alone) == (billed.pk, not beside)
    assert bills_fees_alone(billed) is not beside
    effects = send_them_reminders(None).effects
    assert effects is not None
    assert len(effects([billed.pk])) == (2 if beside else 1)  # which reminder, and its fee
    remind()
    assert send_all() == 1
    assert len(server.taken) == 2
    said = server.taken[1].get_body(["plain"]).get_content()
    assert ("Late fee" in said) is beside
    assert len(fees()) == (3 if beside else 1)


def test_a_fee_taken_off_by_hand_is_gone_and_not_billed_again(server):
    costs(USD="5.00")
    overdue(10)
    remind()
    send_all()
    delete_item(item=BillableItem.objects.get(), by=None)
    assert ReminderFee.objects.count() == 0
    send_again(message=MailMessage.objects.get(), by=None)
    assert send_all() == 1
    assert fees() == []
    assert "Late fee" not in server.taken[1].get_body(["plain"]).get_content()


def test_a_fee_that_is_set_later_is_none_of_what_went_out_before(server):
    overdue(10)
    remind()
    send_all()
    costs(USD="5.00")
    send_again(message=MailMessage.objects.get(), by=None)
    assert send_all() == 1
    assert fees() == []


@pytest.mark.parametrize("name", ["cancelled", "credited", "written off"])
def test_the_fee_goes_with_what_it_was_for(server, name):
    costs(USD="5.00")
    invoice = overdue(10)
    remind()
    send_all()
    settled(name, invoice)
    assert fees() == []
    assert ReminderFee.objects.count() == 0
    was = "was " + name
    assert f"Reminder fee of 5.00 USD for {invoice.label} withdrawn: {invoice.label} {was}" in told()


@pytest.mark.parametrize("name", ["cancelled", "credited", "written off"])
def test_a_fee_that_is_billed_stays_and_that_is_said(server, name):
    costs(USD="5.00")
    invoice = overdue(10)
    remind()
    send_all()
    run = generate_invoices(as_of=timezone.localdate(), by=None)
    settled(name, invoice)
    (billed,) = Invoice.objects.filter(run=run)
    assert billed.total == usd(5)
    assert BillableItem.objects.count() == 1
    stays = f"Reminder fee of 5.00 USD for {invoice.label} stays, though {invoice.label} was {name}"
    assert told() == [f"{stays}: it is billed on {billed.label}"]


def test_the_fee_stays_where_a_part_is_still_owed(server):
    costs(USD="5.00")
    invoice = overdue(10)
    remind()
    send_all()
    line = invoice.lines.get()
    issue_credit_note(invoice=invoice, reason="A part", by=None, lines=[CreditLine(line.pk, gross=usd(40))])
    write_off_invoice(invoice=invoice, by=None, reason="A part", amount=usd(20))
    receive_payment(invoices=[invoice], amount=usd(40), payment_method=make_payment_method(), by=None)
    assert len(fees()) == 1
    assert told() == []


def test_an_invoice_owed_again_is_not_billed_the_same_fee_again(server):
    costs(USD="5.00")
    invoice = overdue(10)
    remind()
    send_all()
    settled("written off", invoice)
    reverse_write_off(invoice=invoice, by=None, reason="Heir found")
    assert remind().number == 0
    send_all()
    assert fees() == []


def test_a_reminder_that_is_refused_for_good_costs_nothing(server, monkeypatch):
    costs(USD="5.00")
    two_recipients()
    remind()
    answers = iter([Outcome("refused", "No such user"), Outcome("failed", "Too large")])
    billed = []

    def deliver(mailer, letter):
        billed.append(len(fees()))
        return next(answers)

    monkeypatch.setattr(send, "deliver", deliver)
    assert send_all() == 2
    assert billed == [1, 1]
    assert fees() == []
    assert told()[-1].endswith("withdrawn: the reminder did not go out")


@pytest.mark.parametrize(
    ("first", "second", "became"),
    [
        (Outcome("refused", "No such user"), Outcome("again", "Later"), ["bounced", "waiting"]),
        (Outcome("sent"), Outcome("refused", "No such user"), ["sent", "bounced"]),
    ],
)
def test_one_recipient_who_got_it_or_is_to_get_it_keeps_the_fee(server, monkeypatch, first, second, became):
    costs(USD="5.00")
    two_recipients()
    remind()
    answers = iter([first, second])
    monkeypatch.setattr(send, "deliver", lambda mailer, letter: next(answers))
    send_all()
    assert [state for state, _ in states()] == became
    assert len(fees()) == 1
    assert told() == []


@pytest.mark.parametrize(
    ("was", "event", "left"),
    [
        ("sent", "failed", 0),
        ("sent", "bounced", 1),
        ("sent", "complained", 1),
        ("perhaps_sent", "failed", 0),
        ("perhaps_sent", "rejected", 0),
        ("perhaps_sent", "complained", 1),
    ],
)
def test_what_the_provider_tells_later_decides_over_the_fee(server, was, event, left):
    costs(USD="5.00")
    invoice = overdue(10)
    remind()
    send_all()
    (row,) = MailMessage.objects.all()
    row.state, row.provider_id, row.sent_at = was, "abc-1", row.sent_at if was == "sent" else None
    MailMessage.objects.bulk_update([row], ["state", "provider_id", "sent_at"])
    assert note_event(provider_id="abc-1", address=row.address, event=event, said="No such user") == 1
    assert fees() == [(f"Reminder fee for {invoice.label}", "5.00")] * left
    assert len(told()) == 1 - left


def test_tried_again_it_is_billed_once_and_paid_meanwhile_not_at_all(server, monkeypatch):
    costs(USD="5.00")
    invoice = overdue(10)
    remind()
    monkeypatch.setattr(send, "deliver", lambda mailer, letter: Outcome("again", "Later"))
    send_all()
    for _ in range(2):
        MailMessage.objects.update(due_at=timezone.now())
        send_all()
        assert len(fees()) == 1
    settled("paid", invoice)
    MailMessage.objects.update(due_at=timezone.now())
    send_all()
    assert MailMessage.objects.get(kind="reminder").state == "withheld"
    assert fees() == []


def test_a_document_that_cannot_be_made_any_more_takes_the_fee_with_it(server, monkeypatch):
    costs(USD="5.00")
    overdue(10)
    remind()
    monkeypatch.setattr(send, "deliver", lambda mailer, letter: Outcome("again", "Later"))
    send_all()
    assert len(fees()) == 1

    def files(message, press):
        raise BusinessError("No font has this letter.")

    monkeypatch.setattr(send, "files_of", files)
    MailMessage.objects.update(due_at=timezone.now())
    send_all()
    assert states() == [("failed", "No font has this letter.")]
    assert fees() == []


def test_a_text_that_cannot_be_filled_costs_nothing(server):
    costs(USD="5.00")
    MailTemplate.objects.create(kind="reminder", level=1, language="en", subject="{nothing}", body="{fee}")
    overdue(10)
    remind()
    send_all()
    assert [state for state, _ in states()] == ["failed"]
    assert fees() == []
    assert told() == []
