"""What an invoice of another system came to there: figures and lines as they stood, which need not add up."""

import pgtrigger
from django.db import models
from djmoney.money import Money

from billing_admin.db.append_only import AppendOnly
from billing_admin.db.keys import SameAs
from billing_admin.db.triggers import IMPORTING, MERGING, frozen, never_deleted, refuse
from billing_admin.money.fields import CurrencyField, MoneyField
from clients.models import Client

from .invoice import Invoice

_STAYS = "What an invoice came to in another system stays as it was."
_FIGURES = ("invoice_id", "status", "subtotal", "tax", "tax2", "tax_rate", "tax2_rate", "credit", "total", "paid")
_LINE = ("invoice_id", "position", "description", "amount", "taxed")
_INVOICES = AppendOnly("invoices_importedinvoice", fixed=("id", "currency", *_FIGURES), emptied="''")
_LINES = AppendOnly("invoices_importedline", fixed=("id", "currency", *_LINE), emptied="''")


def _triggers(rows: AppendOnly, *columns: str) -> tuple[pgtrigger.Trigger, ...]:
    return (
        frozen("append_only", *columns, text=_STAYS),
        frozen("stays_with_client", "client_id", text=f"{_STAYS} Only a merge moves it.", unless=MERGING),
        never_deleted("never_deleted", text=_STAYS),
        pgtrigger.Trigger(
            name="imported_by_import",
            operation=pgtrigger.Insert,
            when=pgtrigger.Before,
            condition=pgtrigger.Condition(f"(({IMPORTING}) IS NOT TRUE)"),
            func=refuse("Only an import says this."),
        ),
        rows.write_down,
    )


def says_more(status: str) -> bool:
    """Whether a status of another system says more of an open invoice than that it is unpaid, as Collections does."""
    return status.strip().lower() not in ("", "unpaid", "overdue")


class ImportedInvoice(models.Model):
    """The figures of an imported invoice as its system had them; `total` is net of `credit` where it was so there.

    `status` is in the words of that system. `paid` is what came in for it less what went out, by that system's rows.
    """

    invoice = models.OneToOneField(Invoice, models.PROTECT, related_name="imported", db_constraint=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_constraint=False)
    currency = CurrencyField()
    status = models.TextField(blank=True)
    subtotal = MoneyField()
    tax = MoneyField()
    tax2 = MoneyField()
    tax_rate = models.DecimalField(max_digits=10, decimal_places=3)
    tax2_rate = models.DecimalField(max_digits=10, decimal_places=3)
    credit = MoneyField()
    total = MoneyField()
    paid = MoneyField()

    rows = _INVOICES

    class Meta:
        default_permissions = ()
        constraints = (
            SameAs(
                name="imported_of_its_invoice",
                fields=("invoice", "client", "currency"),
                to="invoices.Invoice",
                to_fields=("id", "client", "currency"),
            ),
        )
        triggers = _triggers(_INVOICES, "currency", *_FIGURES)

    def __str__(self) -> str:
        return f"{self.status} {self.total}"

    @property
    def all_tax(self) -> Money:
        """Both taxes."""
        return self.tax + self.tax2

    @property
    def adds_up(self) -> bool:
        """Whether subtotal and tax come to its total, with the credit that was applied or without."""
        return self.subtotal + self.all_tax in (self.total, self.total + self.credit)


class ImportedLine(models.Model):
    """A line of an imported invoice that had ended, as its system had it; its amount may be negative."""

    invoice = models.ForeignKey(
        Invoice, models.PROTECT, related_name="imported_lines", db_index=False, db_constraint=False
    )
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_constraint=False)
    currency = CurrencyField()
    position = models.PositiveIntegerField()
    description = models.TextField(blank=True)
    amount = MoneyField()
    taxed = models.BooleanField(default=False)

    rows = _LINES

    class Meta:
        default_permissions = ()
        constraints = (
            SameAs(
                name="imported_line_of_its_invoice",
                fields=("invoice", "client", "currency"),
                to="invoices.Invoice",
                to_fields=("id", "client", "currency"),
            ),
            models.UniqueConstraint(fields=("invoice", "position"), name="imported_line_position_once"),
        )
        triggers = _triggers(_LINES, "currency", *_LINE)

    def __str__(self) -> str:
        return self.description
