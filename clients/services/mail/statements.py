"""Statements of account for many clients at once."""

import datetime
from collections.abc import Iterable
from itertools import batched

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.text import pluralize
from clients.models import Activity, Client, MailMessage, MailSettings
from clients.models.mail.kinds import MailKind
from clients.selectors.statements import why_no_period

_AT_ONCE = 1_000


def why_no_statements(first: datetime.date, last: datetime.date) -> str:
    """Why none is sent for this period; nothing where they can be."""
    if why := why_no_period(first, last):
        return why
    if not MailSettings.objects.current().sends(MailKind.STATEMENT):
        return "Statements are switched off in Settings → Mail."
    return ""


def send_statements(*, ids: Iterable[int], first: datetime.date, last: datetime.date, by: Actor) -> int:
    """Have each of these clients sent a statement of the period, once however often it is asked for.

    A thousand at a time, each in a transaction. Returns how many were put into the outbox.

    Raises BusinessError.
    """
    if why := why_no_statements(first, last):
        raise BusinessError(why)
    queued = 0
    for some in batched(ids, _AT_ONCE):
        queued += _queue(list(some), first, last, by)
    return queued


@db_transaction.atomic
def _queue(ids: list[int], first: datetime.date, last: datetime.date, by: Actor) -> int:
    there = Client.objects.lock_ids(ids)
    about = MailMessage.objects.filter(kind=MailKind.STATEMENT, subject_id__in=there).exclude(state="withheld")
    part = f"{first} {last}"
    had = set(about.filter(key__contains=part).values_list("subject_id", flat=True))
    new = [pk for pk in there if pk not in had]
    MailMessage.objects.queue(MailKind.STATEMENT, new, by=by, data={"first": str(first), "last": str(last)}, part=part)
    if new:
        what = f"{pluralize(len(new), 'statement')} from {first:%-d %b %Y} to {last:%-d %b %Y} put in to be sent"
        Activity.objects.record(by=by, client=None, verb="statements.sent", summary=what)
    return len(new)
