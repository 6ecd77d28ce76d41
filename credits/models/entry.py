"""The ledger: signed lines, each on one grant, never updated or deleted."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from djmoney.money import Money

from billing_admin.db.append_only import AppendOnly
from billing_admin.db.functions import exact_places, search_of_typed
from billing_admin.db.keys import SameAs
from billing_admin.db.triggers import IMPORTING, MERGING, frozen, never_deleted, note_frozen, refuse
from billing_admin.models import WrittenRows
from billing_admin.money.fields import CurrencyField, MoneyField
from billing_admin.text import with_note
from clients.models import Client
from invoices.models import Invoice
from invoices.models.invoice_triggers import settle_sql

from .account import CreditAccount
from .closed_period import correct_closed_on_delete, correct_closed_on_insert
from .grant import CreditGrant

# The one place where balance, remaining and credit_applied move. `changes` has what the statement adds to the ledger.
# What settles invoices is planned anew each time: of a run that starts with none, the first plan would read all of them
# for every chunk that comes later.
_KEEP_SUMS = f"""
    UPDATE credits_creditgrant grant_ SET remaining = grant_.remaining + moved.amount
    FROM (SELECT grant_id, sum(amount) AS amount FROM ({{changes}}) changes
          GROUP BY grant_id HAVING sum(amount) <> 0) moved
    WHERE grant_.id = moved.grant_id;

    UPDATE credits_creditaccount account SET balance = account.balance + moved.amount
    FROM (SELECT account_id, sum(amount) AS amount FROM ({{changes}}) changes
          GROUP BY account_id HAVING sum(amount) <> 0) moved
    WHERE account.id = moved.account_id;

    EXECUTE $settle${settle_sql("credit_applied", "SELECT invoice_id, -amount AS amount FROM ({changes}) entries")}
    $settle$;
    RETURN NULL;
