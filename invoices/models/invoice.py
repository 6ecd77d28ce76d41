"""The invoice. Once issued it is frozen; what settles it (credit, payments) is kept by triggers of those tables."""

import datetime
from collections.abc import Iterable
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models import DecimalField, F, GeneratedField, Q, TextField, Value
from django.db.models.functions import Coalesce, Upper
from django.utils import timezone
from djmoney.money import Money

from billing_admin.db.days import end_of
from billing_admin.db.functions import DocumentLabel, exact_places
from billing_admin.errors import BusinessError
from billing_admin.money.fields import CurrencyField, MoneyField
from clients.models import Client, CreditUse
from clients.models.client import LONGEST_PO_NUMBER
from clients.models.client_queryset import ClientGone

from .as_issued import AsIssued
from .invoice_triggers import INVOICE_TRIGGERS
from .run import InvoiceRun

_LABEL = Coalesce(DocumentLabel(F("number_prefix"), F("number")), Value("Draft"), output_field=TextField())
_MOVED_BY_NOTHING = {"credit_applied": 0, "amount_credited": 0, "amount_written_off": 0}
_SETTLED = F("credit_applied") + F("amount_paid") + F("amount_credited") + F("amount_written_off")


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def lock_with_client(self, invoice: "Invoice") -> "tuple[Client, Invoice]":
        """Lock the invoice's client, as everything that writes does, and read the invoice as it is now.

        Refused where it was deleted, or a merge has moved it, since it was read.
        """
        client = Client.objects.lock_one(invoice.client_id)
        fresh = self.as_stored(invoice.pk)
        if fresh is None:
            raise BusinessError("This invoice was deleted meanwhile; nothing was done.")
        if fresh.client_id != client.pk:
            raise ClientGone
        fresh.client = client
        return client, fresh

    def as_stored(self, pk: int) -> "Invoice | None":
        """The invoice as it is now; by plain SQL, of which an action needs one or two."""
        return next(iter(self.all_stored([pk])), None)

    def all_stored(self, pks: list[int]) -> "Iterable[Invoice]":
        """The same of several, in no order."""
        return self.raw("SELECT * FROM invoices_invoice WHERE id = ANY(%s)", [pks])

    def overdue(self, on: datetime.date) -> "InvoiceQuerySet":
        """Issued, not paid in full, and past the due date."""
        return self.filter(status=Invoice.Status.UNPAID, due_on__lt=on)

    def drafted_by(self, day: datetime.date) -> "InvoiceQuerySet":
        """Drafts that were made on that day or before it."""
        return self.filter(status=Invoice.Status.DRAFT, created_at__lt=end_of(day))


