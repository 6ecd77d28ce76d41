"""Where mail goes that goes nowhere: without a mail server it is kept here, for a page to show."""

from django.db import models
from django.utils import timezone

from clients.models.client import Client


class MailboxMail(models.Model):
    """A mail as it would have been sent. The oldest go, and all with any client: no search finds a name in `raw`."""

    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="mailbox_mail", db_index=False)
    message_id = models.BigIntegerField(null=True)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=300)
    raw = models.BinaryField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=("client", "-id"), name="mailbox_of_client"),)

    def __str__(self) -> str:
        return self.subject
