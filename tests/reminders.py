"""Reminders in tests: invoices that are overdue, and messages that went out some days ago."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from billing_admin.money.amounts import amount_text
from clients.models import Client, ClientGroup, MailMessage
from clients.services.profile import edit_client
from clients.services.reminders import pause_reminders
from invoices.models import BillableItem, Invoice
from invoices.selectors.reminders import reminders_due, reminders_left_out
from invoices.services.cancel import cancel_invoice
from invoices.services.credit_notes import issue_credit_note
from invoices.services.reminders.holds import hold_reminders
from invoices.services.reminders.levels import LevelTerms, save_reminder_levels
from invoices.services.reminders.send import Reminded, send_reminders
from invoices.services.write_off import write_off_invoice
from tests.clients.holders import keep_document
from tests.factories import make_client, make_invoice, make_payment_method, usd
from tests.mail import switch_on
from transactions.services.receive import receive_payment

DAYS = {1: 7, 2: 21, 3: 35}


def days_ago(number: int) -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=number)


def overdue(days: int, of: Client | None = None, amount: str = "100", **details: Any) -> Invoice:
    """An unpaid invoice that was due so many days ago, with its document kept."""
    due = days_ago(days)
    details = {"on": due - datetime.timedelta(days=14), "due_on": due, "credit_use": "never", **details}
    invoice = make_invoice(of or make_client(), usd(amount), **details)
    keep_document(invoice, b"%PDF")
    return invoice


def reminded(invoice: Invoice, level: int, days: int, state: str = "sent") -> None:
    """A reminder of this level went out so many days ago, or came to this state."""
    MailMessage.objects.put_in("reminder", [invoice.pk], by_id=None, by_name="System", level=level)
    at = timezone.now() - datetime.timedelta(days=days)
    sent = {"sent_at": at} if state in ("sent", "perhaps_sent") else {}
    sender = {"sender": 1} if state == "sending" else {}
    MailMessage.objects.filter(subject_id=invoice.pk, kind="reminder", level=level).update(
        state=state, claimed_at=at if state != "waiting" else None, **sent, **sender
    )


def due() -> list[tuple[str, int]]:
    """Label and level of all that is due today."""
    return [(invoice.label, invoice.reminder_level) for invoice in reminders_due(timezone.localdate())]


def left_out() -> list[tuple[str, str]]:
    """Label of all that is left out today, and why."""
    return [(invoice.label, invoice.left_out) for invoice in reminders_left_out(timezone.localdate())]


def costs(**fees: str) -> None:
    """Each level costs this, as in `costs(USD="5.00")`."""
    amounts = {code: Decimal(amount) for code, amount in fees.items()}
    terms = {level: LevelTerms(days=days, fees=amounts) for level, days in DAYS.items()}
    save_reminder_levels(levels=terms, by=None)


def remind(*invoices: Invoice) -> Reminded:
    """Have all that are due, or those of these that are, put into the outbox, with reminders switched on."""
    switch_on("reminder")
    ids = [invoice.pk for invoice in invoices] or None
    return send_reminders(as_of=timezone.localdate(), by=None, invoice_ids=ids)


def fees() -> list[tuple[str, str]]:
    """Each billable item, and what it comes to."""
    return [
        (item.description, amount_text(item.unit_price.amount, item.currency))
        for item in BillableItem.objects.order_by("pk")
    ]


def settled(name: str, invoice: Invoice) -> None:
    """The invoice is settled in one of the ways that there are."""
    if name == "paid":
        receive_payment(invoices=[invoice], amount=usd(100), payment_method=make_payment_method(), by=None)
    elif name == "cancelled":
        cancel_invoice(invoice=invoice, by=None)
    elif name == "credited":
        issue_credit_note(invoice=invoice, reason="Wrong", by=None)
    elif name == "written off":
        write_off_invoice(invoice=invoice, by=None, reason="Insolvent")
    elif name == "disputed":
        hold_reminders(invoice=invoice, kind="disputed", said_on=timezone.localdate(), reason="Wrong", by=None)
    elif name == "paused":
        pause_reminders(client=invoice.client, until=timezone.localdate(), by=None)
    elif name == "inactive":
        edit_client(client=invoice.client, by=None, status="inactive")
    elif name == "off":
        save_reminder_levels(levels={1: LevelTerms(days=7, is_on=False)}, by=None)
    elif name == "later":
        save_reminder_levels(levels={1: LevelTerms(days=14)}, by=None)
    elif name == "exempt":
        group = ClientGroup.objects.create(name="Public")
        save_reminder_levels(levels={1: LevelTerms(days=7, exempt_groups=[group.pk])}, by=None)
        edit_client(client=invoice.client, by=None, group=group)
    elif name == "another":
        reminded(invoice, 2, 0)
    else:
        edit_client(client=invoice.client, by=None, no_mail=True)
