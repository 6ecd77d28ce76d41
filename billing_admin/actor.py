"""Who does something, and who approved it."""

from dataclasses import dataclass

from django.contrib.auth.models import User

type Actor = User | None
"""The person who acts; None is the system: a command without `--as`, a signal, a job that nobody asked for."""


@dataclass(frozen=True)
class Approval:
    """Who said yes to a request above somebody's limit, and which request that was."""

    approver: User
    request: int


def with_approval(person: User, approval: Approval) -> User:
    """The person, acting once with somebody's approval: what is booked bears both names."""
    person.approval = approval  # type: ignore[attr-defined]
    return person


def approval_of(by: Actor) -> Approval | None:
    """The approval that this person acts with, if any."""
    return getattr(by, "approval", None)


def who_needs_rights(by: User) -> list[User]:
    """Whose rights count: of what was approved, those of the person and of who approved it."""
    approval = approval_of(by)
    return [by, approval.approver] if approval else [by]
