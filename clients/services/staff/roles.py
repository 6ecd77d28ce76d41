"""Roles of one's own. Those that come with the program stay as they are: they are copied, and the copy is changed."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_typed_words
from billing_admin.errors import BusinessError, require_length
from billing_admin.models import Invitation, Role
from billing_admin.rights import SECTIONS, names
from billing_admin.seen import Seen, changes_to_store
from billing_admin.staff.groups import GROUPS
from billing_admin.staff.rights import permissions_named, rights_of_roles
from billing_admin.text import Names, pluralize
from clients.models import Activity
from clients.services.limits import refuse_role_above_own

from .rules import MANAGE_ROLES, lock_staff, require_reach_of_role, require_rights

LONGEST_NAME = 60
_ORDER = [right for rights in SECTIONS.values() for right in rights]


def role_fields(group: Group) -> dict[str, Any]:
    """What can be changed of a role, as it is stored."""
    role = Role.objects.filter(group=group).first()
    held = rights_of_roles([group])
    return {
        "name": group.name, "note": role.note if role else "", "rights": [right for right in _ORDER if right in held],
    }  # fmt: skip


@db_transaction.atomic
def add_role(*, name: str, note: str, rights: Iterable[str], by: Actor) -> Group:
    """Make a role of one's own, which may do nothing that `by` may not.

    Raises BusinessError.
    """
    lock_typed_words()
    by = lock_staff(by, MANAGE_ROLES)
    typed = _checked(None, name, note, rights)
    require_rights(by, typed["rights"], "The role would have", field="rights")
    group = Group.objects.create(name=typed["name"])
    _store(group, typed)
    _record(group, by, "added", "Role added", after=typed["rights"])
    return group


@db_transaction.atomic
def change_role(
    *, group: Group, name: str, note: str, rights: Iterable[str], by: Actor, seen: Seen | None = None
) -> Group:
    """Call it otherwise, or let it do more or less; it counts at once for all who are in it.

    Nobody changes a role that they are in, nor one of which, or of whose people, they lack a right.

    Raises BusinessError, ChangedMeanwhile among them.
    """
    lock_typed_words()
    by = lock_staff(by, MANAGE_ROLES)
    group = _own(group)
    typed = _checked(group, name, note, rights)
    stored = role_fields(group)
    changes = changes_to_store(stored=stored, typed=typed, seen=seen)
    if not changes:
        raise BusinessError("Nothing was changed on this role.")
    wanted = stored | changes
    if by is not None and by.groups.filter(pk=group.pk).exists():
        raise BusinessError("You are in this role yourself: somebody else has to change it. Nothing was changed.")
    require_reach_of_role(by, group)
    require_rights(by, wanted["rights"], "The role would have", field="rights")
    if by is not None and group.user_set.exists():
        refuse_role_above_own(group, wanted["rights"], by)
    _store(group, wanted)
    _record(group, by, "changed", "Role changed", before=stored["rights"], after=wanted["rights"])
    return group


@db_transaction.atomic
def delete_role(*, group: Group, by: Actor) -> None:
    """Take away a role that nobody is in, and to which nobody is invited.

    Raises BusinessError.
    """
    lock_typed_words()
    by = lock_staff(by, MANAGE_ROLES)
    group = _own(group)
    if why := why_not_deleted(group):
        raise BusinessError(why)
    require_rights(by, rights_of_roles([group]), "The role has")
    _record(group, by, "deleted", "Role deleted", before=role_fields(group)["rights"])
    group.delete()


@db_transaction.atomic
def require_second_factor(*, group: Group, required: bool, by: Actor) -> None:
    """Let whoever is in the role sign in only with a second factor, or no longer.

    Who has none yet is led to adding one with the next page. To ask for it no longer weakens all who are in the role,
    so that it is for who may change them.

    Raises BusinessError.
    """
    lock_typed_words()
    by = lock_staff(by, MANAGE_ROLES)
    group = _stored(group)
    said = f"{group.name} {'needs' if required else 'does not need'} a second factor"
    role = Role.objects.filter(group=group).first()
    if role is None or role.second_factor == required:
        raise BusinessError(f"{said} already; nothing was changed.")
    if not required:
        require_reach_of_role(by, group)
    role.second_factor = required
    role.save(update_fields=["second_factor"])
    Activity.objects.record(
        by=by, client=None, verb=f"second_factor.{'required' if required else 'not_required'}",
        summary=f"Second factor {'required' if required else 'no longer required'} of a role", note=group.name,
        data={"role": group.pk},
    )  # fmt: skip


def why_not_deleted(group: Group) -> str:
    """Who stands in the way of deleting a role, in a sentence; nothing where nobody does."""
    people, invited = group.user_set.count(), Invitation.objects.filter(groups=group).count()
    if not (people or invited):
        return ""
    there = [pluralize(people, "person is in it", "people are in it")] if people else []
    there += [pluralize(invited, "person is invited to it", "people are invited to it")] if invited else []
    return f"{' and '.join(there)}: give them another role first, in Settings → Staff. Nothing was deleted."


def forget_roles_naming(names_of_client: Names) -> None:
    """Let no role be called after a client that is deleted, nor its note name one: under `lock_typed_words`."""
    for group in Group.objects.select_related("role").order_by("pk"):
        role = getattr(group, "role", None)
        if names_of_client.in_text(group.name) and not (role and role.built_in):
            Group.objects.filter(pk=group.pk).update(name=f"Renamed role {group.pk}")
        if role and names_of_client.in_text(role.note):
            Role.objects.filter(pk=role.pk).update(note="")


def _stored(group: Group) -> Group:
    found = Group.objects.select_related("role").filter(pk=group.pk).first()
    if found is None:
        raise BusinessError("This role was deleted meanwhile; nothing was done.")
    return found


def _own(group: Group) -> Group:
    """The role as it is stored, unless it is one of ours. Raises BusinessError."""
    found = _stored(group)
    if (role := getattr(found, "role", None)) and role.built_in:
        raise BusinessError(f"“{found.name}” comes with this program and stays as it is. Copy it, and change the copy.")
    return found


def _checked(group: Group | None, name: str, note: str, rights: Iterable[str]) -> dict[str, Any]:
    name, note, wanted = " ".join(unicodedata.normalize("NFKC", name).split()), note.strip(), set(rights)
    if not name:
        raise BusinessError("Give the role a name.", field="name")
    if not name.isprintable():  # it would look like another's
        raise BusinessError("A letter of this name cannot be seen. Type the name anew.", field="name")
    require_length(name, "name", LONGEST_NAME)
    require_length(note, "note")
    others = Group.objects.exclude(pk=group.pk) if group else Group.objects.all()
    if others.filter(name__iexact=name).exists() or name.casefold() in map(str.casefold, GROUPS):
        raise BusinessError(f"There is a role “{name}” already.", field="name")
    if unknown := sorted(wanted - names().keys()):
        raise BusinessError(f"“{unknown[0][:60]}” is no right.", field="rights")
    return {"name": name, "note": note, "rights": [right for right in _ORDER if right in wanted]}


def _store(group: Group, wanted: dict[str, Any]) -> None:
    """A permission that is none of the table, which somebody gave by other means, stays."""
    others = rights_of_roles([group]) - names().keys()
    group.name = wanted["name"]
    group.save(update_fields=["name"])
    group.permissions.set(permissions_named([*wanted["rights"], *others]))
    Role.objects.update_or_create(group=group, defaults={"note": wanted["note"]})


def _record(group: Group, by: Actor, done: str, summary: str, **rights: list[str]) -> None:
    data = {"role": group.pk, **rights}
    Activity.objects.record(by=by, client=None, verb=f"role.{done}", summary=summary, note=group.name, data=data)
