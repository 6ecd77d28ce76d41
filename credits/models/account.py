"""A client's balance in one currency."""

from decimal import Decimal

from django.db import models
from django.db.models import ExpressionWrapper, GeneratedField, Q

from billing_admin.db.functions import exact_places
from billing_admin.db.triggers import MERGING, frozen, kept_by_trigger
from billing_admin.money.fields import CurrencyField, MoneyField
from clients.models import Client


class CreditAccount(models.Model):
    """balance = Σ entries = Σ remaining of the grants, never below zero; moved only by the ledger's trigger.

    The balance changes in every invoice run. So it has a narrow table of its own, without an index on it, and the wide
    row of the client is not rewritten.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="credit_accounts", db_index=False)
    currency = CurrencyField()
    balance = MoneyField(default=Decimal(0))
    is_open = GeneratedField(
        expression=ExpressionWrapper(Q(balance__gt=0), output_field=models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        default_permissions = ()
        permissions = (
            ("view_credit", "See credit"),
            ("add_credit", "Give credit"),
            ("give_bulk_credit", "Give bulk credit"),
            ("grant_paid_credit", "Give paid credit without a payment"),
            ("adjust_balance", "Set a credit balance by hand"),
            ("apply_credit", "Apply credit to invoices and take it off"),
            ("remove_credit", "Remove credit and take it back"),
            ("reverse_credit", "Reverse entries of credit"),
            ("edit_credit", "Edit a credit's description, expiry and priority"),
            ("transfer_credit", "Transfer credit between clients"),
        )
        constraints = (
            models.UniqueConstraint(fields=("client", "currency"), name="one_credit_account_per_currency"),
            models.UniqueConstraint(fields=("id", "client", "currency"), name="credit_account_of_one_client"),
            models.CheckConstraint(name="credit_balance_not_negative", condition=Q(balance__gte=0)),
            exact_places("credit_account_places", "balance"),
        )
        indexes = (models.Index(fields=("currency", "id"), name="credit_account_open", condition=Q(is_open=True)),)
        triggers = (
            frozen("one_currency", "id", "currency", text="The currency of a credit account never changes."),
            frozen("stays_with_client", "client_id", text="A credit account moves only by a merge.", unless=MERGING),
            *kept_by_trigger("ledger", "balance", text="A balance follows the ledger; insert a credit entry instead."),
        )

    def __str__(self) -> str:
        return f"{self.balance}"
