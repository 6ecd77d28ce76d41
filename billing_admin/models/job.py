"""Work for a queue worker, and what it made or acted on."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone


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
