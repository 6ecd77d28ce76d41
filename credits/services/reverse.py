"""Undoing one line of the ledger by another."""

import datetime

from django.db import transaction as db_transaction
from django.utils import timezone
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError, require_length
from billing_admin.money.amounts import money_text
from clients.models import Activity, Client, Limit, LimitKind
from credits.models import CreditEntry

from . import ledger
from .take_back import reverse_grant

_ANOTHER_WAY = {
    CreditEntry.Kind.APPLY: "It pays {invoice}: use Take Credit Off on that invoice instead.",
    CreditEntry.Kind.RELEASE: "It came back from {invoice}: use Apply Credit on that invoice instead.",
    CreditEntry.Kind.TRANSFER: "It belongs to a transfer between clients: use Transfer Credit to give it back instead.",
    CreditEntry.Kind.EXPIRE: "What has expired is not brought back: use Manage Credits to add new credit instead.",
    CreditEntry.Kind.REVERSE: "It undoes another entry itself: use Manage Credits to add or remove credit instead.",
}


def way_instead(entry: CreditEntry) -> str:
    """What to do where an entry is not reversed by itself; "" where it is."""
    if entry.kind not in _ANOTHER_WAY:
        return ""
    return _ANOTHER_WAY[CreditEntry.Kind(entry.kind)].format(invoice=entry.invoice.label if entry.invoice else "")


@db_transaction.atomic
def reverse_entry(*, entry: CreditEntry, by: Actor, reason: str = "", on: datetime.date | None = None) -> Money:
    """Book the opposite of an entry on its grant: what gave credit is taken back, what took it gives it back.

    Once per entry. What gave credit can be reversed while nobody has used it; a grant that has expired meanwhile gets
    its part back and expires it in the same moment. Returns how much the balance moved, with its sign.
    """
    require_length(reason, "reason")
    reason = reason.strip()
    client = Client.objects.lock_one(entry.client_id)
    entry = CreditEntry.objects.select_related("grant", "invoice").get(pk=entry.pk)
    if instead := way_instead(entry):
        raise BusinessError(f"This entry of {money_text(entry.amount)} is not reversed by itself. {instead}")
    first = CreditEntry.objects.filter(reverses=entry).first()
    if first is not None:
        day = timezone.localtime(first.at)
        raise BusinessError(
            f"This entry of {money_text(entry.amount)} was reversed on {day:%-d %b %Y} by {first.actor_name}; "
            "nothing was changed."
        )
    if entry.amount.amount > 0:
        return -reverse_grant(grant=entry.grant, by=by, reason=reason)
    Limit.objects.require(LimitKind.GIVEN, client.pk, -entry.amount, by, right="credits.reverse_credit")
    back = ledger.Movement(entry.grant, -entry.amount)
    ledger.book(
        kind=CreditEntry.Kind.REVERSE,
        movements=[back],
        note=reason or entry.words,
        by=by,
        reverses=entry,
    )
    ledger.expire_at_once([back], on=on or timezone.localdate(), by=by)
    Activity.objects.record(
        by=by,
        client=client,
        verb="credit.entry_reversed",
        summary=f"Credit of {money_text(back.amount)} given back",
        note=reason or entry.words,
        data={"entry": entry.pk, "grant": entry.grant_id, "amount": back.amount.amount, "currency": entry.currency},
    )
    return back.amount
