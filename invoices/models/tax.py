"""Which tax is charged where nobody says otherwise."""

from django.db import models
from django.db.models import Q

from billing_admin.countries import CODES


class TaxRate(models.Model):
    """The usual rate of a country; the row without a country is for every other one."""

    country = models.CharField(max_length=2, blank=True, unique=True)
    name = models.CharField(max_length=50)
    rate = models.DecimalField("rate, %", max_digits=6, decimal_places=3)

    class Meta:
        default_permissions = ()
        permissions = (("change_tax", "Set tax rates"),)
        constraints = (
            models.CheckConstraint(name="tax_rate_within_bounds", condition=Q(rate__gte=0, rate__lte=100)),
            models.CheckConstraint(
                name="tax_rate_country",
                condition=Q(country__in=["", *CODES]),
                violation_error_message="The country is not in the list.",
            ),
            models.CheckConstraint(name="tax_rate_named", condition=~Q(name="")),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.rate.normalize():f}%"


class TaxSettingsManager(models.Manager["TaxSettings"]):
    def current(self) -> "TaxSettings":
        """The settings in force; the defaults where nobody ever changed them."""
        return next(iter(self.raw("SELECT * FROM invoices_taxsettings")), None) or TaxSettings()


class TaxSettings(models.Model):
    """One row, or none while everything is as delivered."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    prices_include_tax = models.BooleanField(default=False)

    objects = TaxSettingsManager()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "tax settings"
        constraints = (models.CheckConstraint(name="one_row_of_tax_settings", condition=Q(id=1)),)

    def __str__(self) -> str:
        return "Prices include tax" if self.prices_include_tax else "Tax is added to prices"
