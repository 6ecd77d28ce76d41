"""Mail to look at: messages in every state, and a mail in the mailbox."""

from django.core.mail import mailers
from django.test import override_settings
from django.utils import timezone

from billing_admin.mail.delivery import deliver
from billing_admin.mail.letters import Attachment, Letter
from billing_admin.mail.look import html_of
from billing_admin.mail.mailer_url import read_mailer_url
from clients.models import Client, MailMessage, MailSettings

BODY = "Hello Ann,\n\nhere is your invoice.\n\nInvoice: INV-000001\nTo pay: 12.00 USD\n\nKind regards\nAcme"


def set_up_mail(*kinds: str) -> MailSettings:
    """A sender whose test message went out, and these kinds switched on."""
    return MailSettings.objects.create(
        from_name="Nordlicht", from_address="billing@example.com", tested_at=timezone.now(),
        tested_address="ann@example.com", switched_on=list(kinds),
    )  # fmt: skip


def make_message(client: Client | None, *, state: str = "sent", key: str = "", **details: object) -> MailMessage:
    """A message about the client's first invoice that was issued, if it has one."""
    invoice = client.invoices.exclude(status="draft").order_by("pk").first() if client else None
    about = {"subject_id": invoice.pk, "about": invoice.label} if invoice else {}
    written = {} if state in ("waiting", "withheld") else {"subject": "Invoice", "body": BODY, "language": "en"}
    fields = {"kind": "invoice", "queued_by_name": "Ann", "address": "ann@example.com", **about, **written, **details}
    if state == "sent":
        fields.setdefault("sent_at", timezone.now())
    return MailMessage.objects.create(
        client=client, state=state, key=key or f"invoice {MailMessage.objects.count()}", **fields
    )  # fmt: skip


def mail_with_all(client: Client) -> MailMessage:
    """A message in every state, of which the one that was sent is in the mailbox too. Returns that."""
    for state, why in (
        ("waiting", ""), ("withheld", "There is no e-mail address."),
        ("failed", "The mail server refuses the sender: 550 No"),
        ("perhaps_sent", "The mail server had all of it and then did not say whether it takes it."),
        ("bounced", "The mail server refuses the address: 550 No such user"),
    ):  # fmt: skip
        make_message(client, state=state, why=why, key=f"invoice {state}")
    sent = make_message(client, key="invoice sent")
    letter = Letter(
        "ann@example.com", "Invoice INV-000001", BODY, html_of(BODY, company="Acme", language="en"),
        [Attachment("INV-000001.pdf", b"%PDF-1.7")], f"<mail.{sent.pk}.x@example.com>",
        sender="Acme <billing@example.com>",
    )  # fmt: skip
    with override_settings(MAILERS=read_mailer_url("").mailers):
        deliver(mailers["default"], letter)
    return sent
