"""A movement of real money. Its amounts never change; it outlives the client and carries their number and name."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat, Greatest, Upper
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from billing_admin.db.append_only import AppendOnly
from billing_admin.db.functions import SearchFold, exact_places
from billing_admin.db.triggers import (
    DELETING,
    DELETING_TRANSACTIONS,
    MERGING,
    frozen,
    never_deleted,
    note_frozen,
    refuse,
)
from billing_admin.money.fields import CurrencyField, MoneyField
from clients.models import Client
from invoices.models import Invoice
from invoices.models.invoice_triggers import settle_sql

from .payment_file import PaymentBatch
from .payment_method import PaymentMethod

# Moves invoice.amount_paid by what the statement's rows add, and switches its status.
_MOVE_AMOUNT_PAID = settle_sql("amount_paid", "{rows}") + "RETURN NULL;\n"

_SAME_CURRENCY_AND_CLIENT = f"""
    IF EXISTS (SELECT FROM new_rows paid LEFT JOIN invoices_invoice invoice ON invoice.id = paid.invoice_id
               WHERE paid.invoice_id IS NOT NULL AND (invoice.id IS NULL OR invoice.currency <> paid.currency
                     OR invoice.client_id IS DISTINCT FROM paid.client_id)) THEN
        {refuse("A transaction settles only an invoice of its own client and currency.")}
    END IF;
"""

# Locks of the services keep two refunds apart; this keeps any one of them within what came in.
_REFUNDED_WITHIN = f"""
    IF EXISTS (SELECT FROM transactions_transaction paid
               WHERE paid.id IN (SELECT refund_of_id FROM new_rows WHERE refund_of_id IS NOT NULL)
                 AND paid.amount_in < (SELECT sum(refund.amount_out) FROM transactions_transaction refund
                                       WHERE refund.refund_of_id = paid.id)) THEN
        {refuse("No more is given back of a payment than came in.")}
    END IF;
    RETURN NULL;
"""

# Without what comes when money that is nobody's is attached: its client, invoice and label.
_ROWS = AppendOnly(
    "transactions_transaction",
    fixed=(
        "id", "currency", "amount_in", "fees", "amount_out", "refund_of_id", "part_of_id", "kind",
        "date", "payment_method_id", "reference", "part", "description", "created_by_name", "created_at",
    ),
    emptied="note",
)  # fmt: skip

# The rows of clients that were deleted.
KEPT = Q(client__isnull=True, client_number__isnull=False)
# What is said about a row, by us and by others; and the rows of which it says more than that they settle their invoice.
WORDS = Upper(Concat(F("description"), Value(" "), F("note"), output_field=models.TextField()))
TELLING = Q(invoice=None) | ~Q(note="")
NAMED = ~Q(payer_name="")  # the rows of which a file named the payer
OUT = Q(amount_out__gt=0)
# What came in or went out: of a row one of the two is zero.
MOVED_AMOUNT = Greatest("amount_in", "amount_out")
# All that a file or a person said about the money, a line each.
SAID = "btrim(note || E'\\n' || payer_name || E'\\n' || payer_account || E'\\n' || payer_reference, E'\\n')"


def _said() -> Func:
    return Func(template=SAID, output_field=models.TextField())


# Joins, so that an index leads from each row to the one that it names: thousands of rows go in one statement.
_GOES_WHOLE = f"""
    IF EXISTS (SELECT FROM old_rows gone JOIN transactions_transaction left_ ON left_.id = gone.part_of_id)
       OR EXISTS (SELECT FROM old_rows gone JOIN transactions_transaction left_ ON left_.id = gone.refund_of_id) THEN
        {refuse("A payment is deleted whole: with its parts, refunds, reversals and moved rows.")}
    END IF;
"""

# Refunded says that all that was paid was given back. Where nothing of that is left, the invoice is owed again.
_NO_LONGER_REFUNDED = """
    UPDATE invoices_invoice invoice
    SET status = CASE WHEN invoice.balance_due <> 0 THEN 'unpaid'
                      WHEN invoice.amount_written_off > 0 THEN 'writtenoff' ELSE 'paid' END,
        paid_at = CASE WHEN invoice.balance_due + invoice.amount_written_off = 0 THEN statement_timestamp() END
    WHERE invoice.status = 'refunded' AND invoice.origin <> 'history'
      AND invoice.id IN (SELECT invoice_id FROM old_rows)
      AND NOT EXISTS (SELECT FROM transactions_transaction left_ WHERE left_.invoice_id = invoice.id);
