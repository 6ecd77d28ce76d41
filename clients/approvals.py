"""Approving what waits: the service that was asked for is called again, with everything looked at as it is now."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction as db_transaction

from billing_admin.actor import Approval, with_approval
from billing_admin.errors import BusinessError
from billing_admin.rights import missing_rights, names
from clients.models import ApprovalRequest
from clients.selectors.limits import APPROVE
from clients.services.approvals.actions import ACTIONS, Action
from clients.services.approvals.payload import unpack
from clients.services.approvals.requests import close_request, lock_request, refuse_own
from credits.models import CreditEntry
from invoices.models import Invoice
from invoices.services.credit_notes import CreditLine
from transactions.models import Transaction

_TYPES: Mapping[str, type[Any]] = {
    **{model._meta.label_lower: model for model in (Invoice, Transaction, CreditEntry)},
    CreditLine.__name__: CreditLine,
}


@db_transaction.atomic
def approve_request(*, request_id: int, by: User, reason: str = "") -> ApprovalRequest:
    """Do what was asked for, in the name of who asked and with that of who approves, and close the request.

    The service looks at everything again: balance, invoice, client. So do the rights of both, and the limits of who
    approves, which must cover it. Where one of them stands against it nothing is done, and the request waits on.
    """
    request = lock_request(request_id)
    approver = User.objects.get(pk=by.pk)  # as the person is now: a job may run long after it was asked for
    refuse_own(request, approver)
    action = ACTIONS[request.action]
    requester = _may_still(request, action)
    if lacking := [right for right in (APPROVE, *action.rights) if not approver.has_perm(right)]:
        raise BusinessError(f"{missing_rights(lacking)} Nothing was done.")
    given = {name: unpack(value, _TYPES) for name, value in request.payload.items() if name != "totals"}
    if "totals" in request.payload:
        given["totals"] = request.payload["totals"]
    action.act(by=with_approval(requester, Approval(approver, request.pk)), **given)
    return close_request(request, ApprovalRequest.State.APPROVED, by=approver, reason=reason)


def _may_still(request: ApprovalRequest, action: Action) -> User:
    """Who asked for it, if they may still do it."""
    requester = User.objects.filter(pk=request.requester_id or 0, is_active=True).first()
    if requester is None:
        raise BusinessError(
            f"{request.requester_name}, who asked for this, does not work here any more. Nothing was done; refuse it."
        )
    for right in action.rights:
        if not requester.has_perm(right):
            raise BusinessError(
                f"{request.requester_name}, who asked for this, no longer has the right “{names()[right]}”. Nothing "
                "was done."
            )
    return requester