"""

_ROWS = AppendOnly(
    "credits_creditentry",
    fixed=(
        "id", "grant_id", "kind", "currency", "amount", "invoice_id", "reverses_id", "batch", "description",
        "actor_name", "at",
    ),
    emptied="note",
)  # fmt: skip


class CreditEntry(models.Model):
    """One signed line of the ledger. Inserting one is the only way to move credit; `credits.services.ledger` does it.

    An entry with an invoice settles it: negative when credit is applied, positive when it is released to its grant.
    `description` is what we say, empty where that is no more than the kind; `note` is what somebody typed.
    """

    class Kind(models.TextChoices):
        GRANT = "grant", "Given"
        APPLY = "apply", "Applied"
        RELEASE = "release", "Released"
        REMOVE = "remove", "Removed"
        REVERSE = "reverse", "Reversed"
        EXPIRE = "expire", "Expired"
        ADJUST = "adjust", "Adjusted"
        TRANSFER = "transfer", "Transferred"

    # The keys of several columns below say that they belong together.
    grant = models.ForeignKey(CreditGrant, models.PROTECT, related_name="entries", db_index=False, db_constraint=False)
    account = models.ForeignKey(
        CreditAccount, models.PROTECT, related_name="entries", db_index=False, db_constraint=False
    )
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="credit_entries", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=10, choices=Kind)
    currency = CurrencyField()
    amount = MoneyField()
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, null=True, blank=True, related_name="credit_entries", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reversals", db_index=False
    )
    batch = models.UUIDField(null=True, blank=True)
    description = models.CharField(max_length=500, blank=True)
    note = models.TextField(blank=True, default="", db_default="")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False)
    actor_name = models.CharField(max_length=150)
    at = models.DateTimeField(default=timezone.now)

    rows = _ROWS

    class Meta:
        default_permissions = ()
        verbose_name_plural = "credit entries"
        constraints = (
            exact_places("credit_entry_places", "amount"),
            SameAs(
                name="credit_entry_of_its_grant",
                fields=("grant", "account", "client", "currency"),
                to="credits.CreditGrant",
                to_fields=("id", "account", "client", "currency"),
            ),
            SameAs(
                name="credit_entry_of_its_invoice",
                fields=("invoice", "client", "currency"),
                to="invoices.Invoice",
                to_fields=("id", "client", "currency"),
            ),
            models.UniqueConstraint(
                fields=("reverses",), name="credit_entry_reversed_once", condition=Q(reverses__isnull=False)
            ),
            models.CheckConstraint(name="credit_entry_moves_something", condition=~Q(amount=0)),
            models.CheckConstraint(
                name="credit_entry_kind_and_sign",
                condition=Q(kind="grant", amount__gt=0)
                | Q(kind__in=["remove", "expire"], amount__lt=0)
                | Q(kind__in=["apply", "release", "reverse", "adjust", "transfer"]),
            ),
            models.CheckConstraint(
                name="credit_entry_invoice_settled",
                condition=Q(kind="apply", invoice__isnull=False, amount__lt=0)
                | Q(kind="release", invoice__isnull=False, amount__gt=0)
                | (~Q(kind__in=["apply", "release"]) & Q(invoice=None)),
            ),
        )
        indexes = (
            models.Index(fields=("account", "id"), name="credit_entry_of_account"),
            models.Index(fields=("client", "-id"), name="credit_entry_of_client"),
            models.Index(fields=("grant", "id"), name="credit_entry_of_grant"),
            models.Index(fields=("invoice", "id"), name="credit_entry_of_invoice", condition=Q(invoice__isnull=False)),
            # Lists of all clients' entries are in the order of time. Entries come in that order too, so that a new one
            # only appends to these.
            models.Index(fields=("at", "id"), name="credit_entry_by_time"),
            search_of_typed("note", name="credit_entry_by_note"),
            models.Index(fields=("currency", "at", "id"), name="credit_entry_by_currency"),
            models.Index(fields=("currency", "amount", "id"), name="credit_entry_by_amount"),
            # What the Credit Liability page links to: the entries of a kind in a period.
            models.Index(fields=("kind", "at", "id"), name="credit_entry_by_kind"),
            models.Index(fields=("batch",), name="credit_entry_of_batch", condition=Q(batch__isnull=False)),
            models.Index(fields=("actor",), name="credit_entry_of_actor", condition=Q(actor__isnull=False)),
        )
        triggers = (
            pgtrigger.Trigger(
                name="keep_sums_on_insert",
                level=pgtrigger.Statement,
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func=_KEEP_SUMS.format(changes="SELECT grant_id, account_id, invoice_id, amount FROM new_rows"),
            ),
            # Only a merge gets here: it re-points entries to the kept client's account, last, after its grants,
            # invoices and accounts.
            pgtrigger.Trigger(
                name="keep_sums_on_update",
                level=pgtrigger.Statement,
                operation=pgtrigger.Update,
                when=pgtrigger.After,
                referencing=pgtrigger.Referencing(old="old_rows", new="new_rows"),
                func=_KEEP_SUMS.format(
                    changes="SELECT grant_id, account_id, invoice_id, amount FROM new_rows"
                    " UNION ALL SELECT grant_id, account_id, invoice_id, -amount FROM old_rows"
                ),
            ),
            # Only a client's deletion gets here; what it takes along is left at zero, not adrift.
            pgtrigger.Trigger(
                name="keep_sums_on_delete",
                level=pgtrigger.Statement,
                operation=pgtrigger.Delete,
                when=pgtrigger.After,
                referencing=pgtrigger.Referencing(old="old_rows"),
                func=_KEEP_SUMS.format(
                    changes="SELECT grant_id, account_id, invoice_id, -amount AS amount FROM old_rows"
                ),
            ),
            frozen(
                "append_only", "grant_id", "kind", "currency", "amount", "invoice_id", "reverses_id", "batch",
                "description", "actor_name", "at",
                text="The ledger is append-only; book another entry instead.",
            ),
            note_frozen(),
            frozen(
                "stays_with_client", "client_id", "account_id",
                text="The ledger is append-only; only a merge re-points entries.", unless=MERGING,
            ),
            never_deleted("never_deleted", text="The ledger is append-only; entries go only with their client."),
            _ROWS.write_down,
            correct_closed_on_insert(),
            correct_closed_on_delete(),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"

    @property
    def words(self) -> str:
        """What the entry says: our words, and what was typed about it."""
        return with_note(self.description, self.note)

    @property
    def applied(self) -> Money:
        """The entry as the invoice sees it: positive when credit settles it."""
        return -self.amount


# A run books the credit of invoices before it writes them. So what an invoice says was applied is proved for every
# statement of the ledger when its transaction ends, whatever came first and whoever else wrote meanwhile.
pgtrigger.register(
    pgtrigger.Trigger(
        name="credit_proved",
        operation=pgtrigger.Insert,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        condition=pgtrigger.Condition("NEW.table_name = 'credits_creditentry'"),
        declare=[("otherwise", "boolean")],
        func=f"""
            EXECUTE $proof$
                SELECT EXISTS (
                    SELECT FROM (SELECT DISTINCT invoice_id FROM credits_creditentry
                                 WHERE id = ANY($1) AND invoice_id IS NOT NULL) settled
                    JOIN invoices_invoice invoice ON invoice.id = settled.invoice_id
                    WHERE CASE WHEN invoice.origin = 'history' THEN ({IMPORTING}) IS NOT TRUE
                          ELSE invoice.credit_applied <> (
                              SELECT -sum(amount) FROM credits_creditentry entry
                              WHERE entry.invoice_id = settled.invoice_id)
                          END
                )
            $proof$ INTO otherwise USING NEW.row_ids;
            IF otherwise THEN
                {refuse("What an invoice says was applied is what its credit entries come to.")}
            END IF;
            RETURN NULL;
        """,
    )
)(WrittenRows)
