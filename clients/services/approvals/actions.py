"""What can wait for approval: the services that are asked for again once somebody has said yes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import totals_text
from clients.models import ApprovalRequest
from credits.services.adjust import adjust_balance
from credits.services.bulk.book import book_credit_batch
from credits.services.grant import add_credit
from credits.services.ledger import amounts_of
from credits.services.reverse import reverse_entry
from credits.services.transfer import transfer_credit
from invoices.services.cancel import cancel_invoice
from invoices.services.chargeback import book_chargeback
from invoices.services.credit_notes import issue_credit_note
from invoices.services.write_off import write_off_invoice
from transactions.services.refund import refund_payment
from transactions.services.reverse import reverse_payment


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
    "invoice.cancel": Action("Cancel an invoice", cancel_invoice, ("invoices.cancel_invoice",)),
    "invoice.write_off": Action("Write off", write_off_invoice, ("invoices.write_off_invoice",)),
    "credit_note.issue": Action("Issue a credit note", _issue_credit_note, ("invoices.issue_creditnote",)),
}  # fmt: skip


def label_of(request: ApprovalRequest) -> str:
    """What was asked for, in words."""
    return ACTIONS[request.action].label
