"""How the whole system uses credit, where neither invoice nor client says otherwise."""

from django.db import models
from django.db.models import Q

from clients.models import CreditUse


class CreditSettingsManager(models.Manager["CreditSettings"]):
    def current(self) -> "CreditSettings":
        """The settings in force; the defaults where nobody ever changed them."""
        return self.first() or CreditSettings()


class CreditSettings(models.Model):
    """One row, or none while everything is as delivered."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    credit_use = models.CharField("automatic use of credit", max_length=10, choices=CreditUse, default=CreditUse.ALWAYS)

    objects = CreditSettingsManager()

    class Meta:
        default_permissions = ()
        permissions = (("change_creditsettings", "Change how credit is used"),)
        verbose_name_plural = "credit settings"
        constraints = (
            models.CheckConstraint(name="one_row_of_credit_settings", condition=Q(id=1)),
            models.CheckConstraint(name="credit_settings_use", condition=Q(credit_use__in=CreditUse.values)),
        )

    def __str__(self) -> str:
        return self.get_credit_use_display()
