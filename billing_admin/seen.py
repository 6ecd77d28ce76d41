"""What staff saw of a row before they changed it, so that what others changed meanwhile is never overwritten unseen.

A form carries a short digest of each field as it was shown. Under the lock they are compared with what is stored: a
field that staff left alone keeps what is stored, and one that both changed is a conflict, of which nothing is saved.
"""

import datetime
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import models
from djmoney.money import Money

from billing_admin.errors import BusinessError

# Field → digest of what it was.
type Seen = Mapping[str, str]

_LENGTH = 16


class ChangedMeanwhile(BusinessError):
    """Somebody else changed a field that staff changed too.

    `stored` has all fields as they are now, `moved` the names of those that others changed.
    """

    def __init__(self, stored: Mapping[str, Any], moved: set[str]) -> None:
        self.stored = stored
        self.moved = moved
        super().__init__("Somebody else changed the same meanwhile. Nothing was saved.")


def seen_of(stored: Mapping[str, Any]) -> dict[str, str]:
    """What a form that shows these values carries."""
    return {name: _digest(value) for name, value in stored.items()}


def changes_to_store(*, stored: Mapping[str, Any], typed: Mapping[str, Any], seen: Seen | None) -> dict[str, Any]:
    """Which of the typed values are to be stored: those that staff changed. Without `seen`, all that differ.

    `stored` is read under the lock.

    Raises ChangedMeanwhile.
    """
    if seen is None:
        return {name: value for name, value in typed.items() if value != stored[name]}
    differing = {name: value for name, value in typed.items() if _digest(value) != _digest(stored[name])}
    moved = {name for name in typed if seen.get(name) != _digest(stored[name])}
    touched = {name: value for name, value in differing.items() if seen.get(name) != _digest(value)}
    if moved & touched.keys():
        raise ChangedMeanwhile(stored, moved)
    return touched


def canonical(value: object) -> Any:
    """A value as JSON, the same however it was written: 12.5 and 12.50 are one amount."""
    match value:
        case Money():
            return [canonical(value.amount), value.currency.code]
        case Decimal():
            return f"{value.normalize():f}"
        case datetime.date():
            return value.isoformat()
        case models.Model():
            return value.pk
    return vars(value)


def _digest(value: object) -> str:
    """Of what staff read: nothing is nothing, and neither line ends nor blanks around a text are seen."""
    if isinstance(value, str):
        value = value.replace("\r\n", "\n").strip()
    text = json.dumps("" if value is None else value, sort_keys=True, default=canonical)
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]
