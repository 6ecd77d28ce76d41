"""Sending what waits in the outbox: one message after the other, none before its time, none twice."""

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, connection
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.db.locks import MAIL, Replaced, hold_lock, replaced_text, still_holds_locks
from billing_admin.documents import Press
from billing_admin.errors import BusinessError
from billing_admin.jobs.enqueue import defer
from billing_admin.mail.delivery import deliver, drop, reach, too_big
from billing_admin.mail.letters import Outcome
from clients.models import MailMessage
from clients.models.client_queryset import ClientGone

from .claim import claim
from .content import files_of, give_up, lock_client
from .crash import lost_its_process, surviving, tell_perhaps_sent
from .mark import mark
from .stops import go_on, go_on_where_nothing_waits, is_stopped, server_is_why, stop
from .waves import take_waves_apart

_LOG = logging.getLogger(__name__)

SEND_MAIL = "clients.send_mail"
# After so long, or so many, the job ends, and the next one goes on.
SECONDS, MOST = 60, 1_000
# How long a message waits of which somebody else has the client at this moment.
_SECONDS_IF_TAKEN = 0.2

_IS_DUE = """
    SELECT (EXISTS (SELECT FROM clients_mailwave)
            OR EXISTS (SELECT FROM clients_mailmessage WHERE state = 'waiting' AND due_at <= now())
               AND NOT EXISTS (SELECT FROM clients_mailsettings WHERE stopped_until > now()))
       AND NOT EXISTS (SELECT FROM procrastinate_jobs WHERE lock = %s AND status IN ('todo', 'doing'))
"""


def look_after_mail() -> None:
    """What each worker does every other moment: have mail sent where some is due, and tell what died on its way.

    The outbox is the queue: who puts a message in wakes nobody, and nothing that is due can be missed.
    """
    tell_perhaps_sent()
    if _is_due():
        with db_transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('mail is woken', 0))")
            if cursor.fetchone()[0] and _is_due():
                defer(SEND_MAIL, lock=SEND_MAIL)


def _is_due() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_IS_DUE, [SEND_MAIL])
        return bool(cursor.fetchone()[0])


@dataclass
class Sending:
    """How far this process has come, and what it must not try again at once."""

    sender: int
    mailer: BaseEmailBackend
    press: Press
    done: int = 0
    next_at: float = 0
    passed: set[int] = field(default_factory=set)
    is_careful: bool = False  # a process died at this job
    is_stopped: bool = False


def send_mail(*, ending: Event, seconds: float = SECONDS, most: int = MOST) -> int:
    """Send what is due until nothing is, the time is over or `ending` is set; returns how many were taken.

    The process holds the lock of its sender meanwhile: when it dies, others see it.
    """
    take_waves_apart()
    if not MailMessage.objects.waiting().exists() or is_stopped():
        return 0
    sender = secrets.randbits(31)
    with hold_lock("pg_try_advisory_xact_lock(%s, %s)", MAIL, sender), Press() as press:
        sending = Sending(sender, mailers["default"], press, is_careful=lost_its_process(SEND_MAIL))
        try:
            _send_until(sending, lambda: ending.is_set() or sending.done >= most, ending, time.monotonic() + seconds)
        finally:
            drop(sending.mailer)
    # The next job knows nothing of this one: the pause after the last message is over before it may begin.
    ending.wait(max(0, sending.next_at - time.monotonic()))
    return sending.done


def _send_until(sending: Sending, is_over: Callable[[], bool], ending: Event, deadline: float) -> None:
    while not is_over() and not sending.is_stopped and time.monotonic() < deadline:
        message = MailMessage.objects.waiting().exclude(pk__in=sending.passed).first()
        if message is None and not sending.passed:
            go_on_where_nothing_waits()
            return
        if message is None:  # all that is due is somebody's at this moment
            sending.passed.clear()
            ending.wait(_SECONDS_IF_TAKEN)
        elif not _reached(sending.mailer):
            return
        elif not ending.wait(max(0, sending.next_at - time.monotonic())):
            _send_one(sending, message)


def _reached(mailer: BaseEmailBackend) -> bool:
    """Whether the mail server is there. Where it is not, nothing is claimed and no message has lost a try."""
    if why := reach(mailer):
        stop(why)
    return not why


def _send_one(sending: Sending, message: MailMessage) -> None:
    """Claim one message, hand it over with no lock of the database held, and write down what came of it.

    One that cannot be written fails by itself; the others go on.
    """
    try:
        with surviving(message, careful=sending.is_careful):
            files = files_of(message, sending.press)
        claimed = claim(message, sender=sending.sender, files=files)
    except ClientGone:  # it was merged or deleted while the document was drawn
        sending.passed.add(message.pk)
        return
    except (DatabaseError, Replaced):
        raise
    except Exception as error:
        words = str(error)
        if not isinstance(error, BusinessError):
            _LOG.exception("A message could not be written.")
            words = f"It could not be written. {type(error).__name__}: {error}"
        sending.done += 1
        _fail(message, words)
        return
    if claimed == "passed":
        sending.passed.add(message.pk)
        return
    sending.done += 1
    if claimed == "ended":
        return
    settings = claimed.settings
    if large := too_big(claimed.letter, settings.most_megabytes):
        mark(claimed, Outcome("failed", large))
        return
    sending.next_at = time.monotonic() + 60 / settings.per_minute
    if not still_holds_locks():  # it was stopped for so long that others may have sent it again by now
        mark(claimed, Outcome("again", replaced_text()), timezone.now())
        raise Replaced(replaced_text())
    outcome = deliver(sending.mailer, claimed.letter)
    if outcome.kind == "sent":
        mark(claimed, outcome)
        go_on(settings)
    else:
        mark(claimed, outcome, server_is_why(outcome, message))
        sending.is_stopped = is_stopped()


@db_transaction.atomic
def _fail(message: MailMessage, why: str) -> None:
    """Of what waits still: it may have been claimed or deleted by now."""
    client = lock_client(message)
    waiting = MailMessage.objects.filter(pk=message.pk, state=MailMessage.State.WAITING)
    for row in waiting.select_for_update(skip_locked=True):
        row.end(MailMessage.State.FAILED, why)
        give_up(row, client)
