"""Which numbers went with deleted clients, so that a number that is missing otherwise is found."""

from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField
from django.db import models

from clients.models import ClientDeletion

from .number_series import Document


class DeletedNumbers(models.Model):
    """The numbers of one series that went with a client; those that follow one another are a range.

    Holds no personal data.
    """

    deletion = models.ForeignKey(ClientDeletion, models.PROTECT, related_name="document_numbers", db_index=False)
    document = models.CharField(max_length=20, choices=Document)
    prefix = models.CharField(max_length=16, blank=True)
    ranges = ArrayField(BigIntegerRangeField())

    class Meta:
        default_permissions = ()
        verbose_name_plural = "deleted numbers"
        constraints = (
            models.UniqueConstraint(fields=("deletion", "document", "prefix"), name="deleted_numbers_once_per_series"),
        )

    def __str__(self) -> str:
        return f"{self.document} numbers {self.prefix} of deletion {self.deletion_id}"
