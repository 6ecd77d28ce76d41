"""Files that staff keep with a client, and which ones are taken."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from billing_admin.db.functions import search_of_typed

from .client import Client

MEGABYTE = 1_000_000

# What can be taken at all: it is held in memory while it is stored, and each backup has it.
LARGEST_MEGABYTES = 25


def usual_endings() -> list[str]:
    """What is taken as delivered: documents, tables, pictures and mails, nothing that a computer runs."""
    return [
        "csv", "doc", "docx", "eml", "gif", "jpeg", "jpg", "json", "msg", "odp", "ods", "odt", "pdf", "png", "ppt",
        "pptx", "rtf", "txt", "webp", "xls", "xlsx", "xml", "zip",
    ]  # fmt: skip


class ClientDocument(models.Model):
    """A file that staff keep with a client. It is kept here and never on disk, so that a backup and a deletion have it.

    `content` is as large as a file may be: a list defers it.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="documents", db_index=False)
    name = models.CharField(max_length=255)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    uploaded_by_name = models.CharField(max_length=150)
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        permissions = (("add_clientdocument", "Upload and delete a client's files"),)
        constraints = (models.CheckConstraint(name="client_document_has_a_name", condition=~Q(name="")),)
        indexes = (
            models.Index(fields=("client", "-id"), name="documents_of_client"),
            search_of_typed("name", name="client_document_by_name"),
        )

    def __str__(self) -> str:
        return self.name


class DocumentSettingsManager(models.Manager["DocumentSettings"]):
    def current(self) -> "DocumentSettings":
        """What is in force; as delivered where nobody ever changed it."""
        return self.first() or DocumentSettings()


class DocumentSettings(models.Model):
    """Which files staff may keep with a client: up to which size, and with which endings. One row, or none."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    megabytes = models.PositiveSmallIntegerField("largest file, in MB", default=10)
    endings = ArrayField(models.CharField(max_length=10), default=usual_endings)

    objects = DocumentSettingsManager()

    class Meta:
        default_permissions = ()
        permissions = (("change_documentsettings", "Set which files are taken"),)
        verbose_name_plural = "document settings"
        constraints = (
            models.CheckConstraint(name="one_row_of_document_settings", condition=Q(id=1)),
            models.CheckConstraint(
                name="document_settings_size", condition=Q(megabytes__gte=1, megabytes__lte=LARGEST_MEGABYTES)
            ),
        )

    def __str__(self) -> str:
        return f"Files up to {self.megabytes} MB"