"""


class Transaction(models.Model):
    """Money in, fees, or money out, in one currency.

    `reference` is the gateway's own and unique per payment method, so that a callback arriving twice counts once. Money
    that settles several invoices, or more than its invoice, is booked in parts under the one reference: `part` 1
    settles the first invoice, the following ones, which name it in `part_of`, the next; the last is what became credit.

    What was given back of a row are the rows that have it in `refund_of`. Money that changes its purpose, as when a
    payment is turned into credit, leaves its row and comes in on another, both of the kind Moved: none of it is income
    or went out of the house, and all plain sums stay right.

    `description` is what we say; `note` is what staff typed or the file said. A payment of a file has in `payer_name`,
    `payer_account` and `payer_reference` what the file says of the payer, and in `batch` which file that was.

    Money that nobody could be matched to has neither client nor label until staff attach it; then the label stays.
    """

    class Kind(models.TextChoices):
        PAYMENT = "payment", "Payment"
        REFUND = "refund", "Refund"
        REVERSAL = "reversal", "Reversal"
        MOVED = "moved", "Moved"

    client = models.ForeignKey(Client, models.SET_NULL, null=True, related_name="transactions", db_index=False)
    client_number = models.PositiveBigIntegerField(null=True)
    client_name = models.CharField(max_length=300, blank=True)
    invoice = models.ForeignKey(
        Invoice, models.SET_NULL, null=True, blank=True, related_name="transactions", db_index=False
    )
    invoice_label = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PAYMENT, db_default=Kind.PAYMENT)
    date = models.DateField()
    payment_method = models.ForeignKey(PaymentMethod, models.PROTECT, related_name="transactions", db_index=False)
    reference = models.CharField(max_length=200, blank=True)
    part = models.PositiveSmallIntegerField(default=1)
    part_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts", db_index=False)
    description = models.CharField(max_length=500, blank=True)
    note = models.TextField(blank=True, default="", db_default="")
    currency = CurrencyField()
    amount_in = MoneyField(default=Decimal(0))
    fees = MoneyField(default=Decimal(0))
    amount_out = MoneyField(default=Decimal(0))
    refund_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="refunds", db_index=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(default=timezone.now)
    file_key = models.CharField(max_length=64, null=True, blank=True)
    payer_name = models.CharField(max_length=300, blank=True, default="", db_default="")
    payer_account = models.CharField(max_length=100, blank=True, default="", db_default="")
    payer_reference = models.CharField(max_length=200, blank=True, default="", db_default="")
    batch = models.ForeignKey(
        PaymentBatch, models.PROTECT, null=True, blank=True, related_name="transactions", db_index=False
    )

    rows = _ROWS

    class Meta:
        default_permissions = ()
        permissions = (
            ("view_transaction", "See transactions"),
            ("record_payment", "Record and import payments, attach money to clients"),
            ("refund_payment", "Refund payments"),
            ("reverse_payment", "Reverse payments"),
            ("delete_transaction", "Delete transactions"),
        )
        constraints = (
            exact_places("transaction_places", "amount_in", "fees", "amount_out"),
            models.CheckConstraint(
                name="transaction_client_has_label", condition=Q(client=None) | Q(client_number__isnull=False)
            ),
            models.CheckConstraint(
                name="transaction_in_or_out",
                condition=Q(amount_in__gte=0, fees__gte=0, amount_out__gte=0)
                & (Q(amount_in__gt=0, amount_out=0) | Q(amount_in=0, amount_out__gt=0) | Q(amount_in=0, fees__gt=0)),
            ),
            models.CheckConstraint(
                name="transaction_kind",
                condition=Q(kind="payment")
                | Q(kind__in=["refund", "reversal"], amount_in=0, refund_of__isnull=False)
                | Q(kind="moved"),
            ),
            models.UniqueConstraint(
                fields=("payment_method", "reference", "part"),
                name="payment_reference_once_per_method",
                condition=~Q(reference=""),
            ),
            models.UniqueConstraint(fields=("file_key", "part"), name="transaction_file_key_once"),
        )
        indexes = (
            models.Index(fields=("client", "-date", "-id"), name="transaction_of_client"),
            models.Index(fields=("invoice", "id"), name="transaction_of_invoice", condition=Q(invoice__isnull=False)),
            models.Index(fields=("date", "id"), name="transaction_by_date"),
            models.Index(fields=("payment_method", "date", "id"), name="transaction_by_method"),
            models.Index(fields=("currency", "date", "id"), name="transaction_by_currency"),
            models.Index("currency", MOVED_AMOUNT, "date", name="transaction_by_amount"),
            models.Index(fields=("currency", "amount_in", "id"), name="transaction_by_money_in"),
            models.Index(fields=("currency", "fees", "id"), name="transaction_by_fees"),
            models.Index(fields=("currency", "amount_out", "id"), name="transaction_by_money_out"),
            models.Index(fields=("date", "id"), name="transaction_unattached", condition=Q(client_number=None)),
            models.Index(fields=("date", "id"), name="transaction_out", condition=OUT),
            models.Index(fields=("client", "-date", "-id"), name="transaction_out_of_client", condition=OUT),
            # Of all rows: PostgreSQL takes no statistics from a partial index, and guessed that 1 of 200 would match.
            models.Index(OpClass(Upper("reference"), name="text_pattern_ops"), name="transaction_by_reference"),
            models.Index(fields=("part_of",), name="transaction_parts", condition=Q(part_of__isnull=False)),
            models.Index(fields=("refund_of",), name="transaction_refunds", condition=Q(refund_of__isnull=False)),
            models.Index(fields=("client_number",), name="transaction_by_label"),
            # What of a deleted client is kept, by the name and the invoice that it bears; and what names an invoice.
            GinIndex(
                OpClass(SearchFold("client_name"), name="gin_trgm_ops"), name="transaction_by_name", condition=KEPT
            ),
            models.Index(fields=("invoice_label",), name="transaction_by_invoice", condition=KEPT),
            GinIndex(OpClass(WORDS, name="gin_trgm_ops"), name="transaction_by_words", condition=TELLING),
            GinIndex(
                OpClass(_said(), name="gin_trgm_ops"),
                name="transaction_by_said",
                condition=Q(GreaterThan(_said(), Value(""))),
            ),
            GinIndex(
                OpClass(SearchFold("payer_name"), name="gin_trgm_ops"), name="transaction_by_payer", condition=NAMED
            ),
            models.Index(fields=("batch", "id"), name="transaction_of_batch", condition=Q(batch__isnull=False)),
        )
        triggers = (
            frozen(
                "amounts_frozen", "currency", "amount_in", "fees", "amount_out", "refund_of_id", "part_of_id", "kind",
                "date", "description",
                text="A transaction's amounts, date and description never change; book a refund or a reversal.",
            ),
            frozen(
                "stays_with_client", "client_id", text="A transaction moves to another client only by a merge.",
                unless=f"{MERGING} OR {DELETING} OR OLD.client_number IS NULL",
            ),
            frozen(
                "label_stays", "client_number", "client_name", "reference", "payment_method_id", "part",
                text="A transaction keeps the label, method and reference that it was booked with.",
                unless="OLD.client_number IS NULL",
            ),
            note_frozen(),
            frozen(
                "payer_stays", "payer_name", "payer_account", "payer_reference",
                text="What a file said of a payer stays as it was; only a client's deletion empties it.",
                unless=f"NEW.payer_name = '' AND NEW.payer_account = '' AND NEW.payer_reference = '' AND {DELETING}",
            ),
            frozen("batch_stays", "batch_id", text="A transaction stays with the file that it was booked from."),
            never_deleted(
                "never_deleted", text="A transaction is never deleted; reverse it.",
                unless=f"{DELETING} OR {DELETING_TRANSACTIONS}",
            ),
            _ROWS.write_down,
            pgtrigger.Trigger(
                name="refunded_within",
                level=pgtrigger.Statement,
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func=_REFUNDED_WITHIN,
            ),
            pgtrigger.Trigger(
                name="settles_on_insert",
                level=pgtrigger.Statement,
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func=_SAME_CURRENCY_AND_CLIENT
                + _MOVE_AMOUNT_PAID.format(rows="SELECT invoice_id, amount_in - amount_out AS amount FROM new_rows"),
            ),
            pgtrigger.Trigger(
                name="settles_on_update",
                level=pgtrigger.Statement,
                operation=pgtrigger.Update,
                when=pgtrigger.After,
                referencing=pgtrigger.Referencing(old="old_rows", new="new_rows"),
                # A merge moves invoices and their transactions one table after the other, a deletion likewise.
                func=f"IF ({MERGING} OR {DELETING}) IS NOT TRUE THEN {_SAME_CURRENCY_AND_CLIENT} END IF;"
                + _MOVE_AMOUNT_PAID.format(
                    rows="SELECT invoice_id, amount_in - amount_out AS amount FROM new_rows"
                    " UNION ALL SELECT invoice_id, amount_out - amount_in FROM old_rows"
                ),
            ),
            pgtrigger.Trigger(
                name="settles_on_delete",
                level=pgtrigger.Statement,
                operation=pgtrigger.Delete,
                when=pgtrigger.After,
                referencing=pgtrigger.Referencing(old="old_rows"),
                func=_GOES_WHOLE
                + _NO_LONGER_REFUNDED
                + _MOVE_AMOUNT_PAID.format(rows="SELECT invoice_id, amount_out - amount_in AS amount FROM old_rows"),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.reference or f"Transaction {self.pk}"

    @property
    def label(self) -> str:
        """What the transaction is called in sentences: its kind and the gateway's reference, or our number."""
        return f"{self.get_kind_display()} “{self.reference}”" if self.reference else f"Transaction {self.pk}"

    @property
    def words(self) -> str:
        """What was typed about the money or came with it, else what we say, which only repeats kind and invoice."""
        return self.note or self.description

    @property
    def is_unattached(self) -> bool:
        """Whether nobody knows yet whose money it is."""
        return self.client_number is None
