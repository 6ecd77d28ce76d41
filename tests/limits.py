"""Limits in tests: switched on, and set for the roles and people that a test is about."""

from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group, User

from billing_admin.staff.groups import MANAGER
from clients.models import ApprovalRequest, Client, Limit, LimitSettings, NeedsApproval
from clients.services.approvals.requests import request_approval
from tests.factories import make_staff, usd

type Most = dict[str, str | int]
"""`{"given entry USD": 100}`."""


def switch_on() -> None:
    """Limits are in force."""
    LimitSettings.objects.update_or_create(pk=1, defaults={"is_on": True})


def limit(whom: str | User, most: Most) -> None:
    """Set these limits, of a role by its name or of a person."""
    of = {"person": whom} if isinstance(whom, User) else {"role": Group.objects.get(name=whom)}
    for what, amount in most.items():
        kind, scope, currency = what.split()
        row = Limit.objects.filter(**of, kind=kind, scope=scope, currency=currency)
        row.delete()
        Limit.objects.create(**of, kind=kind, scope=scope, currency=currency, amount=Decimal(amount))


def limited_person(most: Most, role: str = MANAGER) -> User:
    """Somebody of a role whose limits are these, and limits are on."""
    limit(role, most)
    switch_on()
    return make_staff(role)


def above_limit(acme: Client) -> tuple[NeedsApproval, dict[str, Any], Client]:
    """250.00 USD of credit, what it is asked with, and for whom."""
    given = {"client": acme, "amount": usd(250), "description": "Goodwill"}
    above = NeedsApproval("250.00 USD is more than the 100.00 USD that you may give.", kind="given", amount=usd(250))
    return above, given, acme


def ask_for_approval(acme: Client, *, by: User | None = None) -> ApprovalRequest:
    """A request for 250.00 USD of credit, of somebody or of a person of its own."""
    above, given, _ = above_limit(acme)
    return request_approval(
        action="credit.add", given=given, above=above, reason="A good client", by=by or make_staff(), client=acme
    )
