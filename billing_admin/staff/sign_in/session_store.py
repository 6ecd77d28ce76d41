"""Django's sessions, kept as rows of a person: SESSION_ENGINE.

One ends 12 hours after it was last used and 7 days after signing in, whichever comes first; whoever is only about to
sign in has half an hour. PostgreSQL ends those of an account whose password changes or that is no longer active.
"""

import datetime
import hashlib
import json
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError
from django.db import transaction as db_transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from billing_admin.models import Role, StaffSession

from .sealed import Unreadable, seal, unseal

IDLE = datetime.timedelta(hours=12)
LONGEST = datetime.timedelta(days=7)
OF_NOBODY = datetime.timedelta(minutes=30)
# When it was last used is written down no more often than that.
_BETWEEN_NOTES = datetime.timedelta(minutes=5)

# What a session says of its browser, noted by `began`.
ADDRESS, AGENT = "address", "agent"


def digest_of(session_key: str) -> str:
    """By which the session of a key is known to us."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def alive(now: datetime.datetime) -> Q:
    """Of sessions: that they have not ended by themselves."""
    signed_in = Q(person__isnull=False, last_used_at__gt=now - IDLE, made_at__gt=now - LONGEST)
    return signed_in | Q(person__isnull=True, made_at__gt=now - OF_NOBODY)


class SessionStore(SessionBase):
    """One session. `must_enrol`: its person has a role that needs a second factor, and has none yet."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._must_enrol = False

    @property
    def must_enrol(self) -> bool:
        self._get_session()  # type: ignore[attr-defined]
        return self._must_enrol

    def load(self) -> dict[str, Any]:
        now = timezone.now()
        found = StaffSession.objects.filter(alive(now), digest=digest_of(self.session_key or ""))
        row = next(iter(found.annotate(must_enrol=_must_enrol())), None)
        if row is None:
            self._session_key = None
            return {}
        self._must_enrol = row.must_enrol
        if now - row.last_used_at >= _BETWEEN_NOTES:
            StaffSession.objects.filter(pk=row.pk).update(last_used_at=now)
        return self.decode(row.data)

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        now = timezone.now()
        values = {
            "data": self.encode(data), "person_id": data.get(SESSION_KEY), "last_used_at": now,
            "address": data.get(ADDRESS), "agent": data.get(AGENT, ""),
        }  # fmt: skip
        digest = digest_of(self.session_key)
        if must_create:
            try:
                with db_transaction.atomic():
                    StaffSession.objects.create(digest=digest, made_at=now, **values)
            except IntegrityError as error:
                raise CreateError from error
        elif not StaffSession.objects.filter(digest=digest).update(**values):
            raise UpdateError  # it was ended meanwhile
        return None

    def create(self) -> None:
        self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
        self.save(must_create=True)
        self.modified = True

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            StaffSession.objects.filter(digest=digest_of(key)).delete()

    def exists(self, session_key: str) -> bool:
        return StaffSession.objects.filter(digest=digest_of(session_key)).exists()

    def encode(self, session_dict: dict[str, Any]) -> str:
        return seal(json.dumps(session_dict))

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            return dict(json.loads(unseal(str(session_data))))
        except Unreadable:
            return {}

    @classmethod
    def clear_expired(cls) -> None:
        forget_ended()


def forget_ended() -> int:
    """Remove the sessions that have ended by themselves. Returns how many."""
    return StaffSession.objects.exclude(alive(timezone.now())).delete()[0]


def _must_enrol() -> Q:
    required = Role.objects.filter(second_factor=True, group__user=OuterRef("person"))
    kept = Authenticator.objects.filter(user=OuterRef("person")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return Q(Exists(required)) & ~Q(Exists(kept))
