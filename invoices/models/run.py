"""Invoice runs: one pass over everything that is due, what it could not bill, and what bounds it."""

import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone

from clients.models import Client


class InvoiceRun(models.Model):
    """One run of `generate_invoices`, its counts, and totals per currency as `{"USD": {"invoices": 2, …}}`.

    A run that was asked for on its page waits until a queue worker takes it up. `worker_count` processes had a
    part in it; `cancel_asked` stops them after the chunk that each is at. A dry run only adds up.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"
        INTERRUPTED = "interrupted", "Interrupted"

    UNFINISHED = (State.WAITING, State.RUNNING)

    as_of = models.DateField()
    state = models.CharField(max_length=11, choices=State, default=State.RUNNING)
    dry_run = models.BooleanField(default=False, db_default=False)
    worker_count = models.PositiveSmallIntegerField(default=1, db_default=1)
    cancel_asked = models.BooleanField(default=False, db_default=False)
    clients_due = models.PositiveIntegerField(default=0, db_default=0)
    beyond_limits = models.PositiveIntegerField(default=0, db_default=0)  # of a dry run: clients it would park
    clients_done = models.PositiveIntegerField(default=0, db_default=0)
    failed_count = models.PositiveIntegerField(default=0, db_default=0)  # of them: clients it could not bill
    invoice_count = models.PositiveIntegerField(default=0)
    paid_count = models.PositiveIntegerField(default=0)
    totals = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    failure = models.TextField(blank=True, default="")  # why it failed
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    started_by_name = models.CharField(max_length=150)
    started_at = models.DateTimeField(default=timezone.now)
    worked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        permissions = (("generate_invoices", "Run the invoices"),)
        constraints = (
            models.CheckConstraint(
                name="invoice_run_state",
                condition=Q(
                    state__in=["waiting", "running", "finished", "failed", "cancelled", "interrupted"],
                ),
            ),
        )
        indexes = (
            models.Index(fields=("-id",), name="invoice_run_unfinished", condition=Q(state__in=["waiting", "running"])),
        )

    def __str__(self) -> str:
        return f"Invoice run as of {self.as_of}"

    @property
    def is_unfinished(self) -> bool:
        """Whether it waits or runs, as far as its row says: a process that was killed could not write that down."""
        return self.state in self.UNFINISHED

    @property
    def duration(self) -> datetime.timedelta:
        """From its start to its end, or until now."""
        return (self.finished_at or timezone.now()) - self.started_at

    @property
    def clients_per_second(self) -> float | None:
        """How fast it was; None where it took too short a time to say."""
        seconds = self.duration.total_seconds()
        return self.clients_done / seconds if self.clients_done and seconds >= 1 else None


class InvoiceRunError(models.Model):
    """A client that a run could not bill, with the reason in words."""

    run = models.ForeignKey(InvoiceRun, models.PROTECT, related_name="errors", db_index=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="invoice_run_errors")
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=("run", "id"), name="invoice_run_errors_in_order"),)

    def __str__(self) -> str:
        return self.reason


class RunLimitsManager(models.Manager["RunLimits"]):
    def current(self) -> "RunLimits":
        """The limits in force; those delivered where nobody ever changed them."""
        return self.first() or RunLimits()


class RunLimits(models.Model):
    """What an invoice of a run never exceeds: a client whose would is parked. One row, or none while as delivered.

    `largest_totals` has an amount per currency, as text so that JSON keeps every cent; others have no limit.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    largest_totals = models.JSONField(default=dict, blank=True)
    most_lines = models.PositiveIntegerField(null=True, blank=True, default=1_000)
    oldest_days = models.PositiveIntegerField(null=True, blank=True)

    objects = RunLimitsManager()

    class Meta:
        default_permissions = ()
        permissions = (("change_runlimits", "Set the limits of invoice runs"),)
        verbose_name_plural = "run limits"
        constraints = (
            models.CheckConstraint(name="one_row_of_run_limits", condition=Q(id=1)),
            models.CheckConstraint(
                name="run_limits_positive",
                condition=Q(most_lines=None) | Q(most_lines__gt=0),
            ),
        )

    def __str__(self) -> str:
        return "Limits of invoice runs"

    @property
    def figures(self) -> dict[str, Any]:
        """The limits, the totals as amounts."""
        totals = {currency: Decimal(amount) for currency, amount in self.largest_totals.items()}
        return {"largest_totals": totals, "most_lines": self.most_lines, "oldest_days": self.oldest_days}

    def largest_total(self, currency: str) -> Decimal | None:
        """The largest total of an invoice in this currency; None where there is no limit."""
        amount = self.largest_totals.get(currency)
        return None if amount is None else Decimal(amount)
