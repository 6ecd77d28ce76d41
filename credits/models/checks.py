"""What the recomputation of the ledger found, kept so that it can be looked up."""

from django.db import models
from django.utils import timezone


class LedgerCheck(models.Model):
    """One pass of `check_ledger` over everything."""

    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    finding_count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        permissions = (("check_ledger", "Check the ledger"),)

    def __str__(self) -> str:
        return f"Ledger check of {self.started_at}"


class LedgerFinding(models.Model):
    """A row that breaks an invariant: what is stored, and what independent sums say."""

    check_run = models.ForeignKey(LedgerCheck, models.CASCADE, related_name="findings")
    invariant = models.CharField(max_length=10)
    subject = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    text = models.TextField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.text
