"""Reminders of what is not paid: their levels, the marks that stop them for an invoice, and the fees of those sent."""

import datetime
from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from djmoney.money import Money

from billing_admin.db.functions import search_of_typed
from billing_admin.db.keys import SameAs
from billing_admin.db.triggers import MERGING, frozen, note_frozen, refuse
from billing_admin.mail.words import REMINDER_LEVELS
from billing_admin.money.fields import CurrencyField
from billing_admin.text import with_note
from clients.models import Client, ClientGroup

from .billable_item import BillableItem
from .invoice import Invoice

_DAYS_AS_DELIVERED = (7, 21, 35)
LONGEST_DAYS = 1_000

_DAYS_GROW = f"""
    IF EXISTS (SELECT FROM invoices_reminderlevel lower JOIN invoices_reminderlevel higher
               ON higher.level > lower.level AND higher.days <= lower.days) THEN
        {refuse("A reminder of a higher level goes out later than those below it.")}
    END IF;
    RETURN NULL;
"""


class ReminderLevelQuerySet(models.QuerySet["ReminderLevel"]):
    def in_force(self) -> "list[ReminderLevel]":
        """All levels in their order; as delivered where nobody ever changed them. One statement."""
        stored = {level.level: level for level in self.all()}
        return [
            stored.get(level) or ReminderLevel(level=level, days=_DAYS_AS_DELIVERED[level - 1])
            for level in range(1, REMINDER_LEVELS + 1)
        ]

    def of(self, level: int) -> "ReminderLevel":
        """One of them; a level that there is not is the nearest."""
        return self.in_force()[min(max(level, 1), REMINDER_LEVELS) - 1]


class ReminderLevel(models.Model):
    """When a reminder goes out, what it costs, and which groups of clients get none of it.

    `fees` has an amount per currency, as text so that JSON keeps every cent; in others it costs nothing.
    """

    level = models.PositiveSmallIntegerField(primary_key=True)
    days = models.PositiveSmallIntegerField("days after it is due")
    is_on = models.BooleanField("goes out", default=True, db_default=True)
    fees = models.JSONField(default=dict, db_default={}, blank=True)
    exempt_groups = models.ManyToManyField(ClientGroup, blank=True, related_name="+")

    objects = ReminderLevelQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = (("change_reminderlevel", "Set when reminders go out, and their fees"),)
        constraints = (
            models.CheckConstraint(name="reminder_level", condition=Q(level__gte=1, level__lte=REMINDER_LEVELS)),
            models.CheckConstraint(name="reminder_days", condition=Q(days__gte=1, days__lte=LONGEST_DAYS)),
        )
        triggers = (
            pgtrigger.Trigger(
                name="days_grow",
                level=pgtrigger.Statement,
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.After,
                func=_DAYS_GROW,
            ),
        )

    def __str__(self) -> str:
        return f"Reminder {self.level}"

    @property
    def figures(self) -> dict[str, Any]:
        """How it is set, the fees as amounts and the groups by their ids; those of a level that is stored are read."""
        stored = not self._state.adding
        return {
            "days": self.days,
            "is_on": self.is_on,
            "fees": {currency: Decimal(amount) for currency, amount in self.fees.items()},
            "exempt_groups": sorted(group.pk for group in self.exempt_groups.all()) if stored else [],
        }

    def fee(self, currency: str) -> Money:
        """What a reminder of this level costs in a currency; nothing where that is not set."""
        return Money(Decimal(self.fees.get(currency, 0)), currency)


