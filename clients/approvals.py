"""Approving what waits: the service that was asked for is called again, with everything looked at as it is now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction as db_transaction

from billing_admin.actor import Approval, with_approval
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import totals_text
from billing_admin.rights import missing_rights, names
from clients.models import ApprovalRequest
from clients.services.approvals.payload import unpack
from clients.services.approvals.requests import close_request, lock_request, refuse_own
from credits.models import CreditEntry
from credits.services.adjust import adjust_balance
from credits.services.bulk.book import book_credit_batch
from credits.services.grant import add_credit
from credits.services.ledger import amounts_of
from credits.services.reverse import reverse_entry
from credits.services.transfer import transfer_credit
from invoices.models import Invoice
from invoices.services.chargeback import book_chargeback
from invoices.services.credit_notes import CreditLine, issue_credit_note
from invoices.services.write_off import write_off_invoice
from transactions.models import Transaction
from transactions.services.refund import refund_payment
from transactions.services.reverse import reverse_payment

APPROVE = "clients.approve_request"


@dataclass(frozen=True)
class Action:
    """What can wait for approval: its name on pages, the service that does it, and the rights that it is done with."""

    label: str
    act: Callable[..., Any]
    rights: tuple[str, ...]


def _issue_credit_note(*, by: User, **given: Any) -> None:
    issue_credit_note(by=by, may_refund=by.has_perm("transactions.refund_payment"), **given)


def _book_credit_batch(*, by: User, batch_id: UUID, totals: Mapping[str, str], **given: Any) -> None:
    """Book the file where it still gives what was asked for."""
    booked = book_credit_batch(batch_id=batch_id, by=by, **given)
    if booked.repeated:
        raise BusinessError(f"{booked.batch.file_name} is booked already; nothing more was done.")
    if amounts_of(booked.batch.totals) != amounts_of(totals):
        raise BusinessError(
            f"{booked.batch.file_name} would give {totals_text(amounts_of(booked.batch.totals))} by now, and "
            f"{totals_text(amounts_of(totals))} was asked for. Nothing was booked."
        )


ACTIONS: Mapping[str, Action] = {
    "credit.add": Action("Add credit", add_credit, ("credits.add_credit",)),
    "credit.adjust": Action("Set a credit balance", adjust_balance, ("credits.adjust_balance",)),
    "credit.transfer": Action("Transfer credit", transfer_credit, ("credits.transfer_credit",)),
    "credit.reverse": Action("Give removed credit back", reverse_entry, ("credits.reverse_credit",)),
    "credit.bulk": Action("Give bulk credit", _book_credit_batch, ("credits.give_bulk_credit",)),
    "payment.refund": Action("Refund a payment", refund_payment, ("transactions.refund_payment",)),
    "payment.reverse": Action("Reverse a payment", reverse_payment, ("transactions.reverse_payment",)),
    "payment.chargeback": Action(
        "Reverse a payment and bill what is missing", book_chargeback,
        ("transactions.reverse_payment", "invoices.issue_invoice"),
    ),
    "invoice.write_off": Action("Write off", write_off_invoice, ("invoices.write_off_invoice",)),
    "credit_note.issue": Action("Issue a credit note", _issue_credit_note, ("invoices.issue_creditnote",)),
}  # fmt: skip
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
