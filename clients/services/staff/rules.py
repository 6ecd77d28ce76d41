"""Who may change whom. Each service of this package asks here first, under the lock of all of them."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, User

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key
from billing_admin.errors import BusinessError
from billing_admin.models import Role
from billing_admin.rights import missing_rights
from billing_admin.staff.rights import owners, rights_of_people, rights_of_roles, said_right
from clients.models.activity import actor_name
from clients.services.limits import refuse_role_above_own

MANAGE_STAFF, MANAGE_ROLES = "billing_admin.manage_staff", "billing_admin.manage_roles"


def lock_staff(by: Actor, right: str = MANAGE_STAFF) -> Actor:
    """Let nobody else change staff until this transaction ends. Returns who acts as they are stored now.

    What somebody might do when the page was opened may have been taken from them since: it is looked at again, under
    the lock. The system, a command without a person, may everything.

    Raises BusinessError.
    """
    lock_key("staff")
    if by is None:
        return None
    fresh = User.objects.get(pk=by.pk)
    if not fresh.is_active:
        raise BusinessError("Your account was deactivated meanwhile; nothing was changed.")
    if not fresh.has_perm(right):
        raise BusinessError(missing_rights([right]))
    return fresh


def fresh_person(person: User) -> User:
    """The person as stored now; their row is locked, as signing in writes there too."""
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)


def require_other(by: Actor, person: User, what: str) -> None:
    """Nobody does this to their own account. Raises BusinessError."""
    if by is not None and by.pk == person.pk:
        raise BusinessError(f"Nobody {what} themselves. Another person with the right to manage staff has to do it.")


def require_reach(by: Actor, person: User) -> None:
    """Whoever changes somebody has every right that this person has. Raises BusinessError."""
    if by is None or by.is_superuser:
        return
    if person.is_superuser:
        raise BusinessError(f"{actor_name(person)} is a superuser, whom only a superuser changes; nothing was changed.")
    require_rights(by, rights_of_people([person])[person.pk], f"{actor_name(person)} has")


def require_reach_of_role(by: Actor, group: Group) -> None:
    """Whoever changes a role has every right that it gives, and that its people have. Raises BusinessError."""
    if by is None or by.is_superuser:
        return
    people = list(User.objects.filter(groups=group))
    if any(person.is_superuser for person in people):
        raise BusinessError("A superuser is in this role: only a superuser changes it. Nothing was changed.")
    require_rights(by, rights_of_roles([group]), "The role has")
    require_rights(by, set().union(*rights_of_people(people).values()), "Somebody in this role has")


def require_may_give(by: Actor, groups: Iterable[Group]) -> None:
    """Nobody gives a role that may do what they may not, or more of it alone. Raises BusinessError."""
    groups = list(groups)
    called = ", ".join(f"“{group.name}”" for group in groups)
    require_rights(by, rights_of_roles(groups), f"{called} gives", field="roles")
    if by is None:
        return
    for group in groups:
        refuse_role_above_own(group, rights_of_roles([group]), by)


def require_rights(by: Actor, rights: Iterable[str], whose: str, field: str | None = None) -> None:
    """Raises BusinessError that names the first of the rights that `by` lacks."""
    if by is None or by.is_superuser:
        return
    lacking = sorted(set(rights) - rights_of_people([by])[by.pk])
    if lacking:
        more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
        raise BusinessError(
            f"{whose} the right {said_right(lacking[0])}{more}, which you do not have: only somebody who has every "
            "such right can do this. Nothing was changed.",
            field=field,
        )


def require_owner_stays(person: User, groups_after: Iterable[Group] = ()) -> None:
    """Refuse to take the last Owner. Call it before the change, with the roles that the person keeps.

    Raises BusinessError.
    """
    kept = Role.objects.filter(group__in=list(groups_after), built_in=Role.BuiltIn.OWNER).exists()
    active = set(owners().values_list("pk", flat=True))
    if active == {person.pk} and not kept:
        raise BusinessError(
            f"{actor_name(person)} is the only Owner who is active. Make somebody else an Owner first; nothing was "
            "changed."
        )


def why_not_changed(by: User, person: User) -> str:
    """Why `by` can change nothing of this person, in a sentence; nothing where they can."""
    try:
        require_other(by, person, "changes the roles of")
        require_reach(by, person)
    except BusinessError as error:
        return str(error)
    return ""
