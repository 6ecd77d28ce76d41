"""The test message of Settings."""

from django.conf import settings
from django.utils import timezone

from billing_admin.documents.languages import day_in
from billing_admin.mail.letters import sender_of
from clients.models import Client, MailMessage, MailSettings

from .said import Said, Withheld


def say(message: MailMessage, client: Client | None, language: str) -> Said:
    """From whom it comes, and on which way."""
    sender = MailSettings.objects.current()
    try:
        shown = sender_of(sender.from_name, sender.from_address)
    except ValueError as error:
        raise Withheld(str(error)) from error
    return Said(
        {
            "day": day_in(timezone.localdate(), language),
            "sender": shown,
            "server": settings.MAIL_PROVIDER or "the mailbox",
        }
    )
