"""Clients of other systems: what they are called there, and how the files of such a system are read."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone

from .client import Client


class ExternalReference(models.Model):
    """What a client is called in another system. Whatever comes from there finds its client by it.

    A client has several in one system where two of its clients were merged here.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="external_references")
    source = models.CharField(max_length=100)
    external_id = models.CharField(max_length=200)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("source", "external_id"), name="external_reference_once"),
            models.CheckConstraint(name="external_reference_says_both", condition=~Q(source="") & ~Q(external_id="")),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"


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
