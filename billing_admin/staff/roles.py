"""What each role may do, as one table."""

from dataclasses import dataclass

from django.contrib.auth.models import Group, User

from billing_admin.models import Role
from billing_admin.rights import SECTIONS, names


@dataclass(frozen=True)
class ShownRole:
    """A role: a group of ours, in the order of what they may do, or one that somebody made."""

    name: str
    rights: frozenset[str]
    is_built_in: bool
    is_own: bool
    """Whether the person who looks is in it."""


@dataclass(frozen=True)
class RightOfRoles:
    """A right, in words, and whether each of the roles has it."""

    name: str
    held: list[tuple[str, bool]]


def roles_for(person: User) -> list[ShownRole]:
    """Every role, those that come with this first."""
    own = set(person.groups.values_list("pk", flat=True))
    order = Role.BuiltIn.values
    groups = Group.objects.select_related("role").prefetch_related("permissions__content_type").order_by("name")
    found = [(getattr(group, "role", None), group) for group in groups]
    found.sort(key=lambda each: order.index(each[0].built_in) if each[0] else len(order))
    return [
        ShownRole(group.name, _rights_of(group), is_built_in=role is not None, is_own=group.pk in own)
        for role, group in found
    ]


def rights_of(roles: list[ShownRole]) -> list[tuple[str, list[RightOfRoles]]]:
    """Heading → its rights with what each role may do."""
    return [
        (
            heading,
            [RightOfRoles(names()[right], [(role.name, right in role.rights) for role in roles]) for right in rights],
        )
        for heading, rights in SECTIONS.items()
    ]


def _rights_of(group: Group) -> frozenset[str]:
    return frozenset(f"{each.content_type.app_label}.{each.codename}" for each in group.permissions.all())
