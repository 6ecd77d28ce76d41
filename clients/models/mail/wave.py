"""What one statement caused for many, before it is taken apart into messages."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from .kinds import MailKind


class MailWave(models.Model):
    """Ids of many that mail is to be sent about: an invoice run writes one row a chunk, which costs it nothing.

    The mail worker takes it apart into messages, soon after; then the row is gone.
    """

    kind = models.CharField(max_length=16, choices=MailKind)
    level = models.PositiveSmallIntegerField(default=0, db_default=0)
    subject_ids = ArrayField(models.BigIntegerField())
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=150)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} of {len(self.subject_ids)}"
