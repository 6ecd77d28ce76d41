"""Reminders in tests: invoices that are overdue, and messages that went out some days ago."""

import datetime
from typing import Any

from django.utils import timezone

from clients.models import Client, MailMessage
from invoices.models import Invoice
from invoices.selectors.reminders import reminders_due, reminders_left_out
from invoices.services.reminders.levels import LevelTerms, save_reminder_levels
from invoices.services.reminders.send import Reminded, send_reminders
from tests.clients.holders import keep_document
from tests.factories import make_client, make_invoice, usd
from tests.mail import switch_on

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
    terms = {level: LevelTerms(days=days, fees=fees) for level, days in DAYS.items()}  # type: ignore[arg-type]
    save_reminder_levels(levels=terms, by=None)


def remind(*invoices: Invoice) -> Reminded:
    """Have all that are due, or those of these that are, put into the outbox, with reminders switched on."""
    switch_on("reminder")
    ids = [invoice.pk for invoice in invoices] or None
    return send_reminders(as_of=timezone.localdate(), by=None, invoice_ids=ids)
