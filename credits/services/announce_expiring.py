"""Telling clients of credit that is about to expire."""

import datetime
from itertools import batched

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from clients.models import Client, MailMessage, MailSettings
from clients.models.mail.kinds import MailKind
from credits.models import CreditGrant

_AT_ONCE = 1_000


def announce_expiring(*, as_of: datetime.date, by: Actor) -> int:
    """Have the clients told whose credit expires within the days of Settings, once for each credit.

    Returns how many credits they are told of; none while such mail is switched off.
    """
    settings = MailSettings.objects.current()
    if not settings.sends(MailKind.EXPIRING):
        return 0
    told = MailMessage.objects.filter(kind=MailKind.EXPIRING).exclude(state="withheld").values("subject_id")
    last = as_of + datetime.timedelta(days=settings.expiring_days)
    expiring = CreditGrant.objects.filter(is_open=True, expires_on__gte=as_of, expires_on__lte=last)
    found = list(expiring.exclude(pk__in=told).order_by("pk").values_list("pk", "client_id"))
    return sum(_queue([pk for pk, _ in some], {owner for _, owner in some}, by) for some in batched(found, _AT_ONCE))


@db_transaction.atomic
def _queue(ids: list[int], owners: set[int], by: Actor) -> int:
    Client.objects.lock_ids(owners)
    return MailMessage.objects.queue(MailKind.EXPIRING, ids, by=by)
