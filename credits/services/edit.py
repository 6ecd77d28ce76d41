"""Editing what a grant says and how long it lasts; never what it gave."""

import datetime
from typing import Any

from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError, require_length
from billing_admin.money.amounts import money_text
from billing_admin.text import with_note
from clients.models import Activity, Client
from credits.models import CreditEntry, CreditGrant


@db_transaction.atomic
def edit_grant(
    *, grant: CreditGrant, description: str, expires_on: datetime.date | None, priority: int, by: Actor
) -> CreditGrant:
    """Change a grant's description, last day or place in the draw-down. What changed is in the activity."""
    require_length(description, "description")
    description = description.strip()
    if not description:
        raise BusinessError("Say what the credit is for; nothing was changed.", field="description")
    if not 0 <= priority <= 1000:
        raise BusinessError(f"A priority goes from 0 to 1000; {priority} was given.", field="priority")
    client = Client.objects.lock_one(grant.client_id)
    grant = CreditGrant.objects.get(pk=grant.pk)
    if expires_on != grant.expires_on:
        _check_expiry(grant, expires_on)
    changes: dict[str, tuple[Any, Any]] = {
        name: (before, after)
        for name, before, after in (
            ("description", grant.description, description),
            ("expires_on", grant.expires_on, expires_on),
            ("priority", grant.priority, priority),
        )
        if before != after
    }
    if not changes:
        raise BusinessError("The credit already says that; nothing was changed.")
    for name, (_, after) in changes.items():
        setattr(grant, name, after)
    grant.save(update_fields=list(changes))
    typed = changes.pop("description", None)
    note = f"“{typed[0]}” is now “{typed[1]}”" if typed else ""
    said = "; ".join(
        f"expires {_day(after)} instead of {_day(before)}"
        if name == "expires_on"
        else f"priority {after} instead of {before}"
        for name, (before, after) in changes.items()
    )
    Activity.objects.record(
        by=by,
        client=client,
        verb="credit.edited",
        summary=with_note(f"Credit of {money_text(grant.amount)} edited", said),
        note=note,
        data={"grant": grant.pk, **{name: {"from": pair[0], "to": pair[1]} for name, pair in changes.items()}},
    )
    return grant


def _check_expiry(grant: CreditGrant, expires_on: datetime.date | None) -> None:
    if expires_on is not None and expires_on < timezone.localdate():
        raise BusinessError(
            f"{expires_on:%-d %b %Y} is past. To end this credit now, take back the {money_text(grant.remaining)} that "
            "is left.",
            field="expires_on",
        )
    booked = grant.entries.filter(kind=CreditEntry.Kind.EXPIRE).order_by("-pk").first()
    if booked is not None and not grant.is_open:
        raise BusinessError(
            f"{money_text(booked.applied)} of this credit expired, and that is on the ledger. A later date would not "
            "bring it back; use Manage Credits to add new credit instead.",
            field="expires_on",
        )


def _day(day: datetime.date | None) -> str:
    return "never" if day is None else f"{day:%-d %b %Y}"
