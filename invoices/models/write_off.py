"""What of an issued invoice will not be paid, and what of that was taken back: rows that are only added."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from billing_admin.db.append_only import AppendOnly
from billing_admin.db.functions import exact_places, search_of_typed
from billing_admin.db.keys import SameAs
from billing_admin.db.triggers import MERGING, frozen, never_deleted, note_frozen, refuse
from billing_admin.money.fields import CurrencyField, MoneyField
from billing_admin.text import with_note
from clients.models import Client

from .invoice import Invoice
from .invoice_triggers import settle_sql

# What a row says that takes back what a payment pays.
BY_PAYMENT = "Write-off reversed by a payment"

_OF_WHAT_IS_DUE = f"""
    IF EXISTS (SELECT FROM new_rows written LEFT JOIN invoices_invoice invoice ON invoice.id = written.invoice_id
               WHERE written.amount > 0 AND invoice.status IS DISTINCT FROM 'unpaid') THEN
        {refuse("Only what is due on an unpaid invoice is written off.")}
    END IF;
    IF EXISTS (
        SELECT FROM invoices_writeoff written
        JOIN (SELECT reverses_id, sum(amount) AS amount, array_agg(invoice_id) AS invoices FROM invoices_writeoff
              WHERE reverses_id IN (SELECT reverses_id FROM new_rows) GROUP BY reverses_id) back
          ON back.reverses_id = written.id
        WHERE written.amount < -back.amount OR written.amount < 0 OR written.invoice_id <> ANY (back.invoices)
    ) THEN
        {refuse("No more of a write-off is taken back than was written off, and of its own invoice.")}
    END IF;
"""

_ROWS = AppendOnly(
    "invoices_writeoff",
    fixed=(
        "id", "invoice_id", "currency", "amount", "reverses_id", "description", "created_by_name", "created_at",
    ),
    emptied="note",
)  # fmt: skip


class WriteOff(models.Model):
    """An amount of one invoice that will not be paid. It lowers what is due and is no payment.

    A negative row takes back some of the one that it `reverses`: by hand, or because the money came after all.
    `description` is what we say; `note` is the reason that staff typed.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="write_offs", db_index=False, db_constraint=False)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="write_offs", db_index=False, db_constraint=False)
    currency = CurrencyField()
    amount = MoneyField()
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reversals", db_index=False
    )
    description = models.CharField(max_length=500, blank=True, default="", db_default="")
    note = models.TextField(blank=True, default="", db_default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    created_by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(default=timezone.now)

    rows = _ROWS

    class Meta:
        default_permissions = ()
        constraints = (
            exact_places("write_off_places", "amount"),
            SameAs(
                name="write_off_of_its_invoice",
                fields=("invoice", "client", "currency"),
                to="invoices.Invoice",
                to_fields=("id", "client", "currency"),
            ),
            models.CheckConstraint(
                name="write_off_or_taken_back",
                condition=Q(amount__gt=0, reverses=None) | Q(amount__lt=0, reverses__isnull=False),
            ),
        )
        indexes = (
            models.Index(fields=("invoice", "id"), name="write_off_of_invoice"),
            models.Index(fields=("client", "-id"), name="write_off_of_client"),
            models.Index(fields=("created_at", "id"), name="write_off_by_time"),
            models.Index(fields=("reverses",), name="write_off_taken_back", condition=Q(reverses__isnull=False)),
            models.Index(fields=("created_by",), name="write_off_by_creator", condition=Q(created_by__isnull=False)),
            search_of_typed("note", name="write_off_by_note"),
        )
        triggers = (
            frozen(
                "append_only", "invoice_id", "currency", "amount", "reverses_id", "description", "created_by_name",
                "created_at",
                text="A write-off never changes; take it back with another row.",
            ),
            note_frozen(),
            frozen(
                "stays_with_client", "client_id", text="A write-off moves to another client only by a merge.",
                unless=MERGING,
            ),
            never_deleted("never_deleted", text="A write-off is never deleted; reverse it."),
            _ROWS.write_down,
            pgtrigger.Trigger(
                name="settles_on_insert",
                level=pgtrigger.Statement,
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func=_OF_WHAT_IS_DUE
                + settle_sql("amount_written_off", "SELECT invoice_id, amount FROM new_rows")
                + "RETURN NULL;",
            ),
            # Only a client's deletion gets here.
            pgtrigger.Trigger(
                name="settles_on_delete",
                level=pgtrigger.Statement,
                operation=pgtrigger.Delete,
                when=pgtrigger.After,
                referencing=pgtrigger.Referencing(old="old_rows"),
                func=settle_sql("amount_written_off", "SELECT invoice_id, -amount AS amount FROM old_rows")
                + "RETURN NULL;",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{'Write-off' if self.amount.amount > 0 else 'Write-off reversed'} {self.amount}"

    @property
    def words(self) -> str:
        """What the row says: our words, and the reason that was typed."""
        return with_note(self.description, self.note)
