"""How often something was done: see `billing_admin/db/rates.py`, which alone writes it."""

from django.conf import settings
from django.db import models


class RateCount(models.Model):
    """How often something of a `kind` was done under one `key`, since when, and when it was last counted.

    The key is kept as a digest that only this installation can make: what was typed as a name is often a password.
    `person` and `address` are for who is to be let in again, and never what is counted by.
    """

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    address = models.GenericIPAddressField(null=True)
    count = models.PositiveIntegerField()
    since = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("kind", "key"), name="counted_once"),)

    def __str__(self) -> str:
        return f"{self.count} of {self.kind}"