class ReminderHold(models.Model):
    """Why an invoice is not reminded of: its payment was announced, it is disputed, or the system that it was imported
    from still reminds of it until staff switch over.

    `said_on` is the day that the client said so, `until` the last day that an announced payment is waited for. `note`
    is the reason that staff typed. It holds until `lifted_at`; `currency` is there for the key to its invoice.
    """

    class Kind(models.TextChoices):
        ANNOUNCED = "announced", "Payment announced"
        DISPUTED = "disputed", "Disputed"
        IMPORTED = "imported", "Still reminded of by the system it came from"

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="reminder_holds", db_index=False, db_constraint=False
    )
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, related_name="reminder_holds", db_index=False, db_constraint=False
    )
    currency = CurrencyField()
    kind = models.CharField(max_length=10, choices=Kind)
    said_on = models.DateField()
    until = models.DateField(null=True, blank=True)
    note = models.CharField("reason", max_length=500, blank=True, default="", db_default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    created_by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True)
    lifted_by_name = models.CharField(max_length=150, blank=True, default="", db_default="")

    class Meta:
        default_permissions = ()
        permissions = (("add_reminderhold", "Mark invoices as payment announced or disputed, and lift that"),)
        constraints = (
            SameAs(
                name="reminder_hold_of_its_invoice",
                fields=("invoice", "client", "currency"),
                to="invoices.Invoice",
                to_fields=("id", "client", "currency"),
            ),
            models.UniqueConstraint(
                fields=("invoice", "kind"), name="reminder_hold_once", condition=Q(lifted_at__isnull=True)
            ),
            models.CheckConstraint(
                name="reminder_hold_kind", condition=Q(kind__in=["announced", "disputed", "imported"])
            ),
            models.CheckConstraint(
                name="reminder_hold_until",
                condition=Q(until=None) | Q(kind="announced", until__gte=F("said_on")),
            ),
            models.CheckConstraint(
                name="reminder_hold_lifted",
                condition=Q(lifted_at=None) | ~Q(lifted_by_name=""),
            ),
        )
        indexes = (
            models.Index(fields=("invoice", "-id"), name="reminder_hold_of_invoice"),
            models.Index(fields=("client", "-id"), name="reminder_hold_of_client"),
            models.Index(
                fields=("created_by",), name="reminder_hold_by_creator", condition=Q(created_by__isnull=False)
            ),
            search_of_typed("note", name="reminder_hold_by_note"),
            models.Index(
                fields=("id",), name="reminder_hold_imported", condition=Q(kind="imported", lifted_at__isnull=True)
            ),
        )
        triggers = (
            frozen(
                "stays_as_said", "invoice_id", "currency", "kind", "said_on", "until", "created_by_name", "created_at",
                text="What was said of an invoice stays; lift it and say something else.",
            ),
            note_frozen(),
            frozen(
                "stays_with_client", "client_id", text="A mark moves to another client only by a merge.",
                unless=MERGING,
            ),
            frozen(
                "lifted_once", "lifted_at", "lifted_by_name", text="What was lifted stays lifted.",
                unless="OLD.lifted_at IS NULL",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def words(self) -> str:
        """What it says: what was announced or disputed, and the reason that was typed."""
        return with_note(self.get_kind_display(), self.note)

    def holds_on(self, day: datetime.date) -> bool:
        """Whether no reminder goes out on that day because of it."""
        return self.lifted_at is None and (self.until is None or self.until >= day)


class ReminderFee(models.Model):
    """That a billable item is the fee of a reminder: one for each invoice and level. It goes with the item."""

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="reminder_fees", db_index=False, db_constraint=False
    )
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, related_name="reminder_fees", db_index=False, db_constraint=False
    )
    currency = CurrencyField()
    level = models.PositiveSmallIntegerField()
    item = models.OneToOneField(BillableItem, models.CASCADE, related_name="reminder_fee")
    booked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = (
            SameAs(
                name="reminder_fee_of_its_invoice",
                fields=("invoice", "client", "currency"),
                to="invoices.Invoice",
                to_fields=("id", "client", "currency"),
            ),
            models.UniqueConstraint(fields=("invoice", "level"), name="reminder_fee_once"),
            models.CheckConstraint(name="reminder_fee_level", condition=Q(level__gte=1, level__lte=REMINDER_LEVELS)),
        )
        indexes = (models.Index(fields=("client", "-id"), name="reminder_fee_of_client"),)
        triggers = (
            frozen(
                "stays_as_booked", "invoice_id", "currency", "level", "item_id", "booked_at",
                text="The fee of a reminder stays as it was booked.",
            ),
            frozen(
                "stays_with_client", "client_id", text="A fee moves to another client only by a merge.", unless=MERGING
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"Fee of reminder {self.level}"
