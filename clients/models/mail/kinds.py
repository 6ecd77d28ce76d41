"""The kinds of mail: what each is about, and who gets it."""

from typing import NamedTuple

from django.db import models

from clients.models.contact import ContactRole


class MailKind(models.TextChoices):
    """What a message tells."""

    INVOICE = "invoice", "Invoice issued"
    CREDIT_NOTE = "credit_note", "Credit note"
    PAYMENT = "payment", "Payment received"
    CREDIT = "credit", "Credit given"
    EXPIRING = "expiring", "Credit about to expire"
    REMINDER = "reminder", "Reminder"
    STATEMENT = "statement", "Statement"
    TEST = "test", "Test message"
    INVITATION = "invitation", "Invitation"
    PASSWORD_RESET = "password_reset", "Password reset"
    EMAIL_CHANGE = "email_change", "Confirmation of an e-mail address"
    EMAIL_CHANGED = "email_changed", "E-mail address changed"
    APPROVAL_ASKED = "approval_asked", "Approval asked for"
    APPROVAL_GIVEN = "approval_given", "Request approved"
    APPROVAL_REFUSED = "approval_refused", "Request refused"


# The level at which mail about a new password has no link: it tells that there is one by now.
PASSWORD_CHANGED = 1
# Mail whose link lets whoever has it do something: what it says is never stored.
SECRET = (MailKind.INVITATION, MailKind.PASSWORD_RESET, MailKind.EMAIL_CHANGE)
# About what waits for somebody's approval.
APPROVALS = (MailKind.APPROVAL_ASKED, MailKind.APPROVAL_GIVEN, MailKind.APPROVAL_REFUSED)
# To staff, about their accounts and requests: nobody switches it on or off, and it goes out once a test message did.
TO_STAFF = (*SECRET, MailKind.EMAIL_CHANGED, *APPROVALS)
# What staff switch on; a test message is sent by who asks for it.
SWITCHED = tuple(kind for kind in MailKind if kind not in (MailKind.TEST, *TO_STAFF))


def label_of(kind: str, level: int = 0) -> str:
    """What mail of a kind is called; of reminders every level alike."""
    is_notice = kind == MailKind.PASSWORD_RESET and level == PASSWORD_CHANGED
    return "Password changed" if is_notice else str(MailKind(kind).label)


class Source(NamedTuple):
    """The subjects of a kind: SQL of (id, client_id, about) for `%(ids)s`, and which contacts get it too."""

    sql: str
    role: ContactRole | None = None


_GRANTS = Source(
    "SELECT id, client_id, money_text(amount, currency) AS about FROM credits_creditgrant WHERE id = ANY(%(ids)s)"
)

_PERIOD = "concat_ws(' to ', %(data)s::jsonb ->> 'first', %(data)s::jsonb ->> 'last')"

SOURCES: dict[str, Source] = {
    MailKind.INVOICE: Source(
        "SELECT id, client_id, label AS about FROM invoices_invoice WHERE id = ANY(%(ids)s) AND status <> 'draft'",
        ContactRole.RECEIVES_INVOICES,
    ),
    MailKind.CREDIT_NOTE: Source(
        "SELECT id, client_id, label AS about FROM invoices_creditnote WHERE id = ANY(%(ids)s)",
        ContactRole.RECEIVES_INVOICES,
    ),
    MailKind.PAYMENT: Source(
        "SELECT id, client_id, CASE invoice_label WHEN '' THEN money_text(amount_in, currency) ELSE invoice_label END"
        " AS about FROM transactions_transaction WHERE id = ANY(%(ids)s) AND client_id IS NOT NULL",
        ContactRole.RECEIVES_INVOICES,
    ),
    MailKind.CREDIT: _GRANTS,
    MailKind.EXPIRING: _GRANTS,
    MailKind.REMINDER: Source(
        "SELECT id, client_id, label AS about FROM invoices_invoice WHERE id = ANY(%(ids)s) AND status = 'unpaid'",
        ContactRole.RECEIVES_REMINDERS,
    ),
    MailKind.STATEMENT: Source(
        f"SELECT id, id AS client_id, {_PERIOD} AS about FROM clients_client WHERE id = ANY(%(ids)s)",
        ContactRole.RECEIVES_INVOICES,
    ),
}
