"""What happens around signing in: one line of the log each, and a signal for whoever keeps it."""

import logging
from enum import StrEnum

from django.contrib.auth.models import User
from django.dispatch import Signal
from django.http import HttpRequest

from .addresses import client_address

_log = logging.getLogger("billing_admin.sign_in")

sign_in_noted = Signal()
"""Sent outside any transaction of ours, with `event` (Event), `person` (User, or None where there is no such account),
`request` (HttpRequest, or None where a command did it), `by` (User, whom a command was told to act for) and `count`
(how many, of sessions that ended). The sender is Event. A receiver that raises makes the request fail."""


class Event(StrEnum):
    """As the log says it."""

    SIGNED_IN = "Signed in"
    FAILED = "Sign-in failed"
    REFUSED = "Sign-in refused after too many failures"
    BUSY = "Sign-in refused while others are signing in"
    CODE_FAILED = "Wrong code"
    CONFIRMED = "Confirmed who it is"
    SIGNED_OUT = "Signed out"
    SESSIONS_ENDED = "Sessions ended"
    PASSWORD_CHANGED = "Password changed"  # noqa: S105
    FACTOR_ADDED = "Second factor added"
    FACTOR_REMOVED = "Second factor removed"
    CODES_MADE = "Recovery codes made anew"
    FACTORS_RESET = "Second factors removed by a command"
    UNLOCKED = "Failures forgotten by a command"


_BAD = {Event.FAILED, Event.REFUSED, Event.BUSY, Event.CODE_FAILED}


def note(
    event: Event,
    person: User | None,
    request: HttpRequest | None = None,
    *,
    by: User | None = None,
    count: int = 1,
) -> None:
    """Note it. A name that is no account's is noted nowhere: it is often a password."""
    name = "nobody known" if person is None else repr(person.get_username())
    place = "a command" if request is None else client_address(request)
    _log.log(logging.WARNING if event in _BAD else logging.INFO, "%s: %s from %s", event.value, name, place)
    sign_in_noted.send(Event, event=event, person=person, request=request, by=by, count=count)
