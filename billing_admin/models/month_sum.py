"""What is added up once a day."""

from django.db import models

from billing_admin.money.fields import CurrencyField


class MonthSum(models.Model):
    """What the rows of a month, or all that are unpaid, come to in one currency, for where they are too many to read.

    Added up anew each day by `billing_admin.home.month_sums`; `as_of` says when. Nothing is reckoned from it.
    """

    class Kind(models.TextChoices):
        INVOICED = "invoiced", "Invoiced"
        COLLECTED = "collected", "Collected"
        WRITTEN_OFF = "written_off", "Written off"
        NOT_DUE = "not_due", "Not due yet"
        OVERDUE_30 = "overdue_30", "Up to 30 days"
        OVERDUE_60 = "overdue_60", "31–60 days"
        OVERDUE_90 = "overdue_90", "61–90 days"
        OVERDUE_MORE = "overdue_more", "91 days and more"

    OVERDUE = (Kind.OVERDUE_30, Kind.OVERDUE_60, Kind.OVERDUE_90, Kind.OVERDUE_MORE)

    month = models.DateField()
    currency = CurrencyField()
    kind = models.CharField(max_length=12, choices=Kind)
    row_count = models.PositiveBigIntegerField()
    # Wider than an amount: a sum of any number of them fits.
    amount = models.DecimalField(max_digits=30, decimal_places=3)
    as_of = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("month", "currency", "kind"), name="month_summed_once"),)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.kind} in {self.month:%B %Y}"
