"""The import of another system: what it is, how far it is, what staff decided about it, and what came of it."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone


class SystemImport(models.Model):
    """One reading of one system, and what was made of it. Its staged rows go when it has ended, or after seven days.

    `source` names the installation that is imported: external references bear it, so that whoever reads the same one
    again brings only what is new. `identity` is what that installation says that it is (its address), so that two are
    not taken for one. `version` is its program's.

    `facts` is what the system has once, as read: {"currencies": {"1": "USD"}, "groups": …, "gateways": …,
    "fields": …, "taxes": …}. `sums` is what the system itself adds up, in the snapshot that was read: figure → currency
    code → text. `answers` is what staff decided, by the key of the question. `preview`, `comparison` and `receipt` are
    kept as they were told; they name rows by number and id only. `doing`, `done` of `total` are how far it is, as of
    `told_at`; `error` is why it stopped.
    """

    class System(models.TextChoices):
        WHMCS = "whmcs", "WHMCS"
        FOSSBILLING = "fossbilling", "FOSSBilling"
        STRIPE = "stripe", "Stripe"

    class State(models.TextChoices):
        READING = "reading", "Being read"
        READ = "read", "Read, nothing booked"
        COMMITTING = "committing", "Being booked"
        DONE = "done", "Booked"
        DISCARDED = "discarded", "Discarded"

    UNFINISHED = (State.READING, State.READ, State.COMMITTING)

    system = models.CharField(max_length=11, choices=System)
    source = models.CharField(max_length=100)
    identity = models.CharField(max_length=300, blank=True)
    version = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    sums = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    answers = models.JSONField(default=dict)
    preview = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    comparison = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    receipt = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    doing = models.CharField(max_length=100, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    told_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    committed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    switched_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        permissions = (("import_system", "Import another system"),)
        constraints = (
            models.CheckConstraint(
                name="system_import_system", condition=Q(system__in=["whmcs", "fossbilling", "stripe"])
            ),
            models.CheckConstraint(
                name="system_import_state",
                condition=Q(state__in=["reading", "read", "committing", "done", "discarded"]),
            ),
            models.CheckConstraint(name="system_import_names_its_source", condition=~Q(source="")),
            # What two of them staged would be booked twice.
            models.UniqueConstraint(
                fields=("source",),
                name="one_unfinished_import_of_a_source",
                condition=Q(state__in=["reading", "read", "committing"]),
            ),
        )
        indexes = (models.Index(fields=("-created_at",), name="system_import_by_age"),)

    def __str__(self) -> str:
        return f"{self.source} of {self.created_at:%-d %b %Y}"

    @property
    def actor_name(self) -> str:
        """Who what it brings was made by."""
        return f"Import of {self.source}"[:150]

    @property
    def meaning(self) -> str:
        """How its state is to be taken."""
        return {"done": "good", "read": "attention", "discarded": "quiet"}.get(self.state, "")
