"""Where mail goes without a mail server: into a mailbox here, which a page shows."""

import re
from collections.abc import Sequence
from datetime import timedelta
from email.policy import SMTP

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction as db_transaction
from django.utils import timezone

from clients.models import MailboxMail, MailMessage

_MOST, _DAYS = 2_000, 30
_OF_MESSAGE = re.compile(r"<mail\.(\d{1,18})\.")


class EmailBackend(BaseEmailBackend):
    """Keeps each mail as it would have been sent, for each of its recipients."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for email in email_messages:
            raw = email.message(policy=SMTP).as_bytes()
            found = _OF_MESSAGE.match(email.extra_headers.get("Message-ID", ""))
            message = MailMessage.objects.filter(pk=int(found[1])).first() if found else None
            if found and message is None:
                continue  # it was deleted with its client meanwhile, of whom nothing is kept
            if message and message.is_secret:
                continue  # its link is for the reader alone
            for address in email.recipients():
                MailboxMail.objects.create(
                    client_id=message.client_id if message else None,
                    message_id=message.pk if message else None,
                    address=address[:254],
                    subject=" ".join(str(email.subject).split())[:300],
                    raw=raw,
                )
        return len(email_messages)

    def close(self) -> None:
        """Whoever sends ends with this: so no run fills the disk before the night."""
        forget_mailbox()


def forget_mailbox() -> int:
    """Forget what is older than a month or beyond the newest two thousand; returns how many went."""
    old = timezone.now() - timedelta(days=_DAYS)
    with db_transaction.atomic():
        newest = MailboxMail.objects.order_by("-pk").values("pk")[_MOST : _MOST + 1]
        gone, _rows = MailboxMail.objects.filter(at__lt=old).delete()
        if last := list(newest):
            gone += MailboxMail.objects.filter(pk__lte=last[0]["pk"]).delete()[0]
    return gone
