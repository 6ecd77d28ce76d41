"""Whose money it was when staff last attached a payment of this payer: offered the next time, never enough alone."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from clients.models import Client


class RememberedPayer(models.Model):
    """A payer's name, as the set of its words, or account, and the client that staff chose for it.

    Another choice later replaces it. It moves with a merge and goes with its client.
    """

    class Kind(models.TextChoices):
        ACCOUNT = "account", "Account"
        NAME = "name", "Name"

    client = models.ForeignKey(Client, models.PROTECT, related_name="remembered_payers")
    kind = models.CharField(max_length=10, choices=Kind)
    value = models.TextField()
    remembered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    remembered_by_name = models.CharField(max_length=150)
    remembered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("kind", "value"), name="remembered_payer_once"),
            models.CheckConstraint(
                name="remembered_payer_kind", condition=models.Q(kind__in=["account", "name"]) & ~models.Q(value="")
            ),
        )

    def __str__(self) -> str:
        return self.value
