"""Activity: the audit log. One row for each business action, written in the same database transaction."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils import timezone

from billing_admin.actor import Actor, approval_of
from billing_admin.db.append_only import AppendOnly
from billing_admin.db.functions import search_of_typed
from billing_admin.db.triggers import MERGING, frozen, never_deleted, note_frozen
from billing_admin.text import with_note

from .activity_permissions import PERMISSIONS
from .client import Client

# Who acted when no one was signed in: a batch job.
SYSTEM = "System"


def actor_name(by: Actor) -> str:
    """The name that stays on a ledger entry or activity row when the user is renamed or removed.

    Of what was approved it is both names.
    """
    if by is None:
        return SYSTEM
    name = by.get_full_name() or by.get_username()
    approval = approval_of(by)
    return f"{name[:65]}, approved by {actor_name(approval.approver)[:65]}" if approval else name[:150]


# What an edit wrote down of the profile is emptied when a merge is undone; of all else that was typed, the note.
_ROWS = AppendOnly(
    "clients_activity",
    fixed=(
        "id", "actor_name", "verb", "summary", "at",
        "CASE verb WHEN 'client.edited' THEN to_jsonb(note) ELSE data END",
    ),
    emptied="CASE verb WHEN 'client.edited' THEN coalesce(nullif(data, '{}')::text, '') ELSE note END",
)  # fmt: skip


class Deed(NamedTuple):
    """One business action, as `ActivityManager.record` takes it."""

    verb: str
    summary: str
    note: str = ""
    data: dict[str, Any] | None = None


# Every action writes its row: Django takes four times as long to put the statement together.
_RECORD = """
    INSERT INTO clients_activity (client_id, actor_id, actor_name, verb, summary, note, data, at)
    VALUES {} RETURNING id
"""
_ROW = "(%s, %s, %s, %s, %s, %s, %s::jsonb, %s)"


class ActivityManager(models.Manager["Activity"]):
    def record(
        self,
        *,
        by: Actor,
        client: Client | None,
        verb: str,
        summary: str,
        note: str = "",
        data: dict[str, Any] | None = None,
    ) -> "Activity":
        """Write down one business action. `verb` is `subject.past_participle`, as in `credit.added`.

        `summary` is what we say, `note` what somebody typed about it.
        """
        (row,) = self.record_all([Deed(verb, summary, note, data)], by=by, client=client)
        return row

    def record_all(self, deeds: Sequence[Deed], *, by: Actor, client: Client | None) -> "list[Activity]":
        """Write down several business actions about one client, in their order, in one statement."""
        name, approval = actor_name(by), approval_of(by)
        approved = {"request": approval.request, "approved_by": approval.approver.pk} if approval else {}
        rows = [
            Activity(
                client=client, actor=by, actor_name=name, **deed._asdict() | {"data": {**(deed.data or {}), **approved}}
            )
            for deed in deeds
        ]
        values: list[Any] = []
        for row in rows:
            data = json.dumps(row.data, cls=DjangoJSONEncoder)
            values += [row.client_id, row.actor_id, name, row.verb, row.summary, row.note, data, row.at]
        with connection.cursor() as cursor:
            cursor.execute(_RECORD.format(", ".join([_ROW] * len(rows))), values)
            for row, (row.pk,) in zip(rows, cursor.fetchall(), strict=True):
                row._state.adding = False
        return rows

    def visible_to(self, person: User) -> "models.QuerySet[Activity]":
        """What the person may see: of each verb, those who have all the permissions that it is declared with."""
        seen = [verb for verb, permissions in PERMISSIONS.items() if person.has_perms(permissions)]
        return self.all() if len(seen) == len(PERMISSIONS) else self.filter(verb__in=seen)


class Activity(models.Model):
    """Who did what, to which client, when. `client` is empty for what concerns the whole system."""

    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="activities", db_index=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False)
    actor_name = models.CharField(max_length=150)
    verb = models.CharField(max_length=50)
    summary = models.TextField()
    note = models.TextField(blank=True, default="", db_default="")
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(default=timezone.now)

    # Whose it was before a merge, where a selector has looked it up.
    of_number: int | None = None

    objects = ActivityManager()

    rows = _ROWS

    class Meta:
        default_permissions = ()
        verbose_name_plural = "activities"
        indexes = (
            models.Index(fields=("client", "-id"), name="activity_of_client"),
            # By nobody is what runs do, and most there is.
            models.Index(fields=("actor",), condition=models.Q(actor__isnull=False), name="activity_of_actor"),
            search_of_typed("note", name="activity_by_note"),
        )
        triggers = (
            frozen(
                "append_only", "verb", "summary", "actor_name", "at",
                text="What was done stays as it was written down.",
            ),
            frozen(
                "actor_stays", "actor_id", text="Who did it stays as it was written down.",
                unless="NEW.actor_id IS NULL",
            ),
            frozen(
                "data_stays", "data", text="What was done stays as it was written down.",
                unless=f"NEW.verb = 'client.edited' AND NEW.data = '{{}}' AND {MERGING}",
            ),
            frozen(
                "stays_with_client", "client_id", text="Activity moves to another client only by a merge.",
                unless=MERGING,
            ),
            note_frozen(),
            never_deleted("never_deleted", text="Activity is never deleted; it goes only with its client."),
            _ROWS.write_down,
        )  # fmt: skip

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """What was done, and what was typed about it."""
        return with_note(self.summary, self.note)
