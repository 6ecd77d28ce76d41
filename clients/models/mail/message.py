"""The outbox: each message to each recipient, written in the transaction that causes it, sent after."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone

from billing_admin.db.functions import search_of_typed
from billing_admin.db.triggers import MERGING, frozen, refuse
from clients.models.activity import actor_name
from clients.models.client import Client

from .kinds import SECRET, MailKind, label_of
from .queue_sql import MAIL_OFF, NO_ADDRESS, queue_sql
from .settings import MailSettings

# So many are put into the outbox at once; more wait as one row until a worker takes them apart.
MOST_AT_ONCE = 300


class MailMessageManager(models.Manager["MailMessage"]):
    def queue(
        self,
        kind: str,
        subject_ids: Sequence[int],
        *,
        by: User | None,
        level: int = 0,
        typed: str = "",
        data: dict[str, Any] | None = None,
        part: str = "",
        again: bool = False,
    ) -> int:
        """Have mail sent about these once this transaction is committed; nothing at all while the kind is off.

        Once for each subject, recipient and `part`, as the period of a statement: called again it adds nothing, but
        what was withheld and need not be any more is queued again. `again`: staff want it to go out once more.
        `typed`: what staff typed and the text names.

        Returns how many subjects there were; 0 where the kind is off.
        """
        settings = MailSettings.objects.current()
        if not subject_ids or not (settings.sends(kind) or (again and settings.tested_at)):
            return 0
        if again:
            part = f"{part} {self._again(kind, subject_ids, level)}".strip()
        if len(subject_ids) <= MOST_AT_ONCE or typed or data or part:
            self.put_in(
                kind, subject_ids, by_id=by.pk if by else None, by_name=actor_name(by), level=level, typed=typed,
                data=data, part=part,
            )  # fmt: skip
        else:
            self._put_aside(kind, subject_ids, by, level)
        return len(subject_ids)

    def queue_test(self, address: str, *, by: User | None) -> "MailMessage":
        """A test message to somebody of the staff, with the sender of the settings."""
        return self.create(
            kind=MailKind.TEST, key=f"test {uuid4().hex}", address=address, queued_by=by, queued_by_name=actor_name(by)
        )

    def queue_to_staff(
        self, kind: MailKind, *, address: str, subject_id: int, by: User | None, level: int = 0,
        to: User | None = None, about: str = "",
    ) -> "MailMessage":  # fmt: skip
        """About an account of staff: `subject_id` is a person's, or for an invitation its own. None is ever folded.

        About a request for approval it is the request's, and who gets it is named: `to` each there is one of a kind.
        """
        return self.create(
            kind=kind, key=f"{kind} {subject_id} {to.pk}" if to else f"{kind} {uuid4().hex}", subject_id=subject_id,
            address=address, about=about[:40], level=level, data={"person": to.pk} if to else {},
            is_secret=kind in SECRET and not level, queued_by=by, queued_by_name=actor_name(by),
        )  # fmt: skip

    def _again(self, kind: str, subject_ids: Sequence[int], level: int) -> str:
        """`again 2` where it went out again once; the clients are locked, so that two at once do not both say so."""
        before = self.filter(kind=kind, subject_id__in=subject_ids, level=level, key__contains=" again ")
        return f"again {before.values('key').distinct().count() + 1}"

    def _put_aside(self, kind: str, subject_ids: Sequence[int], by: User | None, level: int) -> None:
        """A row for all of them, by plain SQL: Django looks at each of the ids."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO clients_mailwave (kind, level, subject_ids, at, by_id, by_name)"
                " VALUES (%s, %s, %s::bigint[], %s, %s, %s)",
                [kind, level, list(subject_ids), timezone.now(), by.pk if by else None, actor_name(by)],
            )

    def put_in(
        self,
        kind: str,
        subject_ids: Sequence[int],
        *,
        by_id: int | None,
        by_name: str,
        level: int = 0,
        typed: str = "",
        data: dict[str, Any] | None = None,
        part: str = "",
    ) -> int:
        """The same without asking whether the kind is on; returns how many messages there are more, or again."""
        with connection.cursor() as cursor:
            cursor.execute(
                queue_sql(kind),
                {
                    "kind": kind,
                    "ids": list(subject_ids),
                    "level": level,
                    "part": part,
                    "typed": typed,
                    "data": json.dumps(data or {}, cls=DjangoJSONEncoder),
                    "at": timezone.now(),
                    "by": by_id,
                    "by_name": by_name,
                    "by_hand": " again " in f" {part}",
                    "mail_off": MAIL_OFF,
                    "no_address": NO_ADDRESS,
                },
            )
            return int(cursor.rowcount)

    def waiting(self) -> "models.QuerySet[MailMessage]":
        """What is due by now, in its order."""
        return self.filter(state=MailMessage.State.WAITING, due_at__lte=timezone.now()).order_by("due_at", "pk")


