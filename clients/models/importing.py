"""Clients of other systems: what they are called there, and how the files of such a system are read."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone

from billing_admin.db.triggers import MERGING, frozen, never_deleted
from billing_admin.models import SystemImport

from .client import Client


class ExternalReference(models.Model):
    """What a row is called in another system. Whatever comes from there finds its row by it.

    `kind` says which row of ours: a client, which a file of clients brings too; or what the import of a whole system
    brought (`billing_admin.models.staged`), whose id is `row_id` and whose client has it. `digest` is of what came, so
    that a later import sees what was changed there; of money and credit, what was added for such a change is a `part`
    of its own. `system_import` is the one that brought it.

    A client has several in one system where two of its clients were merged here. Without a client it belonged to one
    that was deleted here, of whom it tells nothing, or to nobody there: it does not come again.
    """

    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="external_references")
    source = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, default="client", db_default="client")
    external_id = models.CharField(max_length=200)
    part = models.PositiveSmallIntegerField(default=0, db_default=0)
    row_id = models.BigIntegerField(null=True)
    digest = models.BigIntegerField(null=True)
    system_import = models.ForeignKey(
        SystemImport, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint("source", "kind", "external_id", "part", name="external_reference_once_of_kind"),
            models.CheckConstraint(name="external_reference_says_both", condition=~Q(source="") & ~Q(external_id="")),
            models.CheckConstraint(
                name="external_reference_of_client", condition=Q(client__isnull=False) | Q(system_import__isnull=False)
            ),
        )
        indexes = (
            models.Index(
                fields=("system_import", "kind"),
                name="external_reference_of_import",
                condition=Q(system_import__isnull=False),
            ),
            # By this a client is found by the number that another system gave it.
            models.Index(fields=("external_id",), name="client_reference_by_id", condition=Q(kind="client")),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"


class ImportedEvent(models.Model):
    """A mail that another system sent, or a line of its log: history of a client, read-only and outside our activity.

    Of a mail only the day, the subject and the recipient came (`who`); of the log also who did it. `external_id` is its
    id there. What came at once came in the order of time, so that ids are in that order; `at` may not be known.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="imported_events", db_index=False)
    source = models.CharField(max_length=100)
    external_id = models.CharField(max_length=200)
    is_mail = models.BooleanField(default=False)
    at = models.DateTimeField(null=True)
    text = models.TextField(blank=True)
    who = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("source", "external_id"), name="imported_event_once"),)
        indexes = (models.Index(fields=("client", "-id"), name="imported_event_of_client"),)
        triggers = (
            frozen(
                "stays_as_it_came", "source", "external_id", "is_mail", "at", "text", "who",
                text="The history of another system stays as it came.",
            ),
            frozen(
                "stays_with_client", "client_id", text="It moves to another client only by a merge.", unless=MERGING
            ),
            never_deleted("never_deleted", text="The history of another system stays with its client."),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.text[:60]


class ClientFileMapping(models.Model):
    """How the clients of another system are read: which column of its files is what.

    `columns` is column → field (`clients.services.importing.columns.FIELDS`); of several columns for one field the
    first that is not empty counts. The ids in such a file are those of `source`.
    """

    class OpeningCredit(models.TextChoices):
        PROMOTIONAL = "promotional", "Promotional"
        PAID = "paid", "Paid by the client"

    name = models.CharField(max_length=100)
    source = models.CharField("system", max_length=100)
    columns = models.JSONField(default=dict)
    currency = models.CharField("currency of rows that name none", max_length=3, blank=True)
    opening_credit = models.CharField(
        "credit in it was", max_length=12, choices=OpeningCredit, default=OpeningCredit.PROMOTIONAL
    )

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                Upper("name"),
                name="client_file_mapping_name_once",
                violation_error_message="There is a mapping of this name already.",
            ),
            models.CheckConstraint(
                name="client_file_mapping_opening_credit", condition=Q(opening_credit__in=["promotional", "paid"])
            ),
        )

    def __str__(self) -> str:
        return self.name


class ClientFile(models.Model):
    """A file of clients that was uploaded, until it is imported or discarded. It is kept here and never on disk.

    Read by a saved mapping, a ready one, or neither: Billing Admin’s own format. Staff answer what it leaves open.
    """

    name = models.CharField(max_length=255)
    content = models.BinaryField()
    mapping = models.ForeignKey(ClientFileMapping, models.PROTECT, null=True, blank=True, related_name="+")
    ready_mapping = models.CharField(max_length=30, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    date_order = models.CharField(max_length=3, blank=True)
    decimal_sign = models.CharField(max_length=1, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
