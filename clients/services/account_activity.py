"""Activity about people and their accounts: who signed in, who failed to, whose sessions ended, who looks at it."""

from django.contrib.auth.models import User
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.db.limits import set_in_transactions
from billing_admin.db.source import Source, acting_from
from clients.models import Activity, ActivityCount
from clients.models.activity import actor_name
from clients.models.activity_count import Times

NOBODY = "Nobody known"
"""Who acted where the name that was given is no account's. The name is not kept: it is often a password."""

# Verb → what one of it is, where it is told once an hour.
COUNTED = {
    "sign_in.failed": "Sign-in failed",
    "sign_in.refused": "Sign-in refused after too many failures",
    "sign_in.code_failed": "Sign-in refused: wrong code",
}
LOOKED_AT = "activity.looked_at"


@db_transaction.atomic
def record_of_account(*, verb: str, person: User | None, summary: str, data: dict[str, object] | None = None) -> None:
    """Write down what was done to an account, or by whoever it belongs to."""
    Activity.objects.create(
        actor=person,
        actor_name=actor_name(person) if person else NOBODY,
        verb=verb,
        summary=summary,
        data=data or {},
    )


@db_transaction.atomic
def count_of_account(*, verb: str, person: User | None, address: str | None) -> None:
    """Write down one of what is `COUNTED`, or count it, where such a row was written within the last hour."""
    if times := ActivityCount.objects.note(verb, person=person, address=address):
        _record_times(verb, person, times)


@db_transaction.atomic
def look_at_activity(*, by: User) -> None:
    """Write down that somebody looks at all activity: one row an hour."""
    if ActivityCount.objects.note(LOOKED_AT, person=by, address=None):
        Activity.objects.record(by=by, client=None, verb=LOOKED_AT, summary="Activity looked at")


def tell_counts() -> int:
    """Write down what was counted in hours that are over, and from where; returns how many rows that were.

    Each row for itself, for each says from where it comes; two at once write it once.
    """
    told = 0
    while row := ActivityCount.objects.first_over(tuple(COUNTED)):
        source: Source = {"address": row.address} if row.address else {}
        with acting_from(source), set_in_transactions(), db_transaction.atomic():
            locked = ActivityCount.objects.select_for_update().filter(pk=row.pk).first()
            if locked and locked.count and (times := locked.told(timezone.now())):
                _record_times(row.verb, row.person, times)
                told += 1
    return told


def _record_times(verb: str, person: User | None, times: Times) -> None:
    record_of_account(verb=verb, person=person, summary=f"{COUNTED[verb]}{times.words}", data={"times": times.number})
