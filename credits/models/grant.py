"""A lot of credit given at one time for one reason."""

import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, ExpressionWrapper, F, GeneratedField, IntegerField, Q, Value, When
from django.utils import timezone

from billing_admin.db.functions import exact_places, search_of_typed
from billing_admin.db.keys import SameAs
from billing_admin.db.triggers import (
    DELETING_TRANSACTIONS,
    MERGING,
    changed,
    frozen,
    kept_by_trigger,
    never_deleted,
    refuse,
)
from billing_admin.money.fields import CurrencyField, MoneyField
from clients.models import Client
from transactions.models import Transaction

from .account import CreditAccount
from .closed_period import correct_closed_on_delete

# The draw-down order in SQL, for window functions over `grant_`. Fully deterministic; design: priority, expiring
# soonest (never = last), promotional before paid, oldest, id.
DRAW_DOWN_SQL = (
    "grant_.priority, grant_.expires_on NULLS LAST, (grant_.category = 'paid'), grant_.created_at, grant_.id"
)


class CreditGrantQuerySet(models.QuerySet["CreditGrant"]):
    def spendable(self, on: datetime.date) -> "CreditGrantQuerySet":
        """Grants with something left that have not expired by that day. The day of expiry itself still counts."""
        return self.filter(is_open=True).filter(Q(expires_on=None) | Q(expires_on__gte=on))

    def in_draw_down_order(self) -> "CreditGrantQuerySet":
        """The order in which credit is used: the same as DRAW_DOWN_SQL."""
        paid_last = Case(
            When(category=CreditGrant.Category.PAID, then=Value(1)), default=Value(0), output_field=IntegerField()
        )
        return self.order_by("priority", F("expires_on").asc(nulls_last=True), paid_last, "created_at", "id")


class CreditGrant(models.Model):
    """remaining = Σ its entries, between 0 and the amount given; moved only by the ledger's trigger."""

    class Kind(models.TextChoices):
        CREDIT = "credit", "Credit"
        ADJUSTMENT = "adjustment", "Adjustment"
        OVERPAYMENT = "overpayment", "Overpayment"
        REFUND = "refund", "Refund"
        TRANSFER = "transfer", "Transfer"

    class Category(models.TextChoices):
        PROMOTIONAL = "promotional", "Promotional"
        PAID = "paid", "Paid"

    DEFAULT_PRIORITY = 50

    account = models.ForeignKey(
        CreditAccount, models.PROTECT, related_name="grants", db_index=False, db_constraint=False
    )
    client = models.ForeignKey(Client, models.PROTECT, related_name="credit_grants", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.CREDIT)
    category = models.CharField(max_length=12, choices=Category, default=Category.PROMOTIONAL)
    description = models.CharField(max_length=500)
    currency = CurrencyField()
    amount = MoneyField()
    remaining = MoneyField(default=0)
    is_open = GeneratedField(
        expression=ExpressionWrapper(Q(remaining__gt=0), output_field=models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    priority = models.PositiveSmallIntegerField(default=DEFAULT_PRIORITY)
    expires_on = models.DateField(null=True, blank=True)
    listed = models.BooleanField("on the Credits List", default=True)
    transaction = models.ForeignKey(
        Transaction, models.PROTECT, null=True, blank=True, related_name="credit_grants", db_index=False
    )
    file_key = models.CharField(max_length=64, null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(default=timezone.now)

    objects = CreditGrantQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = (
            SameAs(
                name="credit_grant_of_its_account",
                fields=("account", "client", "currency"),
                to="credits.CreditAccount",
                to_fields=("id", "client", "currency"),
            ),
            # What entries refer to; a client's grants are listed by it.
            models.UniqueConstraint(fields=("client", "id", "account", "currency"), name="credit_grant_of_one_client"),
            exact_places("credit_grant_places", "amount", "remaining"),
            models.UniqueConstraint(
                fields=("file_key",),
                name="credit_grant_file_key_once",
                condition=Q(file_key__isnull=False),
            ),
            models.CheckConstraint(name="credit_grant_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="credit_grant_remaining", condition=Q(remaining__gte=0, remaining__lte=F("amount"))
            ),
            models.CheckConstraint(
                name="credit_grant_kind",
                condition=Q(kind__in=["credit", "adjustment", "overpayment", "refund", "transfer"]),
            ),
            models.CheckConstraint(name="credit_grant_category", condition=Q(category__in=["promotional", "paid"])),
            models.CheckConstraint(name="credit_grant_priority", condition=Q(priority__gte=0, priority__lte=1000)),
            models.CheckConstraint(name="credit_grant_says_why", condition=~Q(description="")),
        )
        indexes = (
            models.Index(fields=("account", "id"), name="credit_grant_of_account"),
            search_of_typed("description", name="credit_grant_by_words"),
            # On a column that changes once, not on `remaining`: drawing on a grant then touches no index.
            models.Index(
                fields=("expires_on", "id"),
                name="credit_grant_expiring",
                condition=Q(is_open=True, expires_on__isnull=False),
            ),
            models.Index(fields=("client",), name="credit_grant_open_of_client", condition=Q(is_open=True)),
            models.Index(
                fields=("transaction",), name="credit_grant_of_transaction", condition=Q(transaction__isnull=False)
            ),
        )
        triggers = (
            frozen(
                "given_once", "id", "currency", "amount", "kind", "category", "created_at",
                text="What a grant gave never changes; book an entry instead.",
            ),
            frozen(
                "stays_with_client", "client_id", "account_id", text="A grant moves only by a merge.", unless=MERGING
            ),
            # With a payment that is deleted goes its credit, and none of that has been used.
            pgtrigger.Trigger(
                name="keeps_its_payment",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(changed("transaction_id")),
                func=f"""
                    IF ({DELETING_TRANSACTIONS}) IS NOT TRUE OR NEW.transaction_id IS NOT NULL OR NEW.remaining <> 0
                       OR (SELECT sum(amount) FROM credits_creditentry
                           WHERE grant_id = NEW.id AND kind IN ('apply', 'release', 'transfer')) <> 0 THEN
                        {refuse("A credit keeps the payment that it came from, unless both are taken back unused.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            *kept_by_trigger(
                "ledger", "remaining", text="What remains follows the ledger; insert a credit entry instead."
            ),
            never_deleted("never_deleted", text="A grant is never deleted; take its rest back."),
            correct_closed_on_delete(with_grants=True),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.description

    @property
    def is_money_received(self) -> bool:
        """Whether it is money that came in, for which there is a receipt; what a refund moved here came in before."""
        return self.transaction_id is not None and self.kind in (self.Kind.CREDIT, self.Kind.OVERPAYMENT)
