"""Invoice runs: one pass over everything that is due, and what it could not bill."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from clients.models import Client


class InvoiceRun(models.Model):
    """One run of `generate_invoices`, its counts, and totals per currency as `{"USD": {"invoices": 2, …}}`."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    as_of = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    invoice_count = models.PositiveIntegerField(default=0)
    paid_count = models.PositiveIntegerField(default=0)
    totals = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    started_by_name = models.CharField(max_length=150)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        permissions = (("generate_invoices", "Run the invoices"),)

    def __str__(self) -> str:
        return f"Invoice run as of {self.as_of}"


class InvoiceRunError(models.Model):
    """A client that a run could not bill, with the reason in words."""

    run = models.ForeignKey(InvoiceRun, models.PROTECT, related_name="errors")
    client = models.ForeignKey(Client, models.PROTECT, related_name="invoice_run_errors")
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.reason
