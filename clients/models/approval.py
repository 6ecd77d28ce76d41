"""What is above somebody's limit and waits until another says yes or no."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from billing_admin.db.functions import exact_places
from billing_admin.db.triggers import DELETING, MERGING, frozen, never_deleted
from billing_admin.money.fields import CurrencyField, MoneyField

from .client import Client
from .limits import LimitKind

_DECIDED = ("approved", "refused")


class ApprovalRequest(models.Model):
    """One action that somebody asked for and that another has to approve before it is done.

    `action` names the service and `payload` what it was asked with; once it is decided, only which row that was about.
    `why` is the sentence with the figures of the limit as it was then. `once` is a digest of the form's key, or of the
    payload where a form has none: of what waits there is one. `uploader` brought the file of bulk credit.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="approval_requests")
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, blank=True, default="", db_default="")
    kind = models.CharField(max_length=12, choices=LimitKind)
    currency = CurrencyField()
    amount = MoneyField()
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    why = models.CharField(max_length=500)
    reason = models.CharField(max_length=500)
    once = models.CharField(max_length=64)
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    requester_name = models.CharField(max_length=150)
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_by_name = models.CharField(max_length=150, blank=True, default="", db_default="")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=500, blank=True, default="", db_default="")

    class Meta:
        default_permissions = ()
        permissions = (("approve_request", "Approve what is above somebody’s limit"),)
        indexes = (
            models.Index(fields=("state", "-id"), name="approval_by_state"),
            models.Index(fields=("-asked_at", "-id"), name="approval_by_age"),
        )
        constraints = (
            models.CheckConstraint(name="approval_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="approval_state", condition=Q(state__in=["waiting", *_DECIDED, "withdrawn"])),
            models.CheckConstraint(name="approval_kind", condition=Q(kind__in=LimitKind.values)),
            exact_places("approval_places", "amount"),
            models.CheckConstraint(
                name="approval_decided",
                condition=Q(state="waiting", decided_at=None) | ~Q(state="waiting") & Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="approval_by_another",
                condition=~Q(state__in=_DECIDED)
                | (Q(decided_by=None) | Q(requester=None) | ~Q(decided_by=F("requester")))
                & (Q(decided_by=None) | Q(uploader=None) | ~Q(decided_by=F("uploader"))),
                violation_error_message="Somebody else has to decide on it.",
            ),
            models.UniqueConstraint(fields=("once",), name="approval_waits_once", condition=Q(state="waiting")),
        )
        triggers = (
            frozen(
                "asked_stays", "action", "kind", "currency", "amount", "why", "requester_name", "asked_at",
                text="What was asked for stays as it was asked.",
            ),
            # The name of a file may be that of a client.
            frozen("subject_stays", "subject", text="What was asked for stays as it was asked.", unless=DELETING),
            frozen(
                "decision_stays", "state", "decided_at", "decided_by_name",
                text="What was decided stays so.", unless="OLD.state = 'waiting'",
            ),
            frozen(
                "stays_with_client", "client_id", text="A request moves to another client only by a merge.",
                unless=MERGING,
            ),
            never_deleted("never_deleted", text="A request goes only with its client.", unless=DELETING),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.amount} asked for by {self.requester_name}"

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided on it."""
        return self.state == self.State.WAITING

    def said(self) -> dict[str, Any]:
        """What an activity keeps of it."""
        return {"request": self.pk, "kind": self.kind, "amount": self.amount.amount, "currency": self.currency}
