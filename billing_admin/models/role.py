"""Roles, and what the groups of staff were offered."""

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q


class OfferedPermission(models.Model):
    """A permission that a group was given by an installation or upgrade, whether it still has it or not."""

    group_name = models.CharField(max_length=150)
    permission = models.CharField(max_length=200)
    """As `app_label.codename`."""

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("group_name", "permission"), name="permission_offered_once"),)

    def __str__(self) -> str:
        return f"{self.permission} to {self.group_name}"


class Role(models.Model):
    """What makes a group of Django's a role: the group holds the people and the permissions, this what it is to us.

    `built_in` says which role of ours it is, whatever it is called; it is empty for a role of one's own, which needs no
    row here at all. A group that somebody made is none of ours, also where it bears the name of one.
    """

    class BuiltIn(models.TextChoices):
        VIEWER = "viewer", "Viewer"
        SUPPORT = "support", "Support"
        BILLING = "billing", "Billing"
        MANAGER = "manager", "Manager"
        OWNER = "owner", "Owner"

    group = models.OneToOneField(Group, models.CASCADE, primary_key=True, related_name="role")
    built_in = models.CharField(max_length=8, choices=BuiltIn, unique=True, null=True)
    note = models.CharField(max_length=500, blank=True, default="", db_default="")
    second_factor = models.BooleanField(default=False, db_default=False)
    """Whether whoever is in it has to sign in with a second factor."""

    class Meta:
        default_permissions = ()
        permissions = (
            ("manage_staff", "Manage staff"),
            ("manage_roles", "Manage roles"),
        )
        constraints = (
            models.CheckConstraint(
                name="role_built_in", condition=Q(built_in__in=["viewer", "support", "billing", "manager", "owner"])
            ),
        )

    def __str__(self) -> str:
        return self.get_built_in_display() or f"Role of one's own {self.pk}"
