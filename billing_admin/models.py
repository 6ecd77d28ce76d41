"""What belongs to no app alone: jobs for a queue worker, what groups were offered, what append-only tables got."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from billing_admin.db.triggers import refuse
from billing_admin.money.fields import CurrencyField


class Job(models.Model):
    """One piece of work: what it is about, how it stands, and what came of it in words for staff.

    `kind` names the task that does it, `subject` what it is about; of one kind and subject, one at most is unfinished.
    Its place in the queue is a row of procrastinate's, deferred in the same transaction.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"
        FAILED = "failed", "Failed"

    class Level(models.TextChoices):
        GOOD = "good", "Good"
        ATTENTION = "attention", "Attention"
        DANGER = "danger", "Danger"

    UNFINISHED = (State.WAITING, State.RUNNING)

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=64, blank=True)
    arguments = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    level = models.CharField(max_length=9, choices=Level, default=Level.GOOD)
    outcome = models.TextField(blank=True)
    # How far it is, where it tells: “Booking credit”, 5,000 of 20,000 rows.
    doing = models.CharField(max_length=100, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                name="job_state", condition=Q(state__in=["waiting", "running", "done", "refused", "failed"])
            ),
            models.UniqueConstraint(
                name="one_unfinished_job_of_a_kind",
                fields=("kind", "subject"),
                condition=Q(state__in=["waiting", "running"]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}".strip()

    @property
    def is_unfinished(self) -> bool:
        """Whether it waits or is at work, as far as its row says."""
        return self.state in self.UNFINISHED

    @property
    def lock(self) -> str:
        """Its lock in the queue, by which `jobs/status.py` finds it; two with the same lock are never done at once."""
        return f"job {self.pk}"


class SavedFile(models.Model):
    """A file that a job makes for somebody to save; the content comes last.

    It may name clients: each deletion of a client takes all of them, and those that are still being made.
    """

    job = models.OneToOneField(Job, models.CASCADE, primary_key=True, related_name="file")
    name = models.CharField(max_length=100)
    content = models.BinaryField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class ActedRows(models.Model):
    """Some of the rows that a job acts on, in one transaction: as they were looked at, and what was left out of them.

    `reasons` has a line for each that was `left_out`, why.
    """

    job = models.ForeignKey(Job, models.CASCADE, related_name="acted_rows")
    row_ids = ArrayField(models.BigIntegerField())
    marks = ArrayField(models.CharField(max_length=16))
    is_done = models.BooleanField(default=False)
    left_out = ArrayField(models.BigIntegerField(), default=list)
    reasons = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "acted rows"

    def __str__(self) -> str:
        return f"{len(self.row_ids)} of {self.job}"


class SavedView(models.Model):
    """A list as somebody wants to see it: what it is filtered by and its order, for its owner or, `shared`, for all.

    The one without a name is the owner's own: the columns that they chose, and what the list opens with. The query is
    values per name, in words and not as an address has them: so the name of a client that is deleted is found in it.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    listing = models.CharField(max_length=40)
    name = models.CharField(max_length=60, blank=True)
    query = models.JSONField(default=dict)
    columns = ArrayField(models.CharField(max_length=60), default=list)
    shared = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("owner", "listing", "name"), name="one_saved_view_of_a_name"),)
        indexes = (models.Index(fields=("listing",), name="saved_view_shared", condition=Q(shared=True)),)

    def __str__(self) -> str:
        return self.name


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


def _never_changed() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="never_changed",
        operation=pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=refuse("What was written and deleted stays as it was noted."),
    )


class WrittenRows(models.Model):
    """The rows that one statement added to an append-only table: ids, clients and digests, in the same order.

    The trigger of `billing_admin.db.append_only` adds them; `check_ledger` compares.
    """

    table_name = models.CharField(max_length=63)
    row_ids = ArrayField(models.BigIntegerField())
    client_ids = ArrayField(models.BigIntegerField(null=True))
    digests = ArrayField(models.BigIntegerField())
    typed = ArrayField(models.BigIntegerField(null=True))

    class Meta:
        default_permissions = ()
        verbose_name_plural = "written rows"
        triggers = (_never_changed(),)

    def __str__(self) -> str:
        return f"{len(self.row_ids)} of {self.table_name}"


class DeletedRowsManager(models.Manager["DeletedRows"]):
    def delete(self, table: str, *, where: str, **parameters: Any) -> None:
        """Delete the rows of an append-only table that `where` names, and note which, in one statement.

        Called inside `billing_admin.db.triggers.maintenance("delete")`, which alone is let through.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                WITH deleted AS (DELETE FROM {table} WHERE {where} RETURNING id)
                INSERT INTO billing_admin_deletedrows (table_name, row_ids, at)
                SELECT '{table}', array_agg(id), now() FROM deleted HAVING count(*) > 0
                """,
                parameters,
            )


class DeletedRows(models.Model):
    """The rows that a deletion took out of an append-only table. What else is missing there was taken out in secret."""

    table_name = models.CharField(max_length=63)
    row_ids = ArrayField(models.BigIntegerField())
    at = models.DateTimeField(default=timezone.now)

    objects = DeletedRowsManager()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "deleted rows"
        triggers = (_never_changed(),)

    def __str__(self) -> str:
        return f"{len(self.row_ids)} of {self.table_name}"


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
