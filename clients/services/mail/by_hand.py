"""Mail that staff have sent: a document, and once more what was refused, lost or perhaps lost."""

import re
from typing import Any

from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_typed_words
from billing_admin.errors import BusinessError
from clients.models import Activity, Client, FormKey, MailMessage, MailSettings
from clients.models.activity import actor_name
from clients.models.client_queryset import ClientGone
from clients.selectors.mail import AGAIN, with_latest

State = MailMessage.State
_NOT_YET = (State.WAITING, State.SENDING)
_AGAIN = re.compile(AGAIN)


def why_not_again(message: Any) -> str:
    """Why this (of `with_latest`) is not sent again; nothing where it can be."""
    if message.is_secret:
        return "It signs somebody in, and was made for one time."
    if message.state in _NOT_YET:
        return "It has not been sent yet."
    return "It is waiting to be sent again already." if message.one_waits else ""


def why_not_arrived(message: MailMessage) -> str:
    """Why nobody needs to say that it arrived; nothing where somebody may."""
    return "" if message.state == State.PERHAPS_SENT else f"It is {message.get_state_display()}, not Perhaps sent."


@db_transaction.atomic
def send_again(*, message: MailMessage, by: Actor) -> MailMessage:
    """Have it sent once more to the same recipient, as a message of its own, with what is so by then.

    While one waits there is no other: two who each find that it is to go again have it sent once.

    Raises BusinessError.
    """
    fresh = _locked(message)
    if why := why_not_again(with_latest(MailMessage.objects.filter(pk=fresh.pk)).get()):
        raise BusinessError(why)
    again = MailMessage.objects.create(
        client_id=fresh.client_id, kind=fresh.kind, subject_id=fresh.subject_id, level=fresh.level,
        key=_next_key(fresh), contact_id=fresh.contact_id, about=fresh.about, typed=fresh.typed, data=fresh.data,
        address="" if fresh.client_id else fresh.address, queued_by=by, queued_by_name=actor_name(by),
    )  # fmt: skip
    _record(fresh, by, "sent_again", "sent again")
    return again


@db_transaction.atomic
def mark_arrived(*, message: MailMessage, by: Actor) -> MailMessage:
    """Somebody found out that what was perhaps sent arrived.

    Raises BusinessError.
    """
    fresh = _locked(message)
    if why := why_not_arrived(fresh):
        raise BusinessError(why)
    fresh.state, fresh.why = State.SENT, "Staff say that it arrived."
    fresh.sent_at = fresh.sent_at or fresh.claimed_at or timezone.now()
    fresh.save(update_fields=["state", "why", "sent_at"])
    _record(fresh, by, "arrived", "arrived, as staff found out")
    return fresh


@db_transaction.atomic
def send_document(
    *, kind: str, subject_id: int, label: str, client: Client, by: Actor, key: FormKey | None = None
) -> int:
    """Have a document sent to everybody who gets it, whether or not its kind goes out by itself. Returns to how many.

    Raises BusinessError.
    """
    client = Client.objects.lock_one(client.pk)
    form = FormKey.objects.begin(key, "mail.send", MailMessage, client=client, by=by, kind=kind, subject=subject_id)
    if form.repeated:
        return len(form.outcome(MailMessage))
    if why := why_not_sent(MailSettings.objects.current()):
        raise BusinessError(why)
    about = MailMessage.objects.filter(subject_id=subject_id, kind=kind)
    if about.filter(state__in=_NOT_YET).exists():
        raise BusinessError(f"{label} is waiting to be sent already.")
    last = about.order_by("-pk").values_list("pk", flat=True).first() or 0
    MailMessage.objects.queue(kind, [subject_id], by=by, again=True)
    made = list(about.filter(pk__gt=last).order_by("pk"))
    if not made:
        raise BusinessError("It was changed meanwhile; nothing was sent.")
    Activity.objects.record(by=by, client=client, verb="mail.sent", summary=f"{label} sent by mail")
    form.finish(f"{label} was sent by mail", *made)
    return len(made)


def why_not_sent(settings: MailSettings) -> str:
    """Why nothing can be sent by hand; nothing where it can."""
    if settings.from_address and settings.tested_at:
        return ""
    return "Mail is not set up: Settings → Mail needs a sender, and a test message that went out."


def _next_key(message: MailMessage) -> str:
    first = _AGAIN.sub("", message.key)
    about = MailMessage.objects.filter(kind=message.kind, subject_id=message.subject_id)
    keys = about.filter(key__startswith=f"{first} again ").values_list("key", flat=True)
    last = max((int(each.rpartition(" ")[2]) for each in keys if _AGAIN.search(each)), default=0)
    return f"{first} again {last + 1}"


def _locked(message: MailMessage) -> MailMessage:
    """The message as it is, with its client locked first; what was typed about it is copied."""
    lock_typed_words()
    if message.client_id:
        Client.objects.lock_one(message.client_id)
    fresh = MailMessage.objects.select_for_update(of=("self",), no_key=True).filter(pk=message.pk).first()
    if fresh is None:
        raise BusinessError("This message was deleted meanwhile; nothing was done.")
    if fresh.client_id != message.client_id:
        raise ClientGone
    return fresh


def _record(message: MailMessage, by: Actor, verb: str, done: str) -> None:
    what = f"Mail “{message}” {done}"
    Activity.objects.record(
        by=by, client=message.client, verb=f"mail.{verb}", summary=what, data={"message": message.pk}
    )  # fmt: skip
