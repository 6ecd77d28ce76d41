"""What the database says of the installation, in the form of Prometheus: each figure from few rows, or left out.

Amounts become floats here, as that form has nothing else; nothing is reckoned from them.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import Error, ProgrammingError, connection
from django.db.models import Count
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from billing_admin.db.limits import TookTooLong, at_most
from billing_admin.jobs.daily import last_daily_tasks
from billing_admin.models import Figures, Job
from billing_admin.web.probes import is_away
from clients.models import MailMessage
from credits.models import LedgerCheck
from invoices.models import InvoiceRun

# So long each figure is looked for.
_MILLISECONDS = 500

_QUEUE = """
    SELECT queue_name, status::text, count(*), coalesce(max(extract(epoch FROM clock_timestamp() - coalesce(
        scheduled_at, (SELECT min(at) FROM procrastinate_events WHERE job_id = job.id)))), 0)
    FROM procrastinate_jobs job
    WHERE status IN ('todo', 'doing') AND (scheduled_at IS NULL OR scheduled_at <= now())
    GROUP BY queue_name, status
"""
_WORKERS = "SELECT extract(epoch FROM clock_timestamp() - max(last_heartbeat)) FROM procrastinate_workers"


class FiguresOfDatabase(Collector):
    """Read anew whenever somebody asks. Where the database is away, that is what is told."""

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("billing_database_up", "1 where the database answers, else 0.", value=1)
        for read in _READ:
            try:
                with at_most(_MILLISECONDS):
                    found = list(read())
            except (TookTooLong, ProgrammingError):  # the tables may not be as this version needs them
                continue
            except Error as error:
                if not is_away(error):
                    break
                up = GaugeMetricFamily("billing_database_up", "1 where the database answers, else 0.", value=0)
                break
            yield from found
        yield up


def _gauge(name: str, said: str, rows: Iterable[tuple[Any, ...]], *labels: str) -> Metric:
    """One figure for each row, of which the last is the value and what comes before are the labels."""
    gauge = GaugeMetricFamily(f"billing_{name}", said, labels=labels)
    for *named, value in rows:
        gauge.add_metric([str(each) for each in named], float(value))
    return gauge


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _work() -> Iterator[Metric]:
    queue = _rows(_QUEUE)
    yield _gauge("queue_jobs", "Jobs that wait (todo) or are at work (doing).", (row[:3] for row in queue),
                 "queue", "state")  # fmt: skip
    waiting = ((name, seconds) for name, state, _, seconds in queue if state == "todo")
    yield _gauge("queue_oldest_seconds", "How long the oldest job waits that could be done.", waiting, "queue")
    alive = (row for row in _rows(_WORKERS) if row[0] is not None)
    yield _gauge("worker_heartbeat_seconds", "Since the last sign of life of any queue worker.", alive)


def _mail() -> Iterator[Metric]:
    rows = MailMessage.objects.exclude(state=MailMessage.State.SENT).values_list("state").annotate(Count("pk"))
    yield _gauge(
        "mail_messages", "Messages of the outbox that were not sent, by state.", rows.order_by("state"), "state"
    )


def _daily() -> Iterator[Metric]:
    tasks = last_daily_tasks()
    ended = [(task.name, task.job.finished_at.timestamp()) for task in tasks if task.job.finished_at]
    yield _gauge("daily_task_ended_timestamp_seconds", "When a daily task last ended.", ended, "task")
    went = [(task.name, task.state == Job.State.DONE) for task in tasks if task.state != Job.State.RUNNING]
    yield _gauge("daily_task_ok", "1 where it went well.", went, "task")


def _ledger() -> Iterator[Metric]:
    last = LedgerCheck.objects.exclude(finished_at=None).order_by("-id").first()
    found = [(last.finding_count,)] if last else []
    yield _gauge("ledger_findings", "Discrepancies that the last check of the ledger found.", found)
    at = [(last.finished_at.timestamp(),)] if last and last.finished_at else []
    yield _gauge("ledger_checked_timestamp_seconds", "When the ledger was last checked.", at)


def _run() -> Iterator[Metric]:
    last = InvoiceRun.objects.filter(dry_run=False).order_by("-id").first()
    rate = last.clients_per_second if last else None
    yield _gauge("run_clients_per_second", "How fast the last invoice run is or was.", [(rate,)] if rate else [])
    yield _gauge("run_failed_clients", "Clients whom it could not bill.", [(last.failed_count,)] if last else [])


def _held() -> Iterator[Metric]:
    figures = Figures.objects.first()
    held = sorted(figures.held.items()) if figures else []
    yield _gauge("credit_held", "Credit that clients hold, in this currency.", held, "currency")
    age = [((timezone.now() - figures.at).total_seconds(),)] if figures and figures.at else []
    yield _gauge("figures_age_seconds", "Since a queue worker last added that up.", age)


_READ: tuple[Callable[[], Iterator[Metric]], ...] = (_work, _mail, _daily, _ledger, _run, _held)
