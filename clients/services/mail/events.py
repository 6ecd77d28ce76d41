"""What a mail provider tells later of a message that it took."""

from django.db import transaction as db_transaction

from billing_admin.errors import BusinessError
from clients.models import Activity, Client, MailMessage

State = MailMessage.State

# Kind of event → what becomes of the message, and how that is said.
_MEANS = {
    "bounced": (State.BOUNCED, "It came back"),
    "rejected": (State.BOUNCED, "The mail provider refused the address"),
    "complained": (State.BOUNCED, "Its reader reported it as spam"),
    "failed": (State.FAILED, "The mail provider could not send it"),
}


class StillBeingSent(BusinessError):
    """The message that the event is probably about is on its way, and nobody knows yet by which id."""


@db_transaction.atomic
def note_event(*, provider_id: str, address: str, event: str, said: str) -> int:
    """Write down that a message came back, and on its client. Told twice, or of what is none of ours: nothing.

    Returns how many messages it was about. Raises StillBeingSent where the provider is quicker than we are.
    """
    if event not in _MEANS or not provider_id:
        return 0
    state, words = _MEANS[event]
    taken = MailMessage.objects.filter(
        provider_id=provider_id[:200], address__iexact=address, state__in=[State.SENT, State.PERHAPS_SENT]
    )
    clients = list(taken.exclude(client=None).values_list("client", flat=True))
    Client.objects.lock_ids(clients)
    noted = 0
    for message in taken.select_for_update(of=("self",), no_key=True).select_related("client").order_by("pk"):
        reason = " ".join(said.replace("\0", "").split())
        message.state, message.why = state, f"{words}: {reason}"[:500] if reason else f"{words}."
        message.save(update_fields=["state", "why"])
        summary = f"Mail “{message}” came back"
        Activity.objects.record(
            by=None, client=message.client, verb="mail.came_back", summary=summary, data={"message": message.pk}
        )  # fmt: skip
        noted += 1
    if not noted and _is_on_its_way(provider_id, address):
        raise StillBeingSent("A message to this address is being sent at this moment. Tell it again in a moment.")
    return noted


def _is_on_its_way(provider_id: str, address: str) -> bool:
    if MailMessage.objects.filter(provider_id=provider_id[:200]).exists():
        return False  # it was told of before
    return MailMessage.objects.filter(address__iexact=address, state=State.SENDING).exists()
