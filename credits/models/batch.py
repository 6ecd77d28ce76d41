"""Credit for many clients at once, out of a file: what it would do while it is a preview, and what it did."""

import zlib
from uuid import uuid4

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class CreditBatch(models.Model):
    """One file. Its id is the `batch` of every ledger entry that it booked.

    Until it is read its file is kept in CreditFile. While it is a preview its rows are kept in CreditBatchRow; booking
    it deletes them, because the grants then say all.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    file_name = models.CharField(max_length=200)
    # Of the content, so that the same file a second time is noticed.
    digest = models.CharField(max_length=64)
    row_count = models.PositiveIntegerField(default=0)
    grant_count = models.PositiveIntegerField(default=0)
    # Currency → what was given, as text.
    totals = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(default=timezone.now)
    booked_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "credit batches"
        indexes = (
            models.Index(fields=("digest",), name="credit_batch_by_digest"),
            models.Index(fields=("created_at", "id"), name="credit_batch_by_age"),
        )
        constraints = (
            models.CheckConstraint(
                name="credit_batch_grants_when_booked", condition=Q(grant_count=0) | Q(booked_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_read(self) -> bool:
        """Whether its rows are known. A file without any is refused."""
        return self.row_count > 0


class CreditFile(models.Model):
    """What was uploaded as a batch, until a queue worker has read it. It is kept here and never on disk."""

    batch = models.OneToOneField(CreditBatch, models.CASCADE, primary_key=True, related_name="file")
    # A tenth of the file; what goes to the database is written there several times over.
    compressed = models.BinaryField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.batch_id)

    @property
    def content(self) -> bytes:
        """The file as it was uploaded."""
        return zlib.decompress(self.compressed)

    @content.setter
    def content(self, content: bytes) -> None:
        self.compressed = zlib.compress(content, 1)


class CreditBatchRow(models.Model):
    """A row of a file that is not booked yet, and what would become of it. Names its client by number alone."""

    class Outcome(models.TextChoices):
        GOOD = "good", "Will be added"
        THERE = "there", "Already there"
        BAD = "bad", "Bad"

    batch = models.ForeignKey(CreditBatch, models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=5, choices=Outcome, default=Outcome.GOOD)
    reason = models.TextField(blank=True)
    client_number = models.PositiveBigIntegerField(null=True)
    # Whom the number stood for when the row was looked at; looked up again when it is booked.
    client_key = models.BigIntegerField(null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=3, null=True)
    currency = models.CharField(max_length=3, blank=True)
    description = models.CharField(max_length=500, blank=True)
    category = models.CharField(max_length=12, blank=True)
    expires_on = models.DateField(null=True)
    priority = models.PositiveSmallIntegerField(null=True)
    file_key = models.CharField(max_length=64, null=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("batch", "line"), name="credit_batch_row_line_once"),
            models.CheckConstraint(
                name="credit_batch_row_outcome",
                condition=Q(outcome__in=["there", "bad"])
                | Q(
                    outcome="good",
                    client_number__isnull=False,
                    amount__gt=0,
                    priority__isnull=False,
                )
                & ~Q(currency="")
                & ~Q(description="")
                & ~Q(category=""),
            ),
        )
        indexes = (models.Index(F("batch"), F("outcome"), F("line"), name="credit_batch_row_outcomes"),)

    def __str__(self) -> str:
        return f"Line {self.line}"
