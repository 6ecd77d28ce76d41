"""Where document numbers come from: gap-free, in issue order."""

import datetime

import pgtrigger
from django.db import models
from django.db.models import Q

from billing_admin.db.limits import LOCKED, lock_advisory
from billing_admin.db.triggers import IMPORTING, frozen, refuse

from .numbers_ahead import GATE, NumbersAhead, take_ahead


class Document(models.TextChoices):
    """What is numbered. Each kind has numbers of its own."""

    INVOICE = "invoice", "Invoice"
    CREDIT_NOTE = "credit_note", "Credit note"


# In a prefix, this stands for the year of issue, so that each year has a series of its own.
YEAR = "{year}"

DEFAULT_PREFIXES = {Document.INVOICE: "INV-", Document.CREDIT_NOTE: "CN-"}


def document_label(prefix: str, number: int) -> str:
    """A number as it is printed, `INV-000123`."""
    return f"{prefix}{number:06d}"


class NumberFormatManager(models.Manager["NumberFormat"]):
    def prefix_of(self, document: Document) -> str:
        """What stands before the numbers of this kind, with `{year}` where it depends on the year."""
        stored = self.filter(document=document).values_list("prefix", flat=True).first()
        return DEFAULT_PREFIXES[document] if stored is None else stored

    def prefix_on(self, document: Document, on: datetime.date) -> str:
        """What stands before the number of a document issued on that day."""
        return self.prefix_of(document).replace(YEAR, str(on.year))


class NumberFormat(models.Model):
    """What stands before the numbers of one kind of document; no row while it is as delivered."""

    document = models.CharField(max_length=20, primary_key=True, choices=Document)
    prefix = models.CharField(max_length=18, blank=True)

    objects = NumberFormatManager()

    class Meta:
        default_permissions = ()
        permissions = (("change_numbering", "Set how documents are numbered"),)
        constraints = (
            models.CheckConstraint(name="number_format_document", condition=Q(document__in=Document.values)),
            # A digit before the number would make two numbers read the same: 1 + 000001 and 10 + 000001.
            models.CheckConstraint(
                name="number_format_ends_without_digit", condition=~Q(prefix__regex=r"([0-9]|\{year\})$")
            ),
        )

    def __str__(self) -> str:
        return f"{self.prefix}000001"


# Who waited for the gate counts on from what those before left, although the statement began before that.
_TAKE = f"""
    WITH format AS (
        SELECT replace(
            coalesce((SELECT prefix FROM invoices_numberformat WHERE document = %(document)s), %(delivered)s),
            %(year)s, %(of_issue)s
        ) AS prefix
    ), passed AS MATERIALIZED (SELECT prefix FROM format WHERE {LOCKED})
    INSERT INTO invoices_numberseries AS series (document, prefix, next_number)
    SELECT %(document)s, prefix, 1 + %(count)s FROM passed
    ON CONFLICT (document, prefix) DO UPDATE SET next_number = series.next_number + %(count)s
    RETURNING prefix, next_number - %(count)s
"""


class NumberSeriesManager(models.Manager["NumberSeries"]):
    def take(self, document: Document, count: int, on: datetime.date) -> tuple[str, int]:
        """Take the next `count` numbers for documents issued on that day; return the prefix and the first of them.

        Gap-free: nobody else numbers until this transaction ends, and a rollback gives the numbers back. So take them
        late.

        Raises Busy, only in a request.
        """
        parameters = {
            "gate": f"{GATE}{document} ",
            "document": document,
            "delivered": DEFAULT_PREFIXES[document],
            "year": YEAR,
            "of_issue": str(on.year),
            "count": count,
        }
        busy = "Others are numbering documents at this moment; nothing was done. Try again in a moment."
        prefix, first = lock_advisory(
            "hashtext(%(gate)s || prefix), 0", parameters, busy, patient=True, statement=_TAKE
        )
        return prefix, first

    def take_ahead(self, document: Document, count: int, on: datetime.date) -> NumbersAhead:
        """Take `count` numbers after those of all who are at work, to be confirmed at the end (`numbers_ahead.py`)."""
        return take_ahead(document, NumberFormat.objects.prefix_on(document, on), count)


class NumberSeries(models.Model):
    """The next number of one kind of document under one prefix."""

    INVOICE = Document.INVOICE
    CREDIT_NOTE = Document.CREDIT_NOTE

    document = models.CharField(max_length=20, choices=Document)
    prefix = models.CharField(max_length=16, blank=True)
    next_number = models.PositiveBigIntegerField(default=1)
    first_number = models.PositiveBigIntegerField(default=1, db_default=1)
    """Where it began: after the numbers of another system that stand under the same prefix."""

    objects = NumberSeriesManager()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "number series"
        constraints = (models.UniqueConstraint(fields=("document", "prefix"), name="one_number_series_per_prefix"),)
        triggers = (
            frozen("first_number_stays", "first_number", text="Where a number series began never changes."),
            pgtrigger.Trigger(
                name="begins_at_its_first",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.first_number <> 1"),
                func=f"""
                    IF NEW.next_number <> NEW.first_number OR ({IMPORTING}) IS NOT TRUE THEN
                        {refuse("Only an import begins a number series after 1, before anything has a number of it.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return document_label(self.prefix, self.next_number)
