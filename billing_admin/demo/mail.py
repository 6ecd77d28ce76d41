"""Mail of the demo: a sender, its test message, and the latest invoices, all of it in the mailbox."""

from threading import Event

from django.conf import settings
from django.contrib.auth.models import User

from clients.models import MailSettings
from clients.models.mail.kinds import MailKind
from clients.services.mail.by_hand import send_document
from clients.services.mail.send import send_mail
from clients.services.mail.set_up import send_test, set_sender, switch_kinds
from invoices.models import Invoice

_KINDS = (MailKind.INVOICE, MailKind.CREDIT_NOTE, MailKind.PAYMENT, MailKind.CREDIT)
_INVOICES = 6


def send_some(*, by: User) -> None:
    """Nothing where a mail server is set: the people of the demo are made up, and their addresses may be somebody's."""
    if settings.MAIL_PROVIDER:
        return
    set_sender(
        from_name="Nordlicht Hosting", from_address="billing@nordlicht.example", reply_to="", per_minute=6_000,
        most_megabytes=10, expiring_days=7, by=by,
    )  # fmt: skip
    send_test(address="mareike@nordlicht.example", by=by)
    send_mail(ending=Event())
    if MailSettings.objects.current().tested_at is None:
        return
    switch_kinds(switched_on=_KINDS, by=by)
    latest = Invoice.objects.filter(status=Invoice.Status.UNPAID, client__email__contains="@", e_invoice="")
    for invoice in latest.select_related("client").order_by("-pk")[:_INVOICES]:
        send_document(kind=MailKind.INVOICE, subject_id=invoice.pk, label=invoice.label, client=invoice.client, by=by)
    send_mail(ending=Event())