class MailMessage(models.Model):
    """One message to one recipient. `contact_id` is empty for the client's own address, `client` for staff.

    `subject_id` is the id of what it is about, of the table that the kind says. `address`, `language`, `subject` and
    `body` come when it is claimed, not before: it says what is so then. The body keeps `{reason}` as it stands; what
    was typed is in `typed` alone. Of a secret one the body is never stored.

    `sender` is the process that is at it: a lock that goes with it says whether it lives.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        PERHAPS_SENT = "perhaps_sent", "Perhaps sent"
        FAILED = "failed", "Failed"
        BOUNCED = "bounced", "Bounced"
        WITHHELD = "withheld", "Withheld"

    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="mail", db_index=False)
    kind = models.CharField(max_length=16, choices=MailKind)
    subject_id = models.BigIntegerField(null=True)
    level = models.PositiveSmallIntegerField(default=0, db_default=0)
    key = models.CharField(max_length=80)
    contact_id = models.BigIntegerField(null=True)
    about = models.CharField(max_length=40, blank=True, default="", db_default="")
    state = models.CharField(max_length=12, choices=State, default=State.WAITING, db_default="waiting")
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    why = models.CharField(max_length=500, blank=True, default="", db_default="")
    address = models.CharField(max_length=254, blank=True, default="", db_default="")
    language = models.CharField(max_length=10, blank=True, default="", db_default="")
    subject = models.CharField(max_length=300, blank=True, default="", db_default="")
    body = models.TextField(blank=True, default="", db_default="")
    typed = models.CharField(max_length=500, blank=True, default="", db_default="")
    data = models.JSONField(default=dict, db_default={}, blank=True, encoder=DjangoJSONEncoder)
    is_secret = models.BooleanField(default=False, db_default=False)
    sender = models.BigIntegerField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=200, blank=True, default="", db_default="")
    queued_at = models.DateTimeField(default=timezone.now)
    queued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    queued_by_name = models.CharField(max_length=150)

    objects = MailMessageManager()

    class Meta:
        default_permissions = ()
        permissions = (
            ("view_mailmessage", "See mail"),
            ("send_mailmessage", "Send mail, and send it again"),
        )
        constraints = (
            models.UniqueConstraint(fields=("key", "contact_id"), nulls_distinct=False, name="mail_once"),
            models.CheckConstraint(name="mail_kind", condition=Q(kind__in=MailKind.values)),
            models.CheckConstraint(
                name="mail_state",
                condition=Q(state__in=["waiting", "sending", "sent", "perhaps_sent", "failed", "bounced", "withheld"]),
            ),
            models.CheckConstraint(
                name="mail_has_a_sender_while_sent", condition=~Q(state="sending") | Q(sender__isnull=False)
            ),
            models.CheckConstraint(
                name="secret_mail_is_emptied",
                condition=Q(is_secret=False) | Q(body="") & (Q(state__in=["waiting", "sending"]) | Q(data={})),
            ),
        )
        indexes = (
            models.Index(fields=("client", "-id"), name="mail_of_client"),
            models.Index(fields=("due_at", "id"), name="mail_waiting", condition=Q(state="waiting")),
            models.Index(fields=("sender",), name="mail_being_sent", condition=Q(state="sending")),
            models.Index(fields=("kind", "-id"), name="mail_of_kind"),
            models.Index(fields=("state", "-id"), name="mail_not_sent", condition=~Q(state="sent")),
            models.Index(fields=("subject_id", "kind"), name="mail_about", condition=Q(subject_id__isnull=False)),
            models.Index(fields=("provider_id",), name="mail_by_provider", condition=~Q(provider_id="")),
            models.Index(F("client"), Upper("address"), name="mail_bounced", condition=Q(state="bounced")),
            models.Index(fields=("queued_by",), name="mail_queued_by", condition=Q(queued_by__isnull=False)),
            search_of_typed("typed", name="mail_by_typed"),
        )
        triggers = (
            frozen(
                "stays_with_client", "client_id", text="Mail moves to another client only by a merge.", unless=MERGING
            ),
            frozen(
                "says_what_it_is_about", "key", "kind", "subject_id", "level", "contact_id",
                text="What a message is about stays as it was queued.",
            ),
            pgtrigger.Trigger(
                name="never_sent_twice",
                operation=pgtrigger.UpdateOf("state"),
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state IN ('sent', 'bounced') AND NEW.state IN ('waiting', 'sending')"
                    " OR OLD.state = 'perhaps_sent' AND NEW.state NOT IN ('perhaps_sent', 'sent', 'bounced', 'failed')"
                ),
                func=refuse("What was sent is never sent again; a message of its own is."),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.label} {self.about}".strip()

    @property
    def label(self) -> str:
        """What mail of its kind is called."""
        return label_of(self.kind, self.level)

    @property
    def is_by_hand(self) -> bool:
        """Whether staff asked for just this message: then it goes out where none would by itself."""
        return " again " in self.key

    def end(self, state: "MailMessage.State", why: str = "") -> None:
        """Write down that this process will not send it, and why; of a secret one nothing else is left."""
        self.state, self.why, self.sender = state, why[:500], None
        if self.is_secret:
            self.data = {}
        self.save(update_fields=["state", "why", "sender", "data"])
