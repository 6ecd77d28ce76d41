"""Messages whose process died: while it was sending them, nobody can tell whether they were, so they say so.

While it was drawing their files, that may be because of them: such a message is put behind the others, and given up
when it happens again and again.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models
from django.utils import timezone

from billing_admin.db.locks import MAIL, held_keys_sql
from billing_admin.errors import BusinessError
from clients.models import MailMessage

_DIED = "The process that was sending it died: perhaps it arrived, perhaps it did not."
_TELL = f"""
    UPDATE clients_mailmessage
    SET state = 'perhaps_sent', why = %s, data = CASE WHEN is_secret THEN '{{}}' ELSE data END
    WHERE state = 'sending' AND sender NOT IN ({held_keys_sql()})
"""


def tell_perhaps_sent() -> int:
    """Say of what a dead process was at that it was perhaps sent; it is never tried again by itself."""
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [_DIED, MAIL])
        return int(cursor.rowcount)


# After so many deaths of a process that was known to draw a message it is given up.
MOST_DEATHS = 3
_DRAWING = "The program ended while its files were being made."


def lost_its_process(lock: str) -> bool:
    """Whether the job that is done under this lock was begun before, by a process that did not come to its end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE lock = %s AND status = 'doing' AND attempts > 0)",
            [lock],
        )
        return bool(cursor.fetchone()[0])


@contextmanager
def surviving(message: MailMessage, *, careful: bool) -> Iterator[None]:
    """Note that files of a message are being drawn, so that a death by it costs it a try and nobody else anything.

    That is two statements, so only where a process has died: `careful` at any message, or at this one. An error that
    the process survives is none of this.

    Raises BusinessError where it happened too often.
    """
    died = message.why == _DRAWING
    if died and message.attempts >= MOST_DEATHS:
        raise BusinessError(f"Given up after {message.attempts} tries. {_DRAWING}")
    if not (careful or died):
        yield
        return
    waiting = MailMessage.objects.filter(pk=message.pk, state=MailMessage.State.WAITING)
    tries = message.attempts + 1 if died else 1
    later = timezone.now() + datetime.timedelta(minutes=tries)
    waiting.update(attempts=tries, why=_DRAWING, due_at=later)
    try:
        yield
    except Exception:
        _undo(waiting, message)
        raise
    _undo(waiting, message)


def _undo(waiting: models.QuerySet[MailMessage], message: MailMessage) -> None:
    attempts = 0 if message.why == _DRAWING else message.attempts
    waiting.update(attempts=attempts, why="", due_at=message.due_at)
