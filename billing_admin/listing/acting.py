"""Acting on many rows of a list: what was previewed is what is acted on.

The preview leaves with the form, signed: each row's id and a mark of how it stood. A row whose mark is another one by
then was changed by somebody, and is left out with the reason, as is each that the action itself refuses.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction as db_transaction
from django.db.models import Model

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError

# More rows than these take too long for one request.
MOST_AT_ONCE = 300
_KEPT = 24 * 60 * 60  # seconds

GONE = "It was deleted meanwhile."
CHANGED = "It was changed since you looked at it."


@dataclass(frozen=True)
class RowsAction[Row: Model]:
    """What is done with many rows: words for it, and functions of a row.

    A row has cells to `describe` it, and is `called` something where it stands alone.
    `done` says it of rows that it was done to, as in “3 drafts issued”. `rows` reads the rows of ids in their order,
    anew each time. `mark` is something else once a row is no longer what was looked at. `why_not` is a reason known
    before; `act` may still refuse. `lock` takes the locks of all rows first, in the one order of the project. `keep` is
    the way out.
    """

    name: str
    title: str
    label: str
    done: str
    noun: str
    nouns: str
    describe: Callable[[Row], Sequence[Any]]
    called: Callable[[Row], str]
    rows: Callable[[Sequence[int]], list[Row]]
    mark: Callable[[Row], str]
    why_not: Callable[[Row], str]
    lock: Callable[[Sequence[int]], object]
    act: Callable[[Row, Actor], object]
    danger: bool = False
    keep: str = "Cancel"


@dataclass(frozen=True)
class LeftOut:
    """A row that nothing was done to, and why."""

    name: str
    reason: str


@dataclass
class Preview[Row: Model]:
    """What would be done: the rows, those that cannot be, and the signed whole for the form."""

    rows: list[Row] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    signed: str = ""


@dataclass
class Acted:
    """What was done, and what was left out."""

    count: int = 0
    left_out: list[LeftOut] = field(default_factory=list)


def preview[Row: Model](action: RowsAction[Row], ids: Sequence[int], *, by: Actor) -> Preview[Row]:
    """What the action would do to these rows as they stand. What is signed serves the same person alone.

    Raises BusinessError where they are too many.
    """
    if len(ids) > MOST_AT_ONCE:
        raise BusinessError(
            f"More than {MOST_AT_ONCE:,} {action.nouns} are chosen, which is too much at once. Filter the list first."
        )
    found = Preview[Row]()
    for row in action.rows(ids):
        if reason := action.why_not(row):
            found.left_out.append(LeftOut(action.called(row), reason))
        else:
            found.rows.append(row)
    marks = [(row.pk, action.mark(row), action.called(row)) for row in found.rows]
    found.signed = signing.dumps(marks, salt=_salt(action, by), compress=True)
    return found


@db_transaction.atomic
def act_on_rows(action: RowsAction[Any], signed: str, *, by: Actor) -> Acted:
    """Do it to each row that stands as it was previewed. Each is done whole or not at all, and refuses for itself.

    Raises BusinessError where the preview is not one of ours, or too old.
    """
    try:
        marks = signing.loads(signed, salt=_salt(action, by), max_age=_KEPT)
    except signing.BadSignature:
        raise BusinessError("What was looked at is too old, or was changed. Look at it again.") from None
    ids = [pk for pk, _, _ in marks]
    action.lock(ids)
    rows = {row.pk: row for row in action.rows(ids)}
    acted = Acted()
    for pk, mark, name in marks:
        reason = _act(action, rows.get(pk), mark, by)
        if reason:
            acted.left_out.append(LeftOut(name, reason))
        else:
            acted.count += 1
    return acted


def _act(action: RowsAction[Any], row: Any, mark: str, by: Actor) -> str:
    """Do it to one row; why it was left out, or nothing."""
    if row is None:
        return GONE
    if action.mark(row) != mark:
        return CHANGED
    try:
        with db_transaction.atomic():
            action.act(row, by)
    except BusinessError as error:
        return str(error)
    except ValidationError as error:  # what is stored of the row is no longer lawful
        return " ".join(error.messages)
    return ""


def _salt(action: RowsAction[Any], by: Actor) -> str:
    return f"rows to {action.name} by {by.pk if by else 'the system'}"
