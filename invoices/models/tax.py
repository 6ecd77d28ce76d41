"""Which tax is charged where nobody says otherwise."""

from django.db import models
from django.db.models import Q

from billing_admin.countries import CODES
from clients.models.client import LONGEST_REASON, Exemption

# Why a country's rate is 0. Reverse charge depends on who buys, so it is the client's.
ZERO_CATEGORIES = [(one.value, one.label) for one in (Exemption.ZERO, Exemption.EXEMPT, Exemption.OUTSIDE)]


class TaxRate(models.Model):
    """The usual rate of a country; the row without a country is for every other one.

    Where it is 0, `category` says why there is no tax; empty: nobody said. A rate above 0 is the standard category.
    """

    country = models.CharField(max_length=2, blank=True, unique=True)
    name = models.CharField(max_length=50)
    rate = models.DecimalField("rate, %", max_digits=6, decimal_places=3)
    category = models.CharField(max_length=2, choices=ZERO_CATEGORIES, blank=True, default="", db_default="")
    reason = models.CharField(max_length=LONGEST_REASON, blank=True, default="", db_default="")

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
            models.CheckConstraint(
                name="tax_rate_category",
                condition=Q(category="", reason="") | Q(category__in=["Z", "E", "O"], rate=0),
                violation_error_message="A tax category is for a rate of 0: a rate above it is the standard one.",
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
    exempt_reason = models.CharField(max_length=LONGEST_REASON, blank=True, default="", db_default="")
    """Why an invoice line has no tax, where neither its client nor its tax rate says."""

    objects = TaxSettingsManager()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "tax settings"
        constraints = (models.CheckConstraint(name="one_row_of_tax_settings", condition=Q(id=1)),)

    def __str__(self) -> str:
        return "Prices include tax" if self.prices_include_tax else "Tax is added to prices"
