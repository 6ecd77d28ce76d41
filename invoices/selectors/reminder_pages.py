"""Reminders as pages show them: those that are due, and what was done to have one invoice paid."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from djmoney.money import Money

from clients.models import Client, Contact, ContactRole, MailMessage
from clients.models.mail.kinds import MailKind
from invoices.models import Invoice, InvoiceLine, ReminderFee, ReminderHold
from invoices.selectors.reminders import reminders_due, reminders_left_out

# More than these nobody reads; three levels to a few contacts are fewer.
LOG_SHOWN = 50
_SHOWN = (
    "label", "status", "due_on", "currency", "balance_due", "client__number", "client__name", "client__email",
    "client__e_invoice", "client__no_mail",
)  # fmt: skip
_LOGGED = ("kind", "level", "state", "why", "address", "sent_at", "claimed_at", "queued_at")


def due_with_clients(as_of: datetime.date) -> "QuerySet[Any, Any]":
    """The invoices that a reminder is due for, with their clients; of both only what a list shows."""
    return reminders_due(as_of).select_related("client").only(*_SHOWN)


def left_out_with_clients(as_of: datetime.date) -> "QuerySet[Any, Any]":
    """The same of those that are left out."""
    return reminders_left_out(as_of).select_related("client").only(*_SHOWN)


def invoices_to_remind(ids: Iterable[int], as_of: datetime.date) -> list[Any]:
    """These invoices with their clients, each with the `reminder_level` that is due for it, 0 where none is."""
    wanted = list(ids)
    levels = dict(reminders_due(as_of).filter(pk__in=wanted).values_list("pk", "reminder_level"))
    rows = Invoice.objects.filter(pk__in=wanted).select_related("client").only(*_SHOWN).order_by("pk")
    found: list[Any] = list(rows)
    for invoice in found:
        invoice.reminder_level = levels.get(invoice.pk, 0)
    return found


def reminder_recipients(clients: Iterable[Client]) -> dict[int, list[str]]:
    """Client id → the addresses that its reminders go to. One statement."""
    found = defaultdict(list, {client.pk: [client.email] for client in clients if client.email})
    contacts = Contact.objects.filter(
        client__in=[client.pk for client in clients], roles__contains=[ContactRole.RECEIVES_REMINDERS]
    ).exclude(email="")
    for client_id, email in contacts.order_by("pk").values_list("client_id", "email"):
        if email.upper() not in (address.upper() for address in found[client_id]):
            found[client_id].append(email)
    return found


@dataclass(frozen=True)
class ShownHold:
    """A mark of the invoice; it `holds` unless it was lifted, or its last day is past."""

    hold: ReminderHold
    holds: bool


def holds_of(invoice: Invoice) -> list[ShownHold]:
    """Every mark that stopped its reminders, those that hold first, then the latest."""
    today = timezone.localdate()
    rows = ReminderHold.objects.filter(invoice=invoice).order_by("-pk")[:LOG_SHOWN]
    return sorted((ShownHold(hold, hold.holds_on(today)) for hold in rows), key=lambda shown: not shown.holds)


@dataclass(frozen=True)
class Sent:
    """A reminder to one address, and its fee at the first of those that it went to."""

    mail: MailMessage
    fee: Money | None = None
    is_billed: bool = False

    @property
    def at(self) -> datetime.datetime:
        """When it went out, or was put in."""
        return self.mail.sent_at or self.mail.claimed_at or self.mail.queued_at


def reminders_of(invoice: Invoice) -> list[Sent]:
    """Each reminder of the invoice, in the order in which they were asked for. Two statements, where there are any."""
    rows = MailMessage.objects.filter(kind=MailKind.REMINDER, subject_id=invoice.pk).only(*_LOGGED)
    messages = list(rows.order_by("pk")[:LOG_SHOWN])
    fees = {fee.level: fee for fee in _fees(invoice)} if messages else {}
    found = []
    for mail in messages:
        fee = fees.pop(mail.level, None) if mail.state != MailMessage.State.WITHHELD else None
        found.append(Sent(mail, fee.item.unit_price, fee.is_billed) if fee else Sent(mail))
    return found


def _fees(invoice: Invoice) -> "QuerySet[Any, Any]":
    billed = InvoiceLine.objects.filter(billable_item=OuterRef("item"))
    return ReminderFee.objects.filter(invoice=invoice).select_related("item").annotate(is_billed=Exists(billed))


def paused_until(client: Client) -> datetime.date | None:
    """The last day on which the client is sent no reminder, while that holds."""
    until = client.reminders_paused_until
    return until if until and until >= timezone.localdate() else None
