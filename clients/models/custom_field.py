"""Fields of a client's profile that an installation defines for itself."""

from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

LONGEST_VALUE = 200

# What a value of a client is called where profile fields are named: `custom_12`, after the id of its field.
PREFIX = "custom_"


class CustomField(models.Model):
    """A field of the profile, defined in the settings. Its values stand in `Client.custom`, as text under its id.

    One that is switched off is not shown; what was typed into it stays.
    """

    class Kind(models.TextChoices):
        TEXT = "text", "Text"
        NUMBER = "number", "Number"
        DATE = "date", "Date"
        CHOICE = "choice", "Choice"
        YES_NO = "yes_no", "Yes or no"

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    choices = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    is_on = models.BooleanField("shown", default=True)

    class Meta:
        default_permissions = ()
        permissions = (("change_customfield", "Define fields of the profile"),)
        constraints = (
            models.UniqueConstraint(Upper("name"), name="custom_field_name_once"),
            models.CheckConstraint(
                name="custom_field_kind", condition=Q(kind__in=["text", "number", "date", "choice", "yes_no"])
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def field_name(self) -> str:
        """Its name among the fields of a profile."""
        return f"{PREFIX}{self.pk}"

    def words(self, value: str) -> str:
        """A stored value as it is read."""
        return {"yes": "Yes", "no": "No"}.get(value, value) if self.kind == self.Kind.YES_NO else value


def as_text(value: Any) -> str:
    """A value as it is stored."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)
