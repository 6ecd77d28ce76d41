"""The test message of Settings, and texts that are tried out."""

from django.conf import settings
from django.utils import timezone

from billing_admin.documents.languages import day_in
from billing_admin.mail.letters import sender_of
from billing_admin.mail.words import example
from clients.models import Client, MailMessage, MailSettings
from clients.selectors.mail import company_name
from clients.selectors.mail_texts import text_asked

from .said import Said, Withheld


def say(message: MailMessage, client: Client | None, language: str) -> Said:
    """From whom it comes, and on which way; or a text that is tried out, with examples in its places."""
    asked = message.data
    tried = text_asked(asked["kind"], asked.get("level", "0"), asked["language"]) if asked else None
    if tried:
        return Said(example(tried.kind, tried.language, company_name(), tried.level), text=tried)
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
