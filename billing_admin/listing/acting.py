"""Acting on many rows of a list: what was previewed is what is acted on.

Each row has a mark of how it stood. A row whose mark is another one by then was changed by somebody, and is left out
with the reason, as is each that the action itself refuses. The preview of a few leaves with the form, signed. Of many
only a digest does; the marks are kept with the job that acts on them, see `queued.py`.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any, Protocol

from django.contrib.auth.models import User
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.models import Job
from billing_admin.web.lists import Listing

# More rows than these take too long for one request, and a queue worker acts on them; more than the others nobody does.
MOST_AT_ONCE = 300
MOST = 100_000
# So many rows of a preview are shown, and so many are read at a time.
SHOWN = 20
_READ_AT_ONCE = 1_000
_KEPT = 24 * 60 * 60  # seconds

GONE = "It was deleted meanwhile."
CHANGED = "It was changed since you looked at it."


class HasPk(Protocol):
    """A row, or something that stands for rows by the id of one."""

    @property
    def pk(self) -> Any:
        """Its id."""


@dataclass(frozen=True)
class AsFile:
    """What is offered beside an action: to have the same rows as a file, which a worker makes. What the button says.

    `ask` is given the list as it was chosen from, and who asks. It takes these rights besides those to act.
    """

    label: str
    permissions: Sequence[str]
    ask: Callable[[Listing[Any], User], Job]


@dataclass(frozen=True)
class RowsAction[Row: HasPk]:
    """What is done with many rows: words for it, who may do it, and functions of a row.

    A row has cells to `describe` it, and is `called` something where it stands alone.
    `done` says it of rows that it was done to, as in “3 drafts issued”. `rows` reads the rows of ids in their order,
    anew each time. `mark` is something else once a row is no longer what was looked at. `why_not` is a reason known
    before; acting may still refuse. `lock` takes the locks of all rows first, in the one order of the project. `act` is
    done to one row at a time, or `act_together` to all of them, which returns what came of it in words. `effects` are
    sentences about what else changes. `keep` is the way out. `alone` is the address where it is done to one row
    by itself, which offers more, as asking for approval: where one was left out, that is offered. Who does a `fresh`
    one has just shown who it is.
    """

    name: str
    title: str
    label: str
    done: str
    noun: str
    nouns: str
    permissions: Sequence[str]
    describe: Callable[[Row], Sequence[Any]]
    called: Callable[[Row], str]
    rows: Callable[[Sequence[int]], Sequence[Row]]
    mark: Callable[[Row], str]
    why_not: Callable[[Row], str]
    lock: Callable[[Sequence[int]], object]
    act: Callable[[Row, Actor], object] | None = None
    act_together: Callable[[Sequence[Row], Actor], str] | None = None
    effects: Callable[[Sequence[int]], Sequence[str]] = lambda ids: ()
    danger: bool = False
    fresh: bool = False
    keep: str = "Cancel"
    alone: Callable[[int], str] | None = None
    as_file: AsFile | None = None


type Make = Callable[..., RowsAction[Any]]
"""Makes the action for rows of a client (its id, or None for anybody's), and of what was typed for it, by name."""

# `<file name of the list>.<what is done>` → how it is made, and the form that asks what it needs to know. The form gets
# the `client`; its `typed` is for `Make`, and is kept with a job. A text that somebody typed is called `reason` there.
ROWS_ACTIONS: dict[str, tuple[Make, type[Any] | None]] = {}


def rows_action(name: str, form: type[Any] | None = None) -> Callable[[Make], Make]:
    """Register what can be done with rows of a list."""

    def register(make: Make) -> Make:
        ROWS_ACTIONS[name] = (make, form)
        return make

    return register


@dataclass(frozen=True)
class LeftOut:
    """A row that nothing was done to, and why; `url` leads to where it is done to this row alone, if anywhere."""

    name: str
    reason: str
    url: str = ""


@dataclass
class Preview[Row: HasPk]:
    """What would be done: how each row stands, the ids of those that it is done to, and the first of them.

    `more_left_out` are not named.
    """

    marks: dict[int, str] = field(default_factory=dict)
    going: dict[int, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    more_left_out: int = 0

    @property
    def is_for_a_worker(self) -> bool:
        """Whether it is too much for a request."""
        return len(self.marks) > MOST_AT_ONCE

    @property
    def seen(self) -> str:
        """A digest of the whole: where it is another one, something has happened since."""
        return hashlib.sha256(json.dumps(list(self.marks.items())).encode()).hexdigest()


@dataclass
class Acted:
    """What was done, and what was left out."""

    count: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    words: str = ""


def preview[Row: HasPk](action: RowsAction[Row], ids: Sequence[int]) -> Preview[Row]:
    """What the action would do to these rows as they stand.

    Raises BusinessError where they are too many.
    """
    if len(ids) > MOST:
        raise BusinessError(
            f"More than {MOST:,} {action.nouns} are chosen, which is too much at once. Filter the list first."
        )
    found = Preview[Row]()
    for some in batched(ids, _READ_AT_ONCE):
        for row in action.rows(some):
            if row.pk in found.marks:
                continue
            found.marks[row.pk] = _mark(action, row)
            if not (reason := action.why_not(row)):
                found.going[row.pk] = action.called(row)
                if len(found.rows) < SHOWN:
                    found.rows.append(row)
            elif len(found.left_out) < SHOWN:
                found.left_out.append(LeftOut(action.called(row), reason))
            else:
                found.more_left_out += 1
    return found


def signed(action: RowsAction[Any], found: Preview[Any], *, by: Actor) -> str:
    """What was looked at, for the form. It serves the same person alone."""
    marks = [(pk, found.marks[pk], name) for pk, name in found.going.items()]
    return signing.dumps(found.seen if found.is_for_a_worker else marks, salt=_salt(action, by), compress=True)


def looked_at(action: RowsAction[Any], chosen: str, *, by: Actor) -> str | list[tuple[int, str, str]]:
    """What was `signed`: id, mark and name of each row; of many a digest.

    Raises BusinessError where it is not one of ours, or too old.
    """
    try:
        found: str | list[tuple[int, str, str]] = signing.loads(chosen, salt=_salt(action, by), max_age=_KEPT)
    except signing.BadSignature:
        raise BusinessError("What was looked at is too old, or was changed. Look at it again.") from None
    return found


@db_transaction.atomic
def act_on_rows(action: RowsAction[Any], seen: Sequence[tuple[int, str, str]], *, by: Actor) -> Acted:
    """Do it to each row that stands as it was looked at. Each is done whole or not at all, and refuses for itself."""
    reasons, words = act(action, {pk: mark for pk, mark, _ in seen}, by=by)
    left_out = [LeftOut(name, reasons[pk], url_of(action, pk)) for pk, _, name in seen if pk in reasons]
    return Acted(len(seen) - len(left_out), left_out, words)


def url_of(action: RowsAction[Any], pk: int) -> str:
    """Where it is done to one row alone; nothing where there is no such page."""
    return action.alone(pk) if action.alone else ""


def act(action: RowsAction[Any], marks: Mapping[int, str], *, by: Actor) -> tuple[dict[int, str], str]:
    """Do it to the rows that stand so. Returns by id why rows were left out, and what came of the others in words."""
    ids = list(marks)
    action.lock(ids)
    rows = {row.pk: row for row in action.rows(ids)}
    reasons = {pk: reason for pk, mark in marks.items() if (reason := _why_left_out(action, rows.get(pk), mark))}
    going = [rows[pk] for pk in marks if pk not in reasons]
    said: list[str] = []
    for some in [going] if action.act_together and going else [[row] for row in going]:
        try:
            with db_transaction.atomic():
                said += _act(action, some, by)
        except BusinessError as error:
            reasons |= {row.pk: str(error) for row in some}
        except ValidationError as error:  # what is stored of the row is no longer lawful
            reasons |= {row.pk: " ".join(error.messages) for row in some}
    return reasons, " ".join(said)


def _act(action: RowsAction[Any], rows: Sequence[Any], by: Actor) -> Iterator[str]:
    if action.act_together:
        yield action.act_together(rows, by)
    elif action.act:
        action.act(rows[0], by)


def _why_left_out(action: RowsAction[Any], row: Any, mark: str) -> str:
    if row is None:
        return GONE
    return action.why_not(row) if _mark(action, row) == mark else CHANGED


def _mark(action: RowsAction[Any], row: Any) -> str:
    """Short, and without what somebody may have typed: it is kept."""
    return hashlib.sha256(action.mark(row).encode()).hexdigest()[:16]


def _salt(action: RowsAction[Any], by: Actor) -> str:
    return f"rows to {action.name} by {by.pk if by else 'the system'}"
