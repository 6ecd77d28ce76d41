"""Further people at a client, and what staff noted about it."""

import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone

from billing_admin.db.functions import NameWords, TypedInNote

from .client import Client
from .client_queryset import words_of_contact, words_of_note


class ContactRole(models.TextChoices):
    """What a contact is for, besides being known."""

    RECEIVES_INVOICES = "receives_invoices", "Receives invoices"
    RECEIVES_REMINDERS = "receives_reminders", "Receives reminders"
    TECHNICAL = "technical", "Technical questions"


class Contact(models.Model):
    """A further person at the client. Each e-mail address stands once per client."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="contacts", db_index=False)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    email = models.EmailField("e-mail address")
    phone = models.CharField(max_length=40, blank=True)
    roles = ArrayField(models.CharField(max_length=20, choices=ContactRole), default=list, db_default=[], blank=True)

    class Meta:
        default_permissions = ()
        permissions = (("change_contact", "Add, edit and remove contacts"),)
        constraints = (
            models.UniqueConstraint("client", Upper("email"), name="contact_email_once_per_client"),
            models.CheckConstraint(name="contact_roles", condition=Q(roles__contained_by=ContactRole.values)),
        )
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

    @property
    def role_words(self) -> str:
        """`Receives invoices, Technical questions`, in the order of the roles."""
        return ", ".join(role.label for role in ContactRole if role in self.roles)


class ClientNote(models.Model):
    """A note of staff about a client; the client never sees it.

    `history` has a row for each of the latest edits, the first one first: the text until then, who edited it (`by`) and
    when (`at`).
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="notes")
    text = models.TextField()
    pinned = models.BooleanField(default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(default=timezone.now)
    history = models.JSONField(default=list, db_default=[], blank=True)

    class Meta:
        default_permissions = ()
        permissions = (("add_clientnote", "Write, edit and pin notes about clients"),)
        constraints = (models.CheckConstraint(name="note_says_something", condition=~Q(text="")),)
        indexes = (
            GinIndex(OpClass(words_of_note(), name="gin_trgm_ops"), name="note_search"),
            # By this a client that is deleted is found in what was ever noted about another.
            GinIndex(OpClass(TypedInNote("text", "history"), name="gin_trgm_ops"), name="note_by_words"),
            models.Index(fields=("client", "-id"), name="note_pinned", condition=Q(pinned=True)),
        )

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def edits(self) -> list[dict[str, Any]]:
        """Its history with the latest edit first, and `at` as a moment."""
        return [{**edit, "at": datetime.datetime.fromisoformat(edit["at"])} for edit in reversed(self.history)]
