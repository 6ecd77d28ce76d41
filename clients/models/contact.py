"""Further people at a client, and what staff noted about it."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone

from billing_admin.db.functions import NameWords

from .client import Client
from .client_queryset import words_of_contact, words_of_note


class Contact(models.Model):
    """A further person at the client. Each e-mail address stands once per client."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="contacts", db_index=False)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    email = models.EmailField("e-mail address")
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint("client", Upper("email"), name="contact_email_once_per_client"),)
        indexes = (
            GinIndex(OpClass(words_of_contact(), name="gin_trgm_ops"), name="contact_search"),
            models.Index(NameWords("first_name", "last_name"), name="contact_by_words"),
        )

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def name(self) -> str:
        """The person's full name; empty where only the address is known."""
        return f"{self.first_name} {self.last_name}".strip()


class ClientNote(models.Model):
    """A note of staff about a client; the client never sees it."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="notes")
    text = models.TextField()
    pinned = models.BooleanField(default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = (models.CheckConstraint(name="note_says_something", condition=~Q(text="")),)
        indexes = (GinIndex(OpClass(words_of_note(), name="gin_trgm_ops"), name="note_search"),)

    def __str__(self) -> str:
        return self.text[:60]
