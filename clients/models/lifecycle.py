"""What remains of a merged or deleted client: a journal, a number that still leads somewhere, and counts."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .client import Client


class ClientNumberAlias(models.Model):
    """A number that a discarded client had; it leads to the kept one everywhere."""

    number = models.PositiveBigIntegerField(unique=True)
    client = models.ForeignKey(Client, models.PROTECT, related_name="aliases")

    class Meta:
        default_permissions = ()
        verbose_name_plural = "client number aliases"

    def __str__(self) -> str:
        return f"#{self.number} → #{self.client_id}"


class ClientMerge(models.Model):
    """One merge: who was folded into whom, what moved (the journal that undo reads), the totals before and after."""

    kept = models.ForeignKey(Client, models.PROTECT, related_name="merges")
    discarded_number = models.PositiveBigIntegerField()
    discarded_snapshot = models.JSONField(encoder=DjangoJSONEncoder)
    journal = models.JSONField(encoder=DjangoJSONEncoder)
    totals = models.JSONField(encoder=DjangoJSONEncoder)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    merged_by_name = models.CharField(max_length=150)
    merged_at = models.DateTimeField(default=timezone.now)
    undone_by_name = models.CharField(max_length=150, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.discarded_number} merged into #{self.kept_id}"


class ClientDeletion(models.Model):
    """That a client was deleted, by whom and how much went. Holds no personal data."""

    number = models.PositiveBigIntegerField(unique=True)
    counts = models.JSONField(encoder=DjangoJSONEncoder)
    totals = models.JSONField(encoder=DjangoJSONEncoder)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    deleted_by_name = models.CharField(max_length=150)
    deleted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = (models.CheckConstraint(name="deletion_number_positive", condition=Q(number__gt=0)),)

    def __str__(self) -> str:
        return f"#{self.number} deleted"
