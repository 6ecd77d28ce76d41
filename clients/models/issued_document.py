"""Documents as they were issued: drawn once, and the same file ever after."""

from collections.abc import Callable
from hashlib import sha256

import pgtrigger
from django.db import IntegrityError, connection, models
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.db.locks import lock_key
from billing_admin.db.triggers import MERGING, frozen, never_deleted, refuse
from billing_admin.documents import Drawn

from .client import Client
from .client_queryset import ClientGone

# Longer than the press lets anything take, with some to spare.
_SECONDS_TO_DRAW = 120

_STAYS = "A document that was issued stays as it was drawn."

# Of which client a document is says the row that it is of; a receipt is of a credit.
_OF_ITS_CLIENT = f"""
    IF NOT (CASE NEW.kind
        WHEN 'invoice' THEN EXISTS (
            SELECT FROM invoices_invoice WHERE id = NEW.subject_id AND client_id = NEW.client_id AND status <> 'draft')
        WHEN 'credit_note' THEN EXISTS (
            SELECT FROM invoices_creditnote WHERE id = NEW.subject_id AND client_id = NEW.client_id)
        ELSE EXISTS (SELECT FROM credits_creditgrant WHERE id = NEW.subject_id AND client_id = NEW.client_id)
    END) THEN
        {refuse("A document is kept with the client of what it documents.")}
    END IF;
    RETURN NEW;
"""


class IssuedDocumentManager(models.Manager["IssuedDocument"]):
    def of(self, kind: str, subject_id: int) -> "IssuedDocument | None":
        """What is kept of it, if it was drawn already."""
        return self.filter(kind=kind, subject_id=subject_id).first()

    @db_transaction.atomic
    def keep(
        self, *, kind: str, subject_id: int, client_id: int, name: str, draw: Callable[[], tuple[Drawn, bool]]
    ) -> "IssuedDocument":
        """What is kept of it; else what `draw` makes, and whether its XML is inside, is kept from now on.

        Who asks for it at once waits, and gets the same. No row is locked while it is drawn, the client only to keep
        it. Where drawing fails, nothing is kept.

        Raises Busy, only in a request; ClientGone where the client was merged or deleted meanwhile; and what `draw`
        raises.
        """
        if kept := self.of(kind, subject_id):
            return kept
        lock_key(f"document {kind} {subject_id}")
        if kept := self.of(kind, subject_id):
            return kept
        with connection.cursor() as cursor:  # it waits for the press, and holds nothing but its key meanwhile
            cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{_SECONDS_TO_DRAW}s'")
        drawn, is_e_invoice = draw()
        Client.objects.lock_one(client_id)
        try:
            with db_transaction.atomic():
                return self.create(
                    client_id=client_id, kind=kind, subject_id=subject_id, name=name, is_e_invoice=is_e_invoice,
                    left_out=drawn.left_out, size=len(drawn.content), sha256=sha256(drawn.content).hexdigest(),
                    content=drawn.content,
                )  # fmt: skip
        except IntegrityError as error:  # a merge or its undo took what it is of to another client
            raise ClientGone from error


class IssuedDocument(models.Model):
    """The PDF of an invoice, a credit note or a receipt, byte for byte as it was drawn at first need.

    It is kept here and never on disk, so that a backup and a deletion have it. It says whom it was issued to, also
    where a merge has moved it. `content` is compressed already; a list defers it.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", "Invoice"
        CREDIT_NOTE = "credit_note", "Credit note"
        RECEIPT = "receipt", "Receipt"

    client = models.ForeignKey(Client, models.PROTECT, related_name="issued_documents", db_index=False)
    kind = models.CharField(max_length=11, choices=Kind)
    subject_id = models.BigIntegerField()
    """The id of the invoice or the credit note; of a receipt that of the credit."""
    name = models.CharField(max_length=100)
    is_e_invoice = models.BooleanField()
    """Whether the invoice is inside as XML, too."""
    left_out = models.TextField(blank=True)
    """Letters that no font has, each once: � stands in their places."""
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now)

    objects = IssuedDocumentManager()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("kind", "subject_id"), name="issued_document_once"),
            models.CheckConstraint(
                name="issued_document_kind", condition=models.Q(kind__in=["invoice", "credit_note", "receipt"])
            ),
        )
        indexes = (models.Index(fields=("client", "-id"), name="issued_documents_of_client"),)
        triggers = (
            pgtrigger.Trigger(
                name="of_its_client", operation=pgtrigger.Insert, when=pgtrigger.Before, func=_OF_ITS_CLIENT
            ),
            # By the columns that a statement names: a merge, which names the client alone, reads no file.
            pgtrigger.Trigger(
                name="issued_stays",
                operation=pgtrigger.UpdateOf(
                    "kind", "subject_id", "name", "is_e_invoice", "left_out", "size", "sha256", "content", "made_at"
                ),
                when=pgtrigger.Before,
                func=refuse(_STAYS),
            ),
            frozen(
                "stays_with_client", "client_id", text="A document moves to another client only by a merge.",
                unless=MERGING,
            ),
            never_deleted("never_deleted", text=_STAYS),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name
