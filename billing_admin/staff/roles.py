"""What each role may do, as one table."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.db.models import Exists, OuterRef

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
    second_factor: bool | None
    """Whether it asks for one; None where that cannot be asked for: it is a mere group."""


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
            group.pk, group.name, role.note, _rights_of(group), is_built_in=bool(role.built_in), is_own=group.pk in own,
            second_factor=role.second_factor if role.pk else None,
        )
        for role, group in found
    ]  # fmt: skip


def people_of(role: Role) -> list[tuple[User, bool]]:
    """Who is in a role and active, by user name, and whether each has a second factor."""
    kept = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    people = User.objects.filter(groups=role.group_id, is_active=True).order_by("username")
    return [(person, person.has_factor) for person in people.annotate(has_factor=Exists(kept))]


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
