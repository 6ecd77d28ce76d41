"""Mail of the demo: a sender, its test message, the latest invoices and some reminders, all of it in the mailbox."""

from decimal import Decimal
from threading import Event

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from clients.models import MailSettings
from clients.models.mail.kinds import MailKind
from clients.services.mail.by_hand import send_document
from clients.services.mail.send import send_mail
from clients.services.mail.set_up import send_test, set_sender, switch_kinds
from invoices.models import Invoice, ReminderHold
from invoices.selectors.reminders import reminders_due
from invoices.services.reminders.holds import hold_reminders
from invoices.services.reminders.levels import LevelTerms, save_reminder_levels
from invoices.services.reminders.send import send_reminders

_KINDS = (MailKind.INVOICE, MailKind.CREDIT_NOTE, MailKind.PAYMENT, MailKind.CREDIT, MailKind.REMINDER)
_INVOICES = 6
_REMINDERS = 4


def send_some(*, by: User) -> None:
    """Nothing where a mail server is set: the people of the demo are made up, and their addresses may be somebody's."""
    if settings.MAIL_PROVIDER:
        return
    set_sender(
        from_name="Nordlicht Hosting", from_address="billing@nordlicht.example", reply_to="", per_minute=6_000,
        most_megabytes=10, expiring_days=7, by=by,
    )  # fmt: skip
    send_test(address="mareike@nordlicht.example", by=by)
    send_mail(ending=Event())
    if MailSettings.objects.current().tested_at is None:
        return
    switch_kinds(switched_on=_KINDS, by=by)
    latest = Invoice.objects.filter(status=Invoice.Status.UNPAID, client__email__contains="@", e_invoice="")
    for invoice in latest.select_related("client").order_by("-pk")[:_INVOICES]:
        send_document(kind=MailKind.INVOICE, subject_id=invoice.pk, label=invoice.label, client=invoice.client, by=by)
    send_mail(ending=Event())
    _remind_some(by=by)


def _remind_some(*, by: User) -> None:
    """Levels with fees, a few reminders that went out, and an invoice that is disputed and one that is announced."""
    fees = {"EUR": Decimal(5), "USD": Decimal(5)}
    levels = {1: LevelTerms(days=7), 2: LevelTerms(days=21, fees=fees), 3: LevelTerms(days=35, fees=fees)}
    save_reminder_levels(levels=levels, by=by)
    today = timezone.localdate()
    due = reminders_due(today).filter(client__e_invoice="", client__email__contains="@")
    some = list(due.select_related("client")[: _REMINDERS + 2])
    reminded, marked = some[:_REMINDERS], some[_REMINDERS:]
    send_reminders(as_of=today, by=by, invoice_ids=[invoice.pk for invoice in reminded])
    send_mail(ending=Event())
    why = (
        (ReminderHold.Kind.DISPUTED, "The domain was cancelled in time, says the client."),
        (ReminderHold.Kind.ANNOUNCED, "By transfer at the end of the month."),
    )
    for invoice, (kind, reason) in zip(marked, why, strict=False):
        hold_reminders(invoice=invoice, kind=kind, said_on=today, reason=reason, by=by)
