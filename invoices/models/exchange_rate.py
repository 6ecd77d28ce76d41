"""What a currency is worth in the one that the company keeps its books in."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import IsNull
from django.utils import timezone

from billing_admin.db.functions import MinorUnits


class ExchangeRate(models.Model):
    """`rate` units of the accounting currency are one unit of `currency`, from `day` on until a newer one."""

    currency = models.CharField(max_length=3)
    day = models.DateField("from")
    rate = models.DecimalField(max_digits=18, decimal_places=9)
    accounting_currency = models.CharField(max_length=3)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False)
    set_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("accounting_currency", "currency", "day"), name="one_exchange_rate_a_day"),
            models.CheckConstraint(name="exchange_rate_positive", condition=Q(rate__gt=0)),
            models.CheckConstraint(name="exchange_rate_of_another", condition=~Q(currency=F("accounting_currency"))),
            models.CheckConstraint(
                name="exchange_rate_currencies",
                condition=Q(IsNull(MinorUnits(F("currency")), False))
                & Q(IsNull(MinorUnits(F("accounting_currency")), False)),
            ),
        )

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate.normalize():f} {self.accounting_currency}"
