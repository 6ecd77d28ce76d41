"""The sessions of a person: which there are, and ending them."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from billing_admin.models import StaffSession

from .addresses import client_address
from .devices import device_of
from .events import Event, note
from .session_store import ADDRESS, AGENT, alive, digest_of


@dataclass(frozen=True)
class ShownSession:
    """A browser in which somebody is signed in."""

    pk: int
    device: str
    agent: str
    address: str
    made_at: datetime
    last_used_at: datetime
    is_this: bool
    """Whether it is the one that asks."""


def began(request: HttpRequest) -> None:
    """Note from where, and with what, somebody has just signed in."""
    request.session[ADDRESS] = str(client_address(request))
    request.session[AGENT] = request.headers.get("User-Agent", "").replace("\0", "")[:200]


def sessions_of(person: User, request: HttpRequest) -> list[ShownSession]:
    """Where somebody is signed in, last used first."""
    this = digest_of(request.session.session_key or "")
    rows = StaffSession.objects.filter(alive(timezone.now()), person=person).order_by("-last_used_at", "-pk")
    return [
        ShownSession(
            row.pk, device_of(row.agent), row.agent, str(row.address or ""), row.made_at, row.last_used_at,
            row.digest == this,
        )
        for row in rows
    ]  # fmt: skip


def end_sessions(
    person: User, *, only: int | None = None, but: str | None = None, request: HttpRequest | None = None
) -> int:
    """End all sessions of somebody: or `only` the one of this id, or all `but` the one of this session key.

    Returns how many ended; those that had ended by themselves do not count.
    """
    ended = StaffSession.objects.filter(person=person)
    if only is not None:
        ended = ended.filter(pk=only)
    if but is not None:
        ended = ended.exclude(digest=digest_of(but))
    living = ended.filter(alive(timezone.now())).count()
    ended.delete()
    if living:
        note(Event.SESSIONS_ENDED, person, request, count=living)
    return living
