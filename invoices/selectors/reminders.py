"""Which invoices a reminder is due for, of which level, and why others get none."""

import datetime
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from djmoney.money import Money

from billing_admin.db.days import LAST_YEAR, start_of
from clients.models import Client, Contact, ContactRole, MailMessage
from clients.models.mail.kinds import MailKind
from invoices.models import Invoice, ReminderHold, ReminderLevel

State = MailMessage.State
# What went out, as far as anybody knows: the next one comes so many days after it.
WENT_OUT = (State.SENT, State.PERHAPS_SENT, State.BOUNCED)
ON_ITS_WAY = (State.WAITING, State.SENDING)
# Of one that is on its way later than any day: in one look at the messages, which no join makes a slow one of.
_WENT_AT = Case(
    When(state__in=ON_ITS_WAY, then=Value(start_of(datetime.date(LAST_YEAR, 1, 1)))),
    default=Coalesce("sent_at", "claimed_at"),
)
_IN_WAVES = RawSQL("SELECT unnest(subject_ids) FROM clients_mailwave WHERE kind = %s", [MailKind.REMINDER])


class LeftOut(TextChoices):
    """Why an invoice that is overdue for long enough is not reminded of."""

    INACTIVE = "inactive", "The client is not active"
    EXEMPT = "exempt", "The client’s group is exempt"
    HELD = "held", "A payment is announced, or it is disputed"
    PAUSED = "paused", "The client’s reminders are paused"
    NO_MAIL = "no_mail", "The client gets no mail"
    NO_ADDRESS = "no_address", "There is no e-mail address"

    @property
    def in_short(self) -> str:
        """As behind a number of invoices: `3 paused`."""
        return self.value.replace("_", " ")


class Part(NamedTuple):
    """How many invoices of one level and currency."""

    level: int
    currency: str
    number: int


class FeeDue(NamedTuple):
    """What a reminder costs; or nothing, and why where that is not how its level is set."""

    amount: Money
    why_none: str = ""


def reminders_due(as_of: datetime.date) -> "QuerySet[Any, Any]":
    """The invoices that a reminder goes out for on that day, each with its `reminder_level`; the longest due first.

    One statement beside the levels, however many there are.
    """
    return _ready(as_of).filter(left_out="")


def reminders_left_out(as_of: datetime.date) -> "QuerySet[Any, Any]":
    """Those that one would go out for, but for what `left_out` says, a `LeftOut`."""
    return _ready(as_of).exclude(left_out="")


def reminders_in_parts(as_of: datetime.date) -> tuple[list[Part], Counter[LeftOut]]:
    """How many are due by level and currency, and how many are left out and why; one statement."""
    rows = _ready(as_of).order_by().values_list("left_out", "reminder_level", "currency").annotate(number=Count("pk"))
    parts, others = [], Counter[LeftOut]()
    for left_out, level, currency, number in rows.order_by("reminder_level", "currency"):
        if left_out:
            others[LeftOut(left_out)] += number
        else:
            parts.append(Part(level, currency, number))
    return parts, others


def reminder_fee(level: ReminderLevel, invoice: Invoice, client: Client) -> FeeDue:
    """What a reminder of this level costs the client.

    A fee is outside the scope of tax, and EN 16931 lets such a line stand beside no other: who needs an e-invoice has
    none.
    """
    fee = level.fee(invoice.currency)
    if fee.amount and client.e_invoice:
        return FeeDue(
            Money(0, invoice.currency),
            "No fee: the client needs an e-invoice, on which what is outside the scope of tax cannot stand.",
        )
    return FeeDue(fee)


def open_holds(invoice: Invoice, on: datetime.date) -> "QuerySet[ReminderHold]":
    """The marks that stop reminders of an invoice on that day."""
    return ReminderHold.objects.filter(_holds(on), invoice=invoice).order_by("pk")


def _ready(as_of: datetime.date) -> "QuerySet[Any, Any]":
    """Overdue for long enough for its next level, and reminded of long enough ago."""
    levels = ReminderLevel.objects.prefetch_related("exempt_groups").in_force()
    steps = list(_steps(levels))
    said = MailMessage.objects.filter(kind=MailKind.REMINDER, subject_id=OuterRef("pk")).order_by().values("kind")
    reached = said.exclude(state=State.WITHHELD).annotate(level=Max("level")).values("level")
    went = said.filter(state__in=[*WENT_OUT, *ON_ITS_WAY]).annotate(at=Max(_WENT_AT)).values("at")
    late_enough = Q(pk__in=[])
    for step in steps:
        gap = datetime.timedelta(days=step.gap - 1)
        its_turn = Q(reached=step.after, due_on__lte=as_of - datetime.timedelta(days=step.level.days))
        late_enough |= its_turn & Q(Q(last_reminded_at=None) | Q(last_reminded_at__lt=start_of(as_of - gap)))
    if not steps:
        return Invoice.objects.annotate(reminder_level=Value(0), left_out=Value("")).none()
    first = min(step.level.days for step in steps)
    return (
        Invoice.objects.filter(status=Invoice.Status.UNPAID, due_on__lte=as_of - datetime.timedelta(days=first))
        .annotate(
            reached=Coalesce(Subquery(reached, output_field=IntegerField()), 0),
            last_reminded_at=Subquery(went),
        )
        .filter(late_enough)
        .exclude(pk__in=_IN_WAVES)
        .annotate(
            reminder_level=Case(
                *(When(reached=step.after, then=Value(step.level.level)) for step in steps),
                output_field=IntegerField(),
            ),
        )
        .annotate(left_out=_left_out(as_of, steps))
        .order_by("due_on", "pk")
    )  # fmt: skip


class _Step(NamedTuple):
    """What comes after the highest level so far, and how many days after it at least."""

    after: int
    level: ReminderLevel
    gap: int


def _steps(levels: list[ReminderLevel]) -> "Iterator[_Step]":
    """From each level to the next that goes out: those that are switched off are passed over."""
    days = {0: 0} | {level.level: level.days for level in levels}
    for after in days:
        following = next((level for level in levels if level.level > after and level.is_on), None)
        if following:
            yield _Step(after, following, max(1, following.days - days[after]))


def _left_out(as_of: datetime.date, steps: list[_Step]) -> Case:
    exempt = Q(pk__in=[])
    for step in steps:
        if groups := _exempt_groups(step.level):
            exempt |= Q(reached=step.after, client__group_id__in=groups)
    contacts = Contact.objects.filter(
        client=OuterRef("client"), roles__contains=[ContactRole.RECEIVES_REMINDERS]
    ).exclude(email="")
    return Case(
        When(~Q(client__status=Client.Status.ACTIVE), then=Value(LeftOut.INACTIVE)),
        When(exempt, then=Value(LeftOut.EXEMPT)),
        When(Exists(ReminderHold.objects.filter(_holds(as_of), invoice=OuterRef("pk"))), then=Value(LeftOut.HELD)),
        When(client__reminders_paused_until__gte=as_of, then=Value(LeftOut.PAUSED)),
        When(client__no_mail=True, then=Value(LeftOut.NO_MAIL)),
        When(Q(client__email="") & ~Exists(contacts), then=Value(LeftOut.NO_ADDRESS)),
        default=Value(""),
        output_field=CharField(),
    )


def _exempt_groups(level: ReminderLevel) -> list[int]:
    return level.figures["exempt_groups"]


def _holds(on: datetime.date) -> Q:
    return Q(Q(until=None) | Q(until__gte=on), lifted_at=None)
