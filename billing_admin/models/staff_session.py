"""Who is signed in, and where."""

from django.conf import settings
from django.db import models


class StaffSession(models.Model):
    """One browser, from signing in until it is signed out or forgotten: see `billing_admin/staff/sessions/`.

    The key that the browser holds is kept as a digest alone, so that a copy of the database signs nobody in. Without a
    `person` somebody is about to sign in.
    """

    digest = models.CharField(max_length=64)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions")
    data = models.TextField()
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("digest",), name="session_digest"),)

    def __str__(self) -> str:
        return f"A session of {self.person}" if self.person_id else "A session of nobody yet"
