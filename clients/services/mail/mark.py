"""What came of a message, written down by the process that sent it."""

import datetime

from django.db import transaction as db_transaction
from django.db.models import Q
from django.utils import timezone

from billing_admin.mail.letters import Outcome
from billing_admin.text import pluralize
from clients.models import MailMessage, MailSettings
from clients.models.mail.kinds import MailKind

from .claim import Claimed
from .content import give_up, lock_client

State = MailMessage.State

# After how many minutes a message that was not taken is tried again; a server that knows nobody yet takes it then.
PAUSES = (1, 5, 15, 60, 240, 720)
_ENDS = {
    "sent": State.SENT,
    "refused": State.BOUNCED,
    "failed": State.FAILED,
    "perhaps": State.PERHAPS_SENT,
    "again": State.WAITING,
}


@db_transaction.atomic
def mark(claimed: Claimed, outcome: Outcome, again_at: datetime.datetime | None = None) -> MailMessage.State | None:
    """Write it down; None where the message is gone with its client, or others took this process for dead.

    Who was taken for dead and is not knows better whether it was sent than they do. `again_at`: the server is why
    it was not taken, which costs it no try.
    """
    message = claimed.message
    now = timezone.now()
    state = _ENDS[outcome.kind]
    changes: dict[str, object] = {"why": outcome.words, "provider_id": outcome.provider_id}
    if again_at and state != State.PERHAPS_SENT:
        state = State.WAITING
        changes |= {"attempts": message.attempts - 1}
    elif state == State.WAITING and message.attempts > len(PAUSES):
        state = State.FAILED
        tries = pluralize(message.attempts, "try", "tries")
        changes["why"] = f"Given up after {tries}. {outcome.words}"[:500]
    if state == State.WAITING:
        later = again_at or now + datetime.timedelta(minutes=PAUSES[message.attempts - 1])
        changes |= {"sender": None, "due_at": later}
    elif message.is_secret:
        changes["data"] = {}
    if state == State.SENT:
        changes |= {"sent_at": now, "why": ""}
    came_to_nothing = state in (State.FAILED, State.BOUNCED)
    client = lock_client(message) if came_to_nothing else None
    mine = Q(state=State.SENDING)
    if state == State.SENT:
        mine |= Q(state=State.PERHAPS_SENT)
    marked = MailMessage.objects.filter(mine, pk=message.pk, sender=message.sender).update(state=state, **changes)
    if not marked:
        return None
    if came_to_nothing:
        give_up(message, client)
    if state == State.SENT and message.kind == MailKind.TEST:
        _note_test(claimed.settings, message.address, now)
    return state


def _note_test(used: MailSettings, address: str, at: datetime.datetime) -> None:
    """From now on mail may be switched on, unless the sender was changed while the test was on its way."""
    MailSettings.objects.filter(from_name=used.from_name, from_address=used.from_address).update(
        tested_at=at, tested_address=address
    )
