"""The credit note: it corrects an issued invoice, which itself never changes."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, GeneratedField, Q, TextField
from django.utils import timezone
from djmoney.money import Money

from billing_admin.db.functions import DocumentLabel, exact_places
from billing_admin.db.triggers import MERGING, frozen, never_deleted, refuse
from billing_admin.money.fields import CurrencyField, MoneyField
from clients.models import Client

from .invoice import Invoice
from .invoice_triggers import settle_sql
from .line import InvoiceLine
from .seller import SellerVersion

_UNCHANGED = "A credit note never changes; issue another document."

_OF_ITS_INVOICE = f"""
    IF EXISTS (SELECT FROM new_notes note LEFT JOIN invoices_invoice invoice ON invoice.id = note.invoice_id
               WHERE invoice.id IS NULL OR invoice.client_id <> note.client_id OR invoice.currency <> note.currency
                  OR invoice.status IN ('draft', 'cancelled')) THEN
        {refuse("A credit note is of an issued invoice, and of its client and currency.")}
    END IF;
"""

_LINES_FIT = f"""
    IF EXISTS (
        SELECT FROM new_lines line
        JOIN invoices_creditnote note ON note.id = line.credit_note_id
        JOIN invoices_invoiceline billed ON billed.id = line.invoice_line_id
        WHERE billed.invoice_id <> note.invoice_id OR line.client_id <> note.client_id
           OR line.currency <> note.currency OR line.tax_rate <> billed.tax_rate
    ) OR EXISTS (
        SELECT FROM (SELECT credit_note_id, count(*) AS lines, sum(amount) AS amount, sum(tax) AS tax
                     FROM new_lines GROUP BY credit_note_id) added
        JOIN invoices_creditnote note ON note.id = added.credit_note_id
        WHERE added.amount <> note.subtotal OR added.tax <> note.tax
           OR added.lines <> (SELECT count(*) FROM invoices_creditnoteline line
                              WHERE line.credit_note_id = added.credit_note_id)
    ) THEN
        {refuse("A credit note has lines of its own invoice, all at once, and its totals are their sums.")}
    END IF;
    IF EXISTS (
        SELECT FROM invoices_invoiceline billed
        JOIN (SELECT invoice_line_id, sum(amount) AS amount, sum(tax) AS tax, sum(quantity) AS quantity
              FROM invoices_creditnoteline
              WHERE invoice_line_id IN (SELECT invoice_line_id FROM new_lines) GROUP BY invoice_line_id) credited
          ON credited.invoice_line_id = billed.id
        WHERE credited.amount > billed.amount OR credited.tax > billed.tax OR credited.quantity > billed.quantity
    ) THEN
        {refuse("No more of a line is credited than it billed.")}
    END IF;
    RETURN NULL;