class Invoice(AsIssued):
    """A bill to one client in one currency.

    total = credit_applied + amount_paid + amount_credited + amount_written_off + balance_due. An issued invoice is
    Unpaid exactly while something is due; then it is Written off where some of it was, else Paid. The four sums are
    moved only by the triggers of the ledger, the transactions, the credit notes and the write-offs, which also switch
    the status. `version` counts the changes that staff made to it.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        UNPAID = "unpaid", "Unpaid"
        PAID = "paid", "Paid"
        CANCELLED = "cancelled", "Cancelled"
        REFUNDED = "refunded", "Refunded"
        WRITTEN_OFF = "writtenoff", "Written off"

    class Origin(models.TextChoices):
        """Where it was made: here; or in another system, where it was open when it came, or had ended.

        One that was open goes on under all rules of ours. One that had ended is shown as it ended, and nothing moves
        it; what it came to there stands in ImportedInvoice. Both keep the number that they had, which is none of ours.
        """

        HERE = "", "Made here"
        OPEN = "open", "Imported open"
        HISTORY = "history", "Imported history"

    client = models.ForeignKey(Client, models.PROTECT, related_name="invoices", db_index=False)
    number_prefix = models.CharField(max_length=16, blank=True)
    number = models.PositiveBigIntegerField(null=True, blank=True)
    label = models.TextField(db_default="Draft")
    """The number as it is printed, `INV-000123`; a draft has none and says so. An imported one has its own there."""
    origin = models.CharField(max_length=7, choices=Origin, blank=True, default="", db_default="")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    issued_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    currency = CurrencyField()
    subtotal = MoneyField(default=Decimal(0))
    tax = MoneyField(default=Decimal(0))
    total = MoneyField(default=Decimal(0))
    credit_applied = MoneyField(default=Decimal(0))
    amount_paid = MoneyField(default=Decimal(0))
    amount_credited = MoneyField(default=Decimal(0))
    amount_written_off = MoneyField(default=Decimal(0), db_default=Decimal(0))
    balance_due = GeneratedField(
        expression=F("total") - F("credit_applied") - F("amount_paid") - F("amount_credited") - F("amount_written_off"),
        output_field=DecimalField(max_digits=18, decimal_places=3),
        db_persist=True,
    )
    credit_use = models.CharField("automatic use of credit", max_length=10, choices=CreditUse, blank=True)
    notes = models.TextField(blank=True)
    po_number = models.CharField(
        "purchase-order number", max_length=LONGEST_PO_NUMBER, blank=True, default="", db_default=""
    )
    version = models.PositiveIntegerField(default=0, db_default=0)
    run = models.ForeignKey(InvoiceRun, models.SET_NULL, null=True, blank=True, related_name="invoices", db_index=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = (
            ("view_invoice", "See invoices"),
            ("issue_invoice", "Create and issue invoices"),
            ("cancel_invoice", "Cancel invoices"),
            ("write_off_invoice", "Write off what will not be paid"),
        )
        constraints = (
            exact_places(
                "invoice_places",
                "subtotal",
                "tax",
                "total",
                "credit_applied",
                "amount_paid",
                "amount_credited",
                "amount_written_off",
            ),
            models.UniqueConstraint(fields=("number", "number_prefix"), name="invoice_number_once"),
            # What lines and ledger entries refer to; a client's invoices are listed by it.
            models.UniqueConstraint(fields=("client", "id", "currency"), name="invoice_of_one_client"),
            models.CheckConstraint(
                name="invoice_status",
                condition=Q(status__in=["draft", "unpaid", "paid", "cancelled", "refunded", "writtenoff"]),
            ),
            models.CheckConstraint(name="invoice_origin", condition=Q(origin__in=["", "open", "history"])),
            models.CheckConstraint(
                name="invoice_label",
                condition=Q(label=_LABEL) | (~Q(origin="") & Q(number=None) & ~Q(label="") & ~Q(status="draft")),
            ),
            models.CheckConstraint(
                name="invoice_history",
                condition=~Q(origin="history")
                | Q(status="paid", amount_paid=F("total"), **_MOVED_BY_NOTHING)
                | Q(status__in=["cancelled", "refunded"], amount_paid=0, **_MOVED_BY_NOTHING),
            ),
            models.CheckConstraint(
                name="invoice_amounts_not_negative", condition=Q(origin="history") | Q(subtotal__gte=0, tax__gte=0)
            ),
            models.CheckConstraint(name="invoice_total_adds_up", condition=Q(total=F("subtotal") + F("tax"))),
            models.CheckConstraint(
                name="invoice_settled_within_total",
                condition=Q(origin="history")
                | Q(credit_applied__gte=0, amount_paid__gte=0, amount_credited__gte=0, amount_written_off__gte=0)
                & Q(total__gte=_SETTLED),
            ),
            models.CheckConstraint(
                name="invoice_paid_exactly_when_nothing_due",
                condition=~Q(status__in=["unpaid", "paid", "writtenoff"])
                | Q(status="paid", amount_written_off=0, total=_SETTLED)
                | Q(status="writtenoff", amount_written_off__gt=0, total=_SETTLED)
                | Q(status="unpaid", total__gt=_SETTLED),
            ),
            models.CheckConstraint(
                name="invoice_numbered_when_issued",
                condition=Q(status="draft", number=None)
                | (
                    ~Q(status="draft")
                    & Q(issued_on__isnull=False, due_on__isnull=False)
                    & (Q(number__isnull=False, number__gt=0) | ~Q(origin="") & Q(number=None))
                ),
            ),
            models.CheckConstraint(
                name="invoice_unsettled_unless_issued",
                condition=~Q(status__in=["draft", "cancelled"])
                | Q(credit_applied=0, amount_paid=0, amount_credited=0, amount_written_off=0),
            ),
            models.CheckConstraint(
                name="invoice_prepaid", condition=Q(prepaid=None) | Q(prepaid__gte=0, prepaid__lte=F("total"))
            ),
            models.CheckConstraint(name="invoice_credit_use", condition=Q(credit_use__in=["", *CreditUse.values])),
        )
        indexes = (
            # A list of one status is in the order of issue; drafts, which were not issued, are few.
            models.Index(fields=("status", "issued_on", "id"), name="invoice_by_status"),
            models.Index(fields=("-id",), name="invoice_draft", condition=Q(status="draft")),
            models.Index(fields=("currency", "-id"), name="invoice_by_currency"),
            models.Index(fields=("issued_on", "id"), name="invoice_by_issue_date"),
            models.Index(fields=("currency", "total", "id"), name="invoice_by_total"),
            models.Index(fields=("due_on", "id"), name="invoice_due", condition=Q(status="unpaid")),
            # What one client owes is added up, and listed by status, from this alone. An invoice leaves it when it is
            # paid, and one that is born paid never enters it.
            models.Index(
                fields=("client", "status", "id"),
                include=("currency", "due_on", "balance_due"),
                name="invoice_not_paid_of_client",
                condition=~Q(status="paid"),
            ),
            models.Index(fields=("created_by",), name="invoice_by_creator", condition=Q(created_by__isnull=False)),
            models.Index(fields=("run", "id"), name="invoice_of_run", condition=Q(run__isnull=False)),
            # The number that another system gave it, which has any length.
            HashIndex(Upper("label"), name="invoice_imported_label", condition=~Q(origin="")),
        )
        triggers = INVOICE_TRIGGERS

    def __str__(self) -> str:
        return self.label

    def require_lines(self, nothing_done: str) -> None:
        """Raise BusinessError for one whose lines are another system's: it is shown as it ended there."""
        if self.origin == self.Origin.HISTORY:
            raise BusinessError(self.why_it_stays(nothing_done))

    def why_it_stays(self, nothing_done: str) -> str:
        """Why nothing is done with one that had ended when it was imported."""
        return f"{self.label} was imported after it had ended, and is shown as it ended there; {nothing_done}."

    @property
    def is_draft(self) -> bool:
        """Whether it is still to be issued."""
        return self.status == self.Status.DRAFT

    @property
    def due(self) -> Money:
        """What is still to be paid."""
        return Money(self.balance_due, self.currency)

    @property
    def payable(self) -> Money:
        """What a payment can settle: what is due, and what was written off and is paid after all."""
        return self.due + self.amount_written_off

    @property
    def takes_payment(self) -> bool:
        """Whether there is anything that a payment can settle."""
        return self.status in (self.Status.UNPAID, self.Status.WRITTEN_OFF)

    @property
    def is_settled(self) -> bool:
        """Whether it was issued and nothing is due on it any more."""
        return self.status in (self.Status.PAID, self.Status.WRITTEN_OFF)

    @property
    def is_part_paid(self) -> bool:
        """Whether something was paid and something is still due."""
        return self.status == self.Status.UNPAID and self.amount_paid.amount > 0

    @property
    def is_credited(self) -> bool:
        """Whether credit notes took back all of it."""
        return 0 < self.total.amount == self.amount_credited.amount

    def is_overdue(self, on: datetime.date) -> bool:
        """Whether it is unpaid and past its due date on that day."""
        return self.status == self.Status.UNPAID and self.due_on is not None and self.due_on < on
