"""What staff do with a message: have it sent again, or say that it arrived."""

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from clients.models import Activity, Client, MailMessage, MailSettings
from clients.models.activity import actor_name
from clients.models.client_queryset import ClientGone

State = MailMessage.State


@db_transaction.atomic
def send_again(*, message: MailMessage, by: Actor) -> MailMessage:
    """Have it sent once more, to the same recipient as they are now: a message of its own.

    It goes out also where mail of its kind is switched off, the client gets none by itself or the address bounced.
    """
    client, message = _lock(message)
    if message.state in (State.WAITING, State.SENDING):
        raise BusinessError(f"{message} is on its way already; nothing was done.")
    if not MailSettings.objects.current().tested_at:
        raise BusinessError("Nothing can be sent before a test message went out. See Settings → Mail.")
    if message.is_secret:
        raise BusinessError("A message that signs somebody in is not sent again; ask for a new one.")
    again = MailMessage.objects.copy_of(message, by=by)
    Activity.objects.record(
        by=by, client=client, verb="mail.sent_again", summary=f"{message} sent again",
        data={"mail": again.pk, "was": message.pk},
    )  # fmt: skip
    return again


@db_transaction.atomic
def mark_arrived(*, message: MailMessage, by: Actor) -> MailMessage:
    """Say of what was perhaps sent that it arrived."""
    client, message = _lock(message)
    if message.state != State.PERHAPS_SENT:
        raise BusinessError(f"{message} is {message.get_state_display()}; only what was perhaps sent can be marked.")
    message.state, message.why = State.SENT, f"{actor_name(by)} says that it arrived."
    message.sent_at = message.claimed_at
    message.save(update_fields=["state", "why", "sent_at"])
    Activity.objects.record(
        by=by, client=client, verb="mail.marked_arrived", summary=f"{message} marked as arrived",
        data={"mail": message.pk},
    )  # fmt: skip
    return message


def _lock(message: MailMessage) -> tuple[Client | None, MailMessage]:
    """Its client first, as by everything that writes. Raises ClientGone where a merge or deletion took it away."""
    client = Client.objects.lock_one(message.client_id) if message.client_id else None
    fresh = (
        MailMessage.objects.filter(pk=message.pk, client=client).select_for_update(no_key=True, of=("self",)).first()
    )
    if fresh is None:
        raise ClientGone
    return client, fresh