"""


class CreditNote(models.Model):
    """A correction of one invoice, with a number series of its own and the invoice's name and address.

    It names the company as it was on its own day; what else its document says of the buyer is its invoice's.

    A trigger adds its total to the invoice's `amount_credited`, which lowers what is due.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="credit_notes", db_index=False)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="credit_notes", db_index=False)
    number_prefix = models.CharField(max_length=16, blank=True)
    number = models.PositiveBigIntegerField()
    label = GeneratedField(
        expression=DocumentLabel(F("number_prefix"), F("number")), output_field=TextField(), db_persist=True
    )
    """The number as it is printed, `CN-000123`."""
    issued_on = models.DateField()
    reason = models.CharField(max_length=500)
    seller = models.ForeignKey(
        SellerVersion, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, db_constraint=False
    )
    bill_to_name = models.CharField(max_length=300, blank=True)
    bill_to_address = models.TextField(blank=True)
    bill_to_email = models.CharField(max_length=254, blank=True)
    bill_to_tax_id = models.CharField(max_length=40, blank=True)
    currency = CurrencyField()
    subtotal = MoneyField()
    tax = MoneyField()
    total = MoneyField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        permissions = (("issue_creditnote", "Issue credit notes"),)
        constraints = (
            exact_places("credit_note_places", "subtotal", "tax", "total"),
            models.UniqueConstraint(fields=("number", "number_prefix"), name="credit_note_number_once"),
            models.CheckConstraint(
                name="credit_note_amounts", condition=Q(subtotal__gte=0, tax__gte=0, total__gt=0, number__gt=0)
            ),
            models.CheckConstraint(name="credit_note_total_adds_up", condition=Q(total=F("subtotal") + F("tax"))),
            models.CheckConstraint(name="credit_note_says_why", condition=~Q(reason="")),
        )
        indexes = (
            models.Index(fields=("invoice", "id"), name="credit_note_of_invoice"),
            models.Index(fields=("client", "-id"), name="credit_note_of_client"),
            models.Index(fields=("issued_on", "id"), name="credit_note_by_issue_date"),
            models.Index(fields=("currency", "total", "id"), name="credit_note_by_total"),
            models.Index(fields=("created_by",), name="credit_note_by_creator", condition=Q(created_by__isnull=False)),
        )
        triggers = (
            frozen("one_currency", "currency", text="The currency of a credit note never changes."),
            frozen(
                "issued_frozen", "invoice_id", "number_prefix", "number", "issued_on", "reason", "bill_to_name",
                "bill_to_address", "bill_to_email", "bill_to_tax_id", "subtotal", "tax", "total", "seller_id",
                text=_UNCHANGED,
            ),
            frozen(
                "stays_with_client", "client_id", text="A credit note moves to another client only by a merge.",
                unless=MERGING,
            ),
            never_deleted("never_deleted", text="A credit note is never deleted."),
            pgtrigger.Trigger(
                name="credits_on_insert",
                level=pgtrigger.Statement,
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                referencing=pgtrigger.Referencing(new="new_notes"),
                func=_OF_ITS_INVOICE
                + settle_sql("amount_credited", "SELECT invoice_id, total AS amount FROM new_notes")
                + "RETURN NULL;",
            ),
            # Only a client's deletion gets here.
            pgtrigger.Trigger(
                name="credits_on_delete",
                level=pgtrigger.Statement,
                operation=pgtrigger.Delete,
                when=pgtrigger.After,
                referencing=pgtrigger.Referencing(old="old_notes"),
                func=settle_sql("amount_credited", "SELECT invoice_id, -total AS amount FROM old_notes")
                + "RETURN NULL;",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.label

    @property
    def address_lines(self) -> list[str]:
        """The postal address, a line each, as on its invoice."""
        return self.bill_to_address.splitlines() or self.invoice.address_lines


class CreditNoteLine(models.Model):
    """What of one invoice line is credited: all that is left, a quantity of it, or an amount (then without one)."""

    credit_note = models.ForeignKey(CreditNote, models.CASCADE, related_name="lines", db_index=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    invoice_line = models.ForeignKey(InvoiceLine, models.PROTECT, related_name="credit_note_lines")
    position = models.PositiveIntegerField()
    description = models.CharField(max_length=500)
    quantity = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    currency = CurrencyField()
    tax_rate = models.DecimalField("tax rate, %", max_digits=6, decimal_places=3)
    amount = MoneyField()
    tax = MoneyField()

    class Meta:
        default_permissions = ()
        constraints = (
            exact_places("credit_note_line_places", "amount", "tax"),
            models.UniqueConstraint(fields=("credit_note", "position"), name="credit_note_line_position_once"),
            models.UniqueConstraint(fields=("credit_note", "invoice_line"), name="credit_note_line_once_per_line"),
            models.CheckConstraint(
                name="credit_note_line_amounts", condition=Q(amount__gte=0, tax__gte=0) & ~Q(amount=0, tax=0)
            ),
            models.CheckConstraint(name="credit_note_line_quantity", condition=Q(quantity=None) | Q(quantity__gt=0)),
        )
        triggers = (
            frozen("one_currency", "currency", text="The currency of a credit note's line never changes."),
            frozen(
                "issued_frozen", "credit_note_id", "invoice_line_id", "position", "description", "quantity", "tax_rate",
                "amount", "tax", text=_UNCHANGED,
            ),
            frozen(
                "stays_with_client", "client_id", text="A line moves to another client only by a merge.", unless=MERGING
            ),
            never_deleted("never_deleted", text="The lines of a credit note stay."),
            pgtrigger.Trigger(
                name="no_more_than_billed",
                level=pgtrigger.Statement,
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                referencing=pgtrigger.Referencing(new="new_lines"),
                func=_LINES_FIT,
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.description

    @property
    def gross(self) -> Money:
        """With its tax."""
        return self.amount + self.tax
