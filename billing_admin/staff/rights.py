"""What people hold in rights, and whether somebody has all that another has. Also of those who are deactivated."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet

from billing_admin.models import Role
from billing_admin.rights import names


def rights_of_people(people: Iterable[User]) -> dict[int, set[str]]:
    """Person → the rights that they have, in roles and by themselves, whether or not they are active.

    Django says of somebody who is deactivated that they have none; they would have them again once they are active.
    """
    held: dict[int, set[str]] = {person.pk: set() for person in people}
    for owner in ("user", "group__user"):
        of_them = Permission.objects.filter(**{f"{owner}__in": list(held)})
        for pk, label, codename in of_them.values_list(owner, "content_type__app_label", "codename"):
            held[pk].add(f"{label}.{codename}")
    return held


def rights_of_roles(groups: Iterable[Group]) -> set[str]:
    """What somebody in these roles may do."""
    found = Permission.objects.filter(group__in=list(groups))
    return {f"{label}.{codename}" for label, codename in found.values_list("content_type__app_label", "codename")}


def permissions_named(rights: Iterable[str]) -> QuerySet[Permission]:
    """The permissions of Django's that these rights, `app_label.codename`, are."""
    wanted = Q(pk__in=[])
    for right in rights:
        label, _, codename = right.partition(".")
        wanted |= Q(content_type__app_label=label, codename=codename)
    return Permission.objects.filter(wanted)


def said_right(right: str) -> str:
    """What a right is called; one that is none of the table by its code."""
    return f"“{names().get(right, right)}”"


def owners() -> QuerySet[User]:
    """Everybody active in the role Owner."""
    return User.objects.filter(is_active=True, groups__role__built_in=Role.BuiltIn.OWNER)
