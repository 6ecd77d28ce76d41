"""Activity about people and their accounts: who signed in, who failed to, whose sessions ended, who looks at it."""

from django.contrib.auth.models import User
from django.db import transaction as db_transaction
from django.http import HttpRequest
from django.utils import timezone

from billing_admin.db.limits import set_in_transactions
from billing_admin.db.source import Source, acting_from
from billing_admin.staff.sign_in.addresses import counted_address
from billing_admin.staff.sign_in.events import Event
from billing_admin.staff.sign_in.session_store import digest_of
from billing_admin.text import pluralize
from clients.models import Activity, ActivityCount
from clients.models.activity import SYSTEM, actor_name
from clients.models.activity_count import Times

NOBODY = "Nobody known"
"""Who acted where the name that was given is no account's. The name is not kept: it is often a password."""

# Verb → what one of it is, where it is told once an hour.
COUNTED = {
    "sign_in.failed": "Sign-in failed",
    "sign_in.refused": "Sign-in refused after too many failures",
    "sign_in.code_failed": "Sign-in refused: wrong code",
}
# As the source of a request has it.
LENGTH_OF_SESSION = 32
LOOKED_AT = "activity.looked_at"

# Event → its verb. That somebody came while others were signing in is no failure, and stands in the log alone.
VERBS = {
    Event.SIGNED_IN: "sign_in.done",
    Event.FAILED: "sign_in.failed",
    Event.REFUSED: "sign_in.refused",
    Event.CODE_FAILED: "sign_in.code_failed",
    Event.CONFIRMED: "sign_in.confirmed",
    Event.UNLOCKED: "sign_in.unlocked",
    Event.SIGNED_OUT: "session.signed_out",
    Event.SESSIONS_ENDED: "session.ended",
    Event.PASSWORD_CHANGED: "password.changed",
    Event.FACTOR_ADDED: "second_factor.added",
    Event.FACTOR_REMOVED: "second_factor.removed",
    Event.CODES_MADE: "second_factor.codes_made",
    Event.FACTORS_RESET: "second_factor.reset",
}


def note_account_event(
    *, event: Event, person: User | None, request: HttpRequest | None, by: User | None = None, count: int = 1
) -> None:
    """Write down an event of signing in, or count it. `person` is whose account it is about.

    Who did it is whoever is signed in, else who the account belongs to: a failed try stands with the account that was
    tried. A command is nobody, unless it acts for somebody.
    """
    if (verb := VERBS.get(event)) is None:
        return
    if verb in COUNTED:
        count_of_account(verb=verb, person=person, address=counted_address(request) if request else None)
        return
    data: dict[str, object] = {"number": count} if count > 1 else {}
    if request is not None:
        user = getattr(request, "user", None)
        by = user if isinstance(user, User) else person
    if person and by != person:
        data["account"] = person.get_username()
    if event == Event.SIGNED_IN and request:
        # The request came without it, or with another one: what follows bears this.
        data["session"] = digest_of(request.session.session_key or "")[:LENGTH_OF_SESSION]
    said = pluralize(count, "session ended", "sessions ended") if event == Event.SESSIONS_ENDED else event.value
    whose = f" of {data['account']}" if "account" in data else ""
    record_of_account(verb=verb, person=by, summary=f"{said}{whose}", data=data, name=SYSTEM if by is None else "")


@db_transaction.atomic
def record_of_account(
    *, verb: str, person: User | None, summary: str, data: dict[str, object] | None = None, name: str = ""
) -> None:
    """Write down what was done to an account, or by whom it is; `name`: who did it, where it is no account."""
    Activity.objects.create(
        actor=person,
        actor_name=name or (actor_name(person) if person else NOBODY),
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
