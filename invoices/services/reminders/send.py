"""Putting the reminders that are due into the outbox."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import batched

from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.text import pluralize
from clients.models import Activity, Client, MailMessage, MailSettings
from clients.models.mail.kinds import MailKind
from invoices.selectors.reminders import LeftOut, Part, reminders_due, reminders_in_parts

_AT_ONCE = 1_000


@dataclass
class Reminded:
    """How many reminders were put in by level and currency; of how many invoices that were asked for none is due.

    `left_out`: how many others are overdue for long enough, and why none goes out for them.
    """

    queued: Counter[tuple[int, str]] = field(default_factory=Counter)
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    not_due: int = 0

    @property
    def number(self) -> int:
        """All that were put in."""
        return self.queued.total()

    @property
    def parts(self) -> list[Part]:
        """The same by level and currency, in their order."""
        return [Part(level, currency, number) for (level, currency), number in sorted(self.queued.items())]


def why_no_reminders(as_of: datetime.date) -> str:
    """Why none goes out as of this day; nothing where they can."""
    if as_of > timezone.localdate():
        return f"{as_of:%-d %b %Y} is still to come: reminders go out as of today, or of a day before."
    if not MailSettings.objects.current().sends(MailKind.REMINDER):
        return "Reminders are switched off in Settings → Mail."
    return ""


def send_reminders(*, as_of: datetime.date, by: Actor, invoice_ids: Iterable[int] | None = None) -> Reminded:
    """Have the reminders sent that are due, those of `invoice_ids` alone where they are given; each once.

    A thousand at a time, each in a transaction. Whether one is due still is looked at with its client locked, and again
    when it is sent.

    Raises BusinessError where none can go out.
    """
    if why := why_no_reminders(as_of):
        raise BusinessError(why)
    due = reminders_due(as_of)
    wanted = None if invoice_ids is None else set(invoice_ids)
    if wanted is not None:
        due = due.filter(pk__in=wanted)
    found = list(due.values_list("pk", "client_id"))
    outcome = Reminded()
    for some in batched(found, _AT_ONCE):
        outcome.queued += _queue(dict(some), as_of, by)
    if wanted is None:
        outcome.left_out = reminders_in_parts(as_of)[1]
    else:
        outcome.not_due = len(wanted) - outcome.number
    return outcome


@db_transaction.atomic
def _queue(owners: dict[int, int], as_of: datetime.date, by: Actor) -> Counter[tuple[int, str]]:
    Client.objects.lock_ids(owners.values())
    found = list(reminders_due(as_of).filter(pk__in=owners).values_list("pk", "reminder_level", "currency"))
    for level in sorted({level for _, level, _ in found}):
        MailMessage.objects.queue(MailKind.REMINDER, [pk for pk, of, _ in found if of == level], by=by, level=level)
    if found:
        what = f"{pluralize(len(found), 'reminder')} put in to be sent"
        Activity.objects.record(by=by, client=None, verb="reminders.sent", summary=what)
    return Counter((level, currency) for _, level, currency in found)
