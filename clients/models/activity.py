"""Activity: the audit log. One row for each business action, written in the same database transaction."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models.fields.json import KT
from django.utils import timezone

from billing_admin.actor import Actor, approval_of
from billing_admin.db.append_only import AppendOnly
from billing_admin.db.functions import search_of_typed
from billing_admin.db.source import SourceOfTransaction
from billing_admin.db.triggers import DELETING, MERGING, frozen, never_deleted
from billing_admin.text import with_note

from .activity_parts import EMPTY, SALT, is_personal, personal
from .activity_permissions import PERMISSIONS
from .client import Client

# Who acted when no one was signed in: a batch job.
SYSTEM = "System"

# What stands in the place of what went with a client.
EMPTIED = "What was written here went with a deleted client"


def actor_name(by: Actor) -> str:
    """The name that stays on a ledger entry or activity row when the user is renamed or removed.

    Of what was approved it is both names.
    """
    if by is None:
        return SYSTEM
    name = by.get_full_name() or by.get_username()
    approval = approval_of(by)
    return f"{name[:65]}, approved by {actor_name(approval.approver)[:65]}" if approval else name[:150]


# What of a row is personal is emptied with a client, and what an edit wrote of a profile when a merge is undone. Such
# rows stay; DeletedRows lists them, and the chain of seals holds what is left of them.
_GOING = f"({DELETING} OR {MERGING})"

_ROWS = AppendOnly(
    "clients_activity",
    fixed=(
        "id", "actor_name", "verb", "summary", "at",
        "CASE verb WHEN 'client.edited' THEN to_jsonb(note) ELSE data END",
    ),
    emptied="CASE verb WHEN 'client.edited' THEN coalesce(nullif(data, '{}')::text, '') ELSE note END",
    stays=True,
    queue="clients_unsealed",
)  # fmt: skip
_SALTED = pgtrigger.Trigger(
    name="salted",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    condition=pgtrigger.Condition(is_personal("NEW.")),
    func=f"NEW.salt = {SALT}; NEW.personal = {personal('NEW.salt', 'NEW.')}; RETURN NEW;",
)
_EMPTY = f"""
    WITH emptied AS (UPDATE clients_activity SET {EMPTY} WHERE salt IS NOT NULL AND ({{where}}) RETURNING id)
    INSERT INTO billing_admin_deletedrows (table_name, row_ids, at)
    SELECT 'clients_activity', array_agg(id ORDER BY id), now() FROM emptied HAVING count(*) > 0
    RETURNING encode(sha256(convert_to(row_ids::text, 'UTF8')), 'hex')
"""


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

    def empty(self, where: str, parameters: dict[str, Any]) -> list[str]:
        """Empty what is personal in the rows that this SQL condition names, for good; the rows stay and are listed.

        Called inside `billing_admin.db.triggers.maintenance`. The digest that is returned, of which rows these were,
        goes into the data of the activity that says what was done: what is emptied without one is found.
        """
        with connection.cursor() as cursor:
            cursor.execute(_EMPTY.replace("{where}", where), parameters)
            return [digest for (digest,) in cursor.fetchall()]

    def visible_to(self, person: User) -> "models.QuerySet[Activity]":
        """What the person may see: of each verb, those who have all the permissions that it is declared with."""
        seen = [verb for verb, permissions in PERMISSIONS.items() if person.has_perms(permissions)]
        return self.all() if len(seen) == len(PERMISSIONS) else self.filter(verb__in=seen)


class Activity(models.Model):
    """Who did what, to which client, when, from where. `client` is empty for what concerns the whole system.

    A row outlives its client: what is personal is emptied then, and `client_id` leads to its ClientDeletion. `source`
    is written by the database, from what the transaction says of itself (`billing_admin.db.source`), as are `salt` and
    `personal`, the salted digest of what is personal; a row without such has none.
    """

    client = models.ForeignKey(
        Client, models.DO_NOTHING, null=True, related_name="activities", db_index=False, db_constraint=False
    )
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    actor_name = models.CharField(max_length=150)
    verb = models.CharField(max_length=50)
    summary = models.TextField()
    note = models.TextField(blank=True, default="", db_default="")
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(default=timezone.now)
    source = models.JSONField(null=True, db_default=SourceOfTransaction())
    salt = models.BinaryField(null=True)
    personal = models.BinaryField(null=True)

    # Whose it was before a merge, where a selector has looked it up.
    of_number: int | None = None

    objects = ActivityManager()

    rows = _ROWS

    class Meta:
        default_permissions = ()
        permissions = (("view_activity", "See and verify the chain of all activity"),)
        verbose_name_plural = "activities"
        indexes = (
            models.Index(fields=("client", "-id"), name="activity_of_client"),
            # By nobody is what runs do, and most there is.
            models.Index(
                fields=("actor", "at", "id"), condition=models.Q(actor__isnull=False), name="activity_of_person"
            ),
            models.Index(fields=("at", "id"), name="activity_by_day"),
            # What runs write for each invoice is found by day soon enough, and a run is spared the index.
            models.Index(
                fields=("verb", "at", "id"), condition=~models.Q(verb="invoice.issued"), name="activity_by_verb"
            ),
            models.Index(
                KT("source__address"),
                "at",
                "id",
                condition=models.Q(source__address__isnull=False),
                name="activity_from_address",
            ),
            search_of_typed("note", name="activity_by_note"),
        )
        triggers = (
            frozen(
                "append_only", "id", "verb", "actor_id", "actor_name", "at", "source", "personal",
                text="What was done stays as it was written down.",
            ),
            frozen(
                "summary_stays", "summary", text="What was done stays as it was written down.",
                unless=f"NEW.summary = '' AND NEW.salt IS NULL AND {DELETING}",
            ),
            frozen(
                "data_stays", "data", text="What was done stays as it was written down.",
                unless=f"NEW.data = '{{}}' AND NEW.salt IS NULL AND {_GOING}",
            ),
            frozen(
                "note_stays", "note", text="A note stays as it was written; only a client's deletion empties it.",
                unless=f"NEW.note = '' AND NEW.salt IS NULL AND {_GOING}",
            ),
            frozen(
                "salt_stays", "salt", text="What was done stays as it was written down.",
                unless=f"NEW.salt IS NULL AND {_GOING}",
            ),
            frozen(
                "stays_with_client", "client_id", text="Activity moves to another client only by a merge.",
                unless=MERGING,
            ),
            never_deleted("never_deleted", text="Activity is never deleted; it outlives its client.", unless="false"),
            _SALTED,
            _ROWS.write_down,
        )  # fmt: skip

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """What was done, and what was typed about it."""
        return with_note(self.summary or EMPTIED, self.note)
