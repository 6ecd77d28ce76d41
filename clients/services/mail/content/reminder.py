"""Mail that an invoice is overdue, with its document once more. What it costs is booked when it goes out."""

from django.utils import timezone

from clients.models import Client, MailMessage
from clients.models.mail.kinds import MailKind
from invoices.models import Invoice, ReminderLevel
from invoices.selectors.reminders import WENT_OUT, open_holds
from invoices.services.reminders.fees import book_fee, fee_of, withdraw_fee_not_sent

from .invoice import invoice_about, values_of
from .said import Said, Withheld, money_if_any

State = MailMessage.State


def say(message: MailMessage, client: Client | None, language: str) -> Said:
    """How long it is overdue, and what is left to pay of it."""
    invoice = invoice_about(message, client)
    assert client is not None
    assert invoice.due_on is not None
    _require_owed(invoice)
    if not message.is_by_hand:
        _require_its_turn(message, invoice, client)
    values = {
        **values_of(invoice, language),
        "days": str((timezone.localdate() - invoice.due_on).days),
        "fee": money_if_any(fee_of(invoice, message.level, client), language),
    }
    return Said(values)


def book(message: MailMessage, client: Client | None) -> None:
    """What the reminder costs is billed: it is about to be sent."""
    if client is not None:
        book_fee(invoice=invoice_about(message, client), level=message.level, client=client, by=message.queued_by)


def give_up(message: MailMessage, client: Client | None) -> None:
    """It did not go out: what it would have cost is billed no more, unless it went to another recipient."""
    if client is not None:
        withdraw_fee_not_sent(
            invoice_id=message.subject_id or 0, level=message.level, client=client, by=message.queued_by
        )


def _require_owed(invoice: Invoice) -> None:
    """Raises Withheld where nothing is to be paid, or there is a reason that nobody should ask for it."""
    today = timezone.localdate()
    if invoice.is_credited:
        raise Withheld(f"{invoice.label} was credited.")
    if invoice.status != Invoice.Status.UNPAID:
        raise Withheld(f"{invoice.label} is {invoice.get_status_display()}.")
    if not invoice.is_overdue(today):
        raise Withheld(f"{invoice.label} is not overdue.")
    if hold := open_holds(invoice, today).first():
        raise Withheld(f"{invoice.label} is marked as {hold} since {hold.said_on:%-d %b %Y}.")


def _require_its_turn(message: MailMessage, invoice: Invoice, client: Client) -> None:
    """Raises Withheld where this is no day for it; who has it sent by hand has looked at that."""
    today = timezone.localdate()
    assert invoice.due_on is not None
    if client.status != Client.Status.ACTIVE:
        raise Withheld(f"The client is {client.get_status_display()}.")
    if client.reminders_paused_until and client.reminders_paused_until >= today:
        raise Withheld(f"The client’s reminders are paused until {client.reminders_paused_until:%-d %b %Y}.")
    level = ReminderLevel.objects.of(message.level)
    if not level.is_on:
        raise Withheld(f"{level} is switched off.")
    if client.group_id in level.figures["exempt_groups"]:
        raise Withheld(f"The client’s group gets no {str(level).lower()}.")
    if (today - invoice.due_on).days < level.days:
        raise Withheld(f"{level} goes out {level.days} days after the due date.")
    others = MailMessage.objects.filter(kind=MailKind.REMINDER, subject_id=invoice.pk).exclude(level=message.level)
    went = list(others.filter(state__in=[State.SENDING, *WENT_OUT]).values_list("level", "claimed_at"))
    if later := [other for other, _ in went if other > message.level]:
        raise Withheld(f"Reminder {max(later)} went out already.")
    if any(at and timezone.localdate(at) == today for _, at in went):
        raise Withheld("Another reminder of this invoice went out today.")
