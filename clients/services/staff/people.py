"""What somebody of the staff may do, and whether they may come in at all. Nobody is ever deleted."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, User
from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_typed_words
from billing_admin.errors import BusinessError
from billing_admin.models import EmailChange, Invitation
from billing_admin.seen import Seen, changes_to_store
from billing_admin.staff.sign_in.sessions import end_sessions
from clients.models import Activity
from clients.models.activity import actor_name

from .rules import fresh_person, lock_staff, require_may_give, require_other, require_owner_stays, require_reach


def role_ids(person: User) -> dict[str, object]:
    """The roles that somebody is in, as a form stores them."""
    return {"roles": sorted(person.groups.values_list("pk", flat=True))}


@db_transaction.atomic
def set_roles(*, person: User, groups: Iterable[Group], by: Actor, seen: Seen | None = None) -> User:
    """Let somebody be in these roles and no others. It counts from their next click.

    Raises BusinessError, ChangedMeanwhile among them.
    """
    lock_typed_words()
    by = lock_staff(by)
    person, groups = fresh_person(person), list(groups)
    require_other(by, person, "changes the roles of")
    require_reach(by, person)
    before = list(person.groups.order_by("name"))
    typed = {"roles": sorted(group.pk for group in groups)}
    if not changes_to_store(stored=role_ids(person), typed=typed, seen=seen):
        raise BusinessError(f"{actor_name(person)} is in these roles already; nothing was changed.")
    require_may_give(by, groups)
    require_owner_stays(person, groups)
    person.groups.set(groups)
    after = sorted(groups, key=lambda group: group.name)
    _record(
        person, by, "roles_changed", "Roles changed", f"{_named(before)} → {_named(after)}",
        before=[group.pk for group in before], after=[group.pk for group in after],
    )  # fmt: skip
    return person


@db_transaction.atomic
def deactivate(*, person: User, by: Actor) -> int:
    """Let somebody in no more: all sessions end, and what they asked for and waits is not done any more.

    All that they did stays with their name. Returns how many invitations of theirs were withdrawn with it.

    Raises BusinessError.
    """
    lock_typed_words()
    by = lock_staff(by)
    person = fresh_person(person)
    require_other(by, person, "deactivates")
    require_reach(by, person)
    if not person.is_active:
        raise BusinessError(f"{actor_name(person)} is deactivated already; nothing was changed.")
    require_owner_stays(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_sessions(person)
    EmailChange.objects.filter(person=person).delete()
    invitations = Invitation.objects.filter(invited_by=person)
    withdrawn = invitations.count()
    invitations.delete()
    _record(person, by, "deactivated", "Deactivated", withdrawn=withdrawn)
    return withdrawn


@db_transaction.atomic
def activate(*, person: User, by: Actor) -> None:
    """Let somebody in again, with the roles and the password that they had.

    Raises BusinessError.
    """
    lock_typed_words()
    by = lock_staff(by)
    person = fresh_person(person)
    require_other(by, person, "activates")
    require_reach(by, person)
    if person.is_active:
        raise BusinessError(f"{actor_name(person)} is active already; nothing was changed.")
    person.is_active = True
    person.save(update_fields=["is_active"])
    _record(person, by, "activated", "Activated again")


def _named(groups: Iterable[Group]) -> str:
    return ", ".join(group.name for group in groups) or "no role"


def _record(person: User, by: Actor, done: str, summary: str, more: str = "", **data: object) -> None:
    note = ": ".join(filter(None, [f"{actor_name(person)} ({person.get_username()})", more]))
    data = {"person": person.pk, **data}
    Activity.objects.record(by=by, client=None, verb=f"staff.{done}", summary=summary, note=note, data=data)
