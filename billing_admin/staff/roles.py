"""What each role may do, as one table."""

from dataclasses import dataclass

from django.contrib.auth.models import Group, User

from billing_admin.models import Role
from billing_admin.rights import SECTIONS, names
from billing_admin.staff.rights import rights_of_people


@dataclass(frozen=True)
class ShownRole:
    """A role: a group of ours, in the order of what they may do, or one that somebody made."""

    pk: int
    name: str
    note: str
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
    order: list[str] = Role.BuiltIn.values
    groups = Group.objects.select_related("role").prefetch_related("permissions__content_type").order_by("name")
    found = [(getattr(group, "role", None) or Role(), group) for group in groups]
    found.sort(key=lambda each: order.index(each[0].built_in) if each[0].built_in else len(order))
    return [
        ShownRole(
            group.pk, group.name, role.note, _rights_of(group), is_built_in=bool(role.built_in), is_own=group.pk in own
        )
        for role, group in found
    ]


def roles_to_give(person: User) -> list[ShownRole]:
    """The roles that may do nothing that this person may not: no others can they give to anybody."""
    held = rights_of_people([person])[person.pk]
    return [role for role in roles_for(person) if person.is_superuser or role.rights <= held]


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
