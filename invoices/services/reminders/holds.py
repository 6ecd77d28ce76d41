"""Marks of an invoice that stop its reminders: its payment was announced, or it is disputed."""

import datetime

from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_typed_words
from billing_admin.errors import BusinessError, require_length
from clients.models import Activity, Client, FormKey
from clients.models.activity import actor_name
from clients.models.client_queryset import ClientGone
from invoices.models import Invoice, ReminderHold

_EXPIRED = "the day until which it held is past"


def why_not_held(invoice: Invoice) -> str:
    """Why this invoice needs no mark that stops reminders; nothing where it can have one."""
    if invoice.status == Invoice.Status.UNPAID:
        return ""
    if invoice.status == Invoice.Status.DRAFT:
        return "This is a draft: no reminder goes out for it."
    return f"{invoice.label} is {invoice.get_status_display()}: no reminder goes out for it."


@db_transaction.atomic
def hold_reminders(
    *,
    invoice: Invoice,
    kind: str,
    said_on: datetime.date,
    reason: str,
    by: Actor,
    until: datetime.date | None = None,
    key: FormKey | None = None,
) -> ReminderHold:
    """Let no reminder of an invoice go out: the client announced its payment or disputes it, as was said on that day.

    It holds until it is lifted; an announced payment until the end of `until` at most, where that is given.
    """
    kind, reason = ReminderHold.Kind(kind), reason.strip()
    _check(kind, said_on, until, reason)
    lock_typed_words()
    client, invoice = Invoice.objects.lock_with_client(invoice)
    form = FormKey.objects.begin(
        key, "reminder.hold", ReminderHold, client=client, by=by, invoice=invoice, kind=kind, said_on=said_on,
        until=until, reason=reason,
    )  # fmt: skip
    if form.repeated:
        return form.outcome(ReminderHold)[0]
    if why := why_not_held(invoice):
        raise BusinessError(why)
    open_one = ReminderHold.objects.filter(invoice=invoice, kind=kind, lifted_at=None).first()
    if open_one and open_one.holds_on(timezone.localdate()):
        raise BusinessError(
            f"{invoice.label} is marked as {kind.label} since {open_one.said_on:%-d %b %Y}; lift that first."
        )
    if open_one:
        _lift(open_one, by, note=_EXPIRED)
    hold = ReminderHold.objects.create(
        client=client, invoice=invoice, currency=invoice.currency, kind=kind, said_on=said_on, until=until, note=reason,
        created_by=by, created_by_name=actor_name(by),
    )  # fmt: skip
    said = f"{invoice.label} marked: {kind.label} on {said_on:%-d %b %Y}"
    if until:
        said += f", no reminder until {until:%-d %b %Y}"
    Activity.objects.record(
        by=by,
        client=client,
        verb="reminder.held",
        summary=said,
        note=reason,
        data={"invoice": invoice.pk, "hold": hold.pk},
    )
    form.finish(said, hold)
    return hold


@db_transaction.atomic
def lift_hold(*, hold: ReminderHold, by: Actor) -> ReminderHold:
    """Let reminders of the invoice go out again."""
    client = Client.objects.lock_one(hold.client_id)
    fresh = ReminderHold.objects.select_related("invoice").filter(pk=hold.pk).first()
    if fresh is None:
        raise BusinessError("This mark was deleted meanwhile; nothing was done.")
    if fresh.client_id != client.pk:
        raise ClientGone
    if fresh.lifted_at:
        raise BusinessError(f"“{fresh}” was lifted already by {fresh.lifted_by_name}; nothing was done.")
    _lift(fresh, by)
    return fresh


def _lift(hold: ReminderHold, by: Actor, note: str = "") -> None:
    hold.lifted_at, hold.lifted_by_name = timezone.now(), actor_name(by)
    hold.save(update_fields=["lifted_at", "lifted_by_name"])
    said = f"{hold.invoice.label} is no longer marked as {hold}"
    Activity.objects.record(
        by=by,
        client=hold.client,
        verb="reminder.lifted",
        summary=f"{said}: {note}" if note else said,
        data={"invoice": hold.invoice_id, "hold": hold.pk},
    )


def _check(kind: ReminderHold.Kind, said_on: datetime.date, until: datetime.date | None, reason: str) -> None:
    today = timezone.localdate()
    require_length(reason, "reason")
    if not reason:
        raise BusinessError("Say what was announced, or what is disputed.", field="reason")
    if said_on > today:
        raise BusinessError(f"{said_on:%-d %b %Y} is still to come; give the day it was said.", field="said_on")
    if until and kind != ReminderHold.Kind.ANNOUNCED:
        raise BusinessError("Only an announced payment is waited for until a day; a dispute is lifted.", field="until")
    if until and until < today:
        raise BusinessError(f"{until:%-d %b %Y} is past; give the day until which it is waited for.", field="until")
