"""One line of an invoice."""

from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import F, Q
from djmoney.money import Money

from billing_admin.db.functions import exact_places
from billing_admin.db.keys import SameAs
from billing_admin.db.triggers import DELETING, MERGING, changed, frozen, refuse
from billing_admin.money.fields import CurrencyField, MoneyField
from clients.models import Client
from clients.models.client import LONGEST_PO_NUMBER, LONGEST_REASON, Exemption

from .billable_item import BillableItem
from .invoice import Invoice

TAX_CATEGORIES = [("S", "Standard rate"), *Exemption.choices]

_FROZEN = "The lines of an issued invoice never change."


class InvoiceLine(models.Model):
    """quantity × unit price = amount, and its tax: each rounded half-up once, so that lines add up to the invoice.

    Where the price includes tax (`tax_included`), quantity × unit price = amount + tax.

    A line from a billable item names the item and its period (its due date): the pair is unique, so no run bills a
    period twice; `period_end` is the day before the next one. `tax_category` says as what it is taxed, S where there is
    a rate; empty: nobody said why there is none. A line has a `po_number` of its own only where those of one invoice
    differ.
    """

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines", db_index=False, db_constraint=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_constraint=False)
    billable_item = models.ForeignKey(
        BillableItem, models.PROTECT, null=True, blank=True, related_name="lines", db_index=False
    )
    period = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    position = models.PositiveIntegerField()
    description = models.TextField()
    quantity = models.DecimalField(max_digits=12, decimal_places=4, default=Decimal(1))
    unit = models.CharField(max_length=3, default="C62", db_default="C62")
    """What the quantity counts: a code of UNECE recommendation 20."""
    currency = CurrencyField()
    unit_price = MoneyField()
    tax_rate = models.DecimalField("tax rate, %", max_digits=6, decimal_places=3, default=Decimal(0))
    tax_category = models.CharField(max_length=2, choices=TAX_CATEGORIES, blank=True, default="", db_default="")
    tax_reason = models.CharField(max_length=LONGEST_REASON, blank=True, default="", db_default="")
    tax_included = models.BooleanField("price includes tax", default=False, db_default=False)
    amount = MoneyField()
    tax = MoneyField(default=Decimal(0))
    po_number = models.CharField(
        "purchase-order number", max_length=LONGEST_PO_NUMBER, blank=True, default="", db_default=""
    )

    class Meta:
        default_permissions = ()
        constraints = (
            exact_places("invoice_line_places", "unit_price", "amount", "tax"),
            SameAs(
                name="invoice_line_of_its_invoice",
                fields=("invoice", "client", "currency"),
                to="invoices.Invoice",
                to_fields=("id", "client", "currency"),
            ),
            models.UniqueConstraint(fields=("invoice", "position"), name="invoice_line_position_once"),
            models.UniqueConstraint(fields=("billable_item", "period"), name="billed_once_per_period"),
            models.CheckConstraint(
                name="invoice_line_item_has_period",
                condition=Q(billable_item=None, period=None) | Q(billable_item__isnull=False, period__isnull=False),
            ),
            models.CheckConstraint(
                name="invoice_line_period_ends", condition=Q(period_end=None) | Q(period_end__gte=F("period"))
            ),
            models.CheckConstraint(
                name="invoice_line_tax_category",
                condition=Q(tax_category="")
                | Q(tax_category="S", tax_rate__gt=0)
                | Q(tax_category__in=["AE", "E", "O", "Z"], tax_rate=0),
            ),
            models.CheckConstraint(name="invoice_line_unit", condition=Q(unit__regex="^[A-Z0-9]{2,3}$")),
            models.CheckConstraint(name="invoice_line_quantity", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="invoice_line_not_negative", condition=Q(unit_price__gte=0, amount__gte=0, tax__gte=0)
            ),
            models.CheckConstraint(name="invoice_line_tax_rate", condition=Q(tax_rate__gte=0, tax_rate__lte=100)),
        )
        triggers = (
            frozen("one_currency", "currency", text="The currency of an invoice line never changes."),
            frozen(
                "stays_with_client", "client_id", text="A line moves to another client only by a merge.", unless=MERGING
            ),
            # An issued invoice gets all its lines in one statement (that is how a run writes them), or none any more.
            pgtrigger.Trigger(
                name="issued_at_once",
                level=pgtrigger.Statement,
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                referencing=pgtrigger.Referencing(new="new_lines"),
                func=f"""
                    IF EXISTS (
                        SELECT FROM (
                            SELECT invoice_id, count(*) AS lines, sum(amount) AS amount, sum(tax) AS tax
                            FROM new_lines GROUP BY invoice_id
                        ) added
                        LEFT JOIN invoices_invoice invoice ON invoice.id = added.invoice_id
                        WHERE invoice.id IS NULL
                           OR (invoice.status <> 'draft' AND (
                                  added.amount <> invoice.subtotal OR added.tax <> invoice.tax
                                  OR added.lines <> (SELECT count(*) FROM invoices_invoiceline line
                                                     WHERE line.invoice_id = added.invoice_id)))
                    ) THEN
                        {refuse("Lines come with or after their invoice, and an issued one takes no more.")}
                    END IF;
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="issued_unchanged",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    changed(
                        "invoice_id", "billable_item_id", "period", "position", "description", "quantity", "unit_price",
                        "tax_rate", "tax_included", "amount", "tax", "po_number", "period_end", "unit", "tax_category",
                        "tax_reason",
                    )
                ),
                func=f"""
                    IF EXISTS (SELECT FROM invoices_invoice
                               WHERE id IN (OLD.invoice_id, NEW.invoice_id) AND status <> 'draft') THEN
                        {refuse(_FROZEN)}
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="issued_undeleted",
                operation=pgtrigger.Delete,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(f"(({DELETING}) IS NOT TRUE)"),
                func=f"""
                    IF EXISTS (SELECT FROM invoices_invoice WHERE id = OLD.invoice_id AND status <> 'draft') THEN
                        {refuse(_FROZEN)}
                    END IF;
                    RETURN OLD;
                """,
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.description

    @property
    def gross(self) -> Money:
        """With its tax."""
        return self.amount + self.tax
