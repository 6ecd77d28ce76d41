"""What a link from a mail lets somebody do: join the staff, or have another e-mail address. Of each only a digest."""

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone


class Invitation(models.Model):
    """Somebody who was asked to join the staff in these roles, and has not yet. It goes when it is used or withdrawn.

    `token_digest` is empty until the mail with the link is written: that is then in nobody's hands but the reader's.
    """

    email = models.EmailField(max_length=254)
    groups = models.ManyToManyField(Group, related_name="invitations")
    by_mail = models.BooleanField()
    token_digest = models.CharField(max_length=64, null=True, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(Upper("email"), name="invited_once"),)

    def __str__(self) -> str:
        return f"Invitation {self.pk}"

    @property
    def has_expired(self) -> bool:
        """Whether its link is no longer taken."""
        return self.expires_at <= timezone.now()


class EmailChange(models.Model):
    """The address that somebody wants to have, until they confirm that mail reaches them there."""

    person: models.OneToOneField[User, User] = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    address = models.EmailField(max_length=254)
    token_digest = models.CharField(max_length=64, null=True, unique=True)
    expires_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Other address of {self.person_id}"

    @property
    def has_expired(self) -> bool:
        """Whether its link is no longer taken."""
        return self.expires_at <= timezone.now()
