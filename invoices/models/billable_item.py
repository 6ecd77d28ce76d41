"""What is going to be billed: once, or again and again."""

import datetime
from decimal import Decimal

from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils import timezone

from billing_admin.db.functions import DueDate, exact_places
from billing_admin.db.triggers import frozen
from billing_admin.money.fields import CurrencyField, MoneyField
from clients.models import Client
from clients.models.client import LONGEST_PO_NUMBER, Exemption


class BillableItemQuerySet(models.QuerySet["BillableItem"]):
    def due_by(self, day: datetime.date | OuterRef) -> "BillableItemQuerySet":
        """What a run as of that day bills, if the client is active."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=F("next_due_on")), next_due_on__lte=day, paused=False)


class BillableItem(models.Model):
    """Something that a client is billed for, once or each cycle.

    Due dates are counted from `starts_on`, never from the last due date: the n-th is `starts_on` + n cycles, so that
    31 January is followed by 28 February and 31 March. `next_due_on` is the date of period `periods_billed` (counted
    from 0) and empty when nothing more is to be billed.

    Without a `tax_rate` the client's usual one is charged; without `tax_included` the system's setting counts; without
    a `po_number` the client's is printed. `tax_category` counts only where the `tax_rate` is 0: why there is no tax.
    `version` counts the changes that staff made. `waits_for_switch`: it came from another system, which still bills it,
    and is paused until staff switch over.
    """

    class Cycle(models.TextChoices):
        ONCE = "once", "Once"
        WEEKLY = "weekly", "Weekly"
        MONTHLY = "monthly", "Monthly"
        QUARTERLY = "quarterly", "Quarterly"
        HALF_YEARLY = "half_yearly", "Half-yearly"
        YEARLY = "yearly", "Yearly"
        TWO_YEARLY = "two_yearly", "Every two years"
        THREE_YEARLY = "three_yearly", "Every three years"

    client = models.ForeignKey(Client, models.PROTECT, related_name="billable_items", db_index=False)
    description = models.CharField(max_length=2000)
    quantity = models.DecimalField(max_digits=12, decimal_places=4, default=Decimal(1))
    unit = models.CharField(max_length=3, default="C62", db_default="C62")
    """What the quantity counts: a code of UNECE recommendation 20."""
    currency = CurrencyField()
    unit_price = MoneyField()
    tax_rate = models.DecimalField("tax rate, %", max_digits=6, decimal_places=3, null=True, blank=True)
    tax_category = models.CharField(max_length=2, choices=Exemption, blank=True, default="", db_default="")
    tax_included = models.BooleanField("price includes tax", null=True, blank=True)
    po_number = models.CharField(
        "purchase-order number", max_length=LONGEST_PO_NUMBER, blank=True, default="", db_default=""
    )
    cycle = models.CharField(max_length=12, choices=Cycle, default=Cycle.ONCE)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    periods_billed = models.PositiveIntegerField(default=0)
    next_due_on = models.DateField(null=True, blank=True)
    paused = models.BooleanField(default=False)
    waits_for_switch = models.BooleanField(default=False, db_default=False)
    import_key = models.CharField(max_length=64, null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=0, db_default=0)

    objects = BillableItemQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = (("add_billableitem", "Add, change and import billable items"),)
        constraints = (
            models.UniqueConstraint(
                fields=("import_key",), name="billable_item_imported_once", condition=Q(import_key__isnull=False)
            ),
            exact_places("billable_item_places", "unit_price"),
            models.CheckConstraint(
                name="billable_item_waits_paused", condition=Q(waits_for_switch=False) | Q(paused=True)
            ),
            models.CheckConstraint(name="billable_item_quantity", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="billable_item_price", condition=Q(unit_price__gte=0)),
            models.CheckConstraint(name="billable_item_tax", condition=Q(tax_rate__gte=0, tax_rate__lte=100)),
            models.CheckConstraint(
                name="billable_item_cycle",
                condition=Q(
                    cycle__in=[
                        "once",
                        "weekly",
                        "monthly",
                        "quarterly",
                        "half_yearly",
                        "yearly",
                        "two_yearly",
                        "three_yearly",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="billable_item_due_is_counted",
                condition=Q(next_due_on=None) | Q(next_due_on=DueDate(F("starts_on"), F("cycle"), F("periods_billed"))),
            ),
            models.CheckConstraint(
                name="billable_item_tax_category", condition=Q(tax_category__in=["", "AE", "E", "O", "Z"])
            ),
            models.CheckConstraint(name="billable_item_unit", condition=Q(unit__regex="^[A-Z0-9]{2,3}$")),
            models.CheckConstraint(name="billable_item_end", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="billable_item_once",
                condition=~Q(cycle="once") | Q(periods_billed=0) | Q(periods_billed=1, next_due_on=None),
            ),
        )
        indexes = (
            models.Index(fields=("client", "-id"), name="billable_item_of_client"),
            models.Index(fields=("next_due_on", "id"), name="billable_item_by_due_date",
                condition=Q(next_due_on__isnull=False),
            ),
            models.Index(fields=("-id",), name="billable_item_paused", condition=Q(paused=True)),
            models.Index(fields=("-id",), name="billable_item_ended", condition=Q(next_due_on__isnull=True)),
            models.Index(fields=("id",), name="billable_item_waiting", condition=Q(waits_for_switch=True)),
            # Most are monthly: those a list finds without an index, and a run has one index less to keep.
            models.Index(fields=("cycle", "-id"), name="billable_item_by_cycle", condition=~Q(cycle="monthly")),
            models.Index(fields=("client", "next_due_on"), name="billable_item_due_by_client",
                condition=Q(next_due_on__isnull=False, paused=False),
            ),
        )  # fmt: skip
        triggers = (frozen("one_currency", "currency", text="The currency of a billable item never changes."),)

    def __str__(self) -> str:
        return self.description
