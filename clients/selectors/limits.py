"""Whose limits are what, and who may approve what is above one."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import Group, User
from django.db.models import QuerySet

from billing_admin.money.amounts import money_text
from clients.models import ApprovalRequest, Limit, LimitKind
from clients.models.limits import Scope

type Amounts = dict[str, Decimal]

APPROVE = "clients.approve_request"


@dataclass(frozen=True)
class ShownLimits:
    """A role or a person, and their limits in words: what, and how much."""

    of: Group | User
    said: list[tuple[str, str]]


def approvers() -> "QuerySet[User]":
    """Who may approve, of those who are active."""
    return _with_right(APPROVE)


def who_may_decide(request: ApprovalRequest, rights: Iterable[str]) -> "QuerySet[User]":
    """Who may approve and has these rights, and neither asked for it nor uploaded its file."""
    found = approvers().exclude(pk__in=[pk for pk in (request.requester_id, request.uploader_id) if pk])
    for right in rights:
        found = found.filter(pk__in=_with_right(right).values("pk"))
    return found


def _with_right(right: str) -> "QuerySet[User]":
    return User.objects.with_perm(right, backend="django.contrib.auth.backends.ModelBackend")


def limits_of(of: Group | User) -> dict[str, Amounts]:
    """`kind.scope` → the most per currency, for every kind and scope."""
    found: dict[str, Amounts] = {f"{kind}.{scope}": {} for kind in LimitKind.values for scope in Scope.values}
    for row in Limit.objects.filter(**({"person": of} if isinstance(of, User) else {"role": of})):
        found[f"{row.kind}.{row.scope}"][row.currency] = row.amount.amount
    return found


def shown_limits() -> tuple[list[ShownLimits], list[ShownLimits]]:
    """The roles, and the people who work here, with their limits; two statements."""
    rows: dict[tuple[bool, int], dict[str, list[str]]] = {}
    kinds = list(LimitKind.values)
    for row in sorted(
        Limit.objects.all(), key=lambda row: (kinds.index(row.kind), Scope.values.index(row.scope), row.currency)
    ):
        said = rows.setdefault((row.person_id is not None, row.person_id or row.role_id or 0), {})
        said.setdefault(row.get_kind_display(), []).append(
            f"{money_text(row.amount)} {row.get_scope_display().lower()}"
        )  # fmt: skip

    def shown(of: Group | User) -> ShownLimits:
        said = rows.get((isinstance(of, User), of.pk), {})
        return ShownLimits(of, [(kind, "; ".join(amounts)) for kind, amounts in said.items()])

    people = User.objects.filter(is_active=True).order_by("username")
    return [shown(role) for role in Group.objects.order_by("pk")], [shown(person) for person in people]
