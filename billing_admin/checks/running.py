"""What must go on for all of it to work: workers, daily tasks, mail, room on the disk. Pages are answered without."""

import datetime
import shutil
import smtplib
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.core.mail import mailers
from django.db import Error, connection, connections
from django.utils import timezone

from billing_admin.backup.kept import last_backup
from billing_admin.db.locks import DEAD_AFTER
from billing_admin.db.replica import ALIAS, MOST_BEHIND, SECONDS_APART
from billing_admin.db.versions import missing_migrations
from billing_admin.jobs.daily import last_daily_tasks
from billing_admin.models import Job
from billing_admin.text import pluralize
from clients.models import MailSettings
from credits.models import LedgerCheck

# `manage.py daily` is run once a day, and may take its time.
DAILY_WITHIN = datetime.timedelta(hours=26)
LEAST_FREE = 2 * 1024**3  # bytes

type Check = Callable[..., Iterator[CheckMessage]]


def reads_tables(check: Check) -> Check:
    """Leave it out where the tables are not as this version needs them, which another check says."""

    @wraps(check)
    def made(**given: Any) -> Iterator[CheckMessage]:
        return iter(()) if missing_migrations(connection) else check(**given)

    return made


@reads_tables
def check_worker(**_check: Any) -> Iterator[CheckMessage]:
    """Somebody does what is asked for on pages."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp() - max(last_heartbeat)) FROM procrastinate_workers")
        (seconds,) = cursor.fetchone()
    if seconds is None or seconds > DEAD_AFTER:
        last = "none was ever there" if seconds is None else f"the last sign of life is {seconds:,.0f} seconds old"
        yield Warning(
            f"No queue worker is at work ({last}): what is asked for on pages waits, and no mail is sent.",
            hint="manage.py serve starts one with the pages; elsewhere start manage.py work as a service.",
            id="billing_admin.W011",
        )


@reads_tables
def check_daily(**_check: Any) -> Iterator[CheckMessage]:
    """Credit expires, what is due is billed, and the ledger is checked."""
    tasks = last_daily_tasks()
    began = max((task.job.asked_at for task in tasks), default=None)
    if began is None or began < timezone.now() - DAILY_WITHIN:
        last = f"last begun on {timezone.localtime(began):%-d %b %Y at %H:%M}" if began else "never begun"
        yield Warning(
            f"The daily tasks were {last}: credit does not expire, and nothing is billed by itself.",
            hint="Run manage.py daily once a day, from a timer of systemd or cron.",
            id="billing_admin.W012",
        )
    if failed := [task.label for task in tasks if task.state in (Job.State.FAILED, "interrupted")]:
        yield Warning(
            f"Daily tasks did not go well when they were last done: {', '.join(failed)}.",
            hint="The Runs page says what came of each. Then run manage.py daily again: it does nothing twice.",
            id="billing_admin.W013",
        )


@reads_tables
def check_findings(**_check: Any) -> Iterator[CheckMessage]:
    """The books are in order."""
    last = LedgerCheck.objects.exclude(finished_at=None).order_by("-id").first()
    if last and last.finding_count:
        words = pluralize(last.finding_count, "discrepancy", "discrepancies")
        yield Warning(
            f"The last check of the ledger found {words}.",
            hint="Credits → Ledger checks names each. Nothing is repaired by itself.",
            id="billing_admin.W014",
        )


@reads_tables
def check_mail(**_check: Any) -> Iterator[CheckMessage]:
    """Mail leaves."""
    if why := MailSettings.objects.current().stopped_why:
        yield Warning(
            f"Sending mail is stopped for a while: {why}",
            hint="Mend that; sending goes on by itself, or at once by Settings → Mail → Send a test message.",
            id="billing_admin.W015",
        )


def check_mail_server(**_check: Any) -> Iterator[CheckMessage]:
    """The mail server answers and takes our password. Providers are asked nothing: they count what they are asked."""
    if settings.MAIL_PROVIDER != "smtp":
        return
    mailer = mailers["default"]
    try:
        mailer.open()
        mailer.close()
    except (OSError, smtplib.SMTPException) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        yield Warning(
            f"The mail server of EMAIL_URL cannot be used: {reason}.",
            hint="Look at its address, port, encryption, user and password (docs/deploy.md, Mail), and at firewalls.",
            id="billing_admin.W016",
        )


def check_disk(**_check: Any) -> Iterator[CheckMessage]:
    """There is room where this installation writes, the embedded database among it."""
    folder = Path(settings.DATA_DIR)
    if folder.exists() and (free := shutil.disk_usage(folder).free) < LEAST_FREE:
        yield Warning(
            f"Only {free / 1024**3:.1f} GB are free where {folder} is; when nothing is left, nothing can be saved.",
            hint="Make room there, or move BILLING_DATA_DIR to a larger disk.",
            id="billing_admin.W017",
        )


def check_backup(**_check: Any) -> Iterator[CheckMessage]:
    """There is something to restore."""
    if not settings.BACKUP_DIR:
        return
    last = last_backup()
    if last is None or last < timezone.now() - DAILY_WITHIN:
        made = f"the newest is of {timezone.localtime(last):%-d %b %Y at %H:%M}" if last else "there is none"
        yield Warning(
            f"There is no backup of today in {settings.BACKUP_DIR}: {made}.",
            hint="Run manage.py daily once a day, and read what it says of the backup (docs/backup.md).",
            id="billing_admin.W019",
        )


@reads_tables
def check_replica(**_check: Any) -> Iterator[CheckMessage]:
    """Lists and reports are read where DATABASE_REPLICA_URL says."""
    if ALIAS not in connections.settings:
        return
    last = "SELECT extract(epoch FROM max(last_heartbeat)), pg_is_in_recovery(), clock_timestamp()"
    last += " FROM procrastinate_workers"
    try:
        with connection.cursor() as first, connections[ALIAS].cursor() as replica:
            replica.execute(last)
            there, follows, clock = replica.fetchone()
            apart = abs((clock - timezone.now()).total_seconds())
            first.execute(last)
            here, *_ = first.fetchone()
    except Error as error:
        found = f"does not answer: {' '.join(str(error).split())}"
    else:
        behind = here - there if here and there else 0
        if not follows:
            found = "follows no other server."
        elif behind > MOST_BEHIND:
            found = f"is {behind:,.0f} seconds behind."
        elif apart > SECONDS_APART:
            found = f"has a clock that is {apart:,.0f} seconds off, so that it is not read."
        else:
            return
    yield Warning(
        f"The replica of DATABASE_REPLICA_URL {found}",
        hint="Look at its log and at pg_stat_replication on the first server, or unset DATABASE_REPLICA_URL.",
        id="billing_admin.W020",
    )


CHECKS = (
    check_worker, check_daily, check_findings, check_mail, check_mail_server, check_disk, check_backup, check_replica,
)  # fmt: skip
