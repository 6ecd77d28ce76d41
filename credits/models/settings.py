"""How the whole system uses credit, where neither invoice nor client says otherwise."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Func, Q

from clients.models import CreditUse

# Currency codes in capitals, each with an amount above zero as plain text.
LIMITS_SQL = """jsonb_typeof(%(expressions)s) = 'object' AND NOT jsonb_path_exists(%(expressions)s,
    '$.keyvalue() ? (@.value.type() != "string" || !(@.key like_regex "^[A-Z]{3}$")
                     || !(@.value like_regex "^[0-9]{1,15}([.][0-9]{1,3})?$") || !(@.value like_regex "[1-9]"))')"""


class CreditSettingsManager(models.Manager["CreditSettings"]):
    def current(self) -> "CreditSettings":
        """The settings in force; the defaults where nobody ever changed them."""
        return next(iter(self.raw("SELECT * FROM credits_creditsettings")), None) or CreditSettings()


class CreditSettings(models.Model):
    """One row, or none while everything is as delivered.

    `largest_grants` has an amount per currency, as text so that JSON keeps every cent; others have no limit.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    credit_use = models.CharField("automatic use of credit", max_length=10, choices=CreditUse, default=CreditUse.ALWAYS)
    largest_grants = models.JSONField(default=dict, db_default={}, blank=True)

    objects = CreditSettingsManager()

    class Meta:
        default_permissions = ()
        permissions = (("change_creditsettings", "Change how credit is used"),)
        verbose_name_plural = "credit settings"
        constraints = (
            models.CheckConstraint(name="one_row_of_credit_settings", condition=Q(id=1)),
            models.CheckConstraint(name="credit_settings_use", condition=Q(credit_use__in=CreditUse.values)),
            models.CheckConstraint(
                name="credit_settings_largest_grants",
                condition=Func(F("largest_grants"), template=LIMITS_SQL, output_field=models.BooleanField()),
            ),
        )

    def __str__(self) -> str:
        return self.get_credit_use_display()

    @property
    def amounts(self) -> dict[str, Decimal]:
        """The largest amount of each currency that has one."""
        return {currency: Decimal(amount) for currency, amount in self.largest_grants.items()}

    def largest_grant(self, currency: str) -> Decimal | None:
        """From which amount on credit of this currency is asked about; None where there is no limit."""
        amount = self.largest_grants.get(currency)
        return None if amount is None else Decimal(amount)
