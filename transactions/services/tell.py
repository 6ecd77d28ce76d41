"""Telling clients that their money has arrived."""

import datetime
from collections.abc import Sequence

from django.utils import timezone

from billing_admin.actor import Actor
from clients.models import MailMessage

# Nobody is told of what arrived before: it comes with an old file, or a takeover from another system.
NEWS_FOR = datetime.timedelta(days=7)


def tell_of_payments(ids: Sequence[int], on: datetime.date, *, by: Actor) -> None:
    """Have the client told of money that came in on that day, unless it is no news any more."""
    if on >= timezone.localdate() - NEWS_FOR:
        MailMessage.objects.queue("payment", ids, by=by)
