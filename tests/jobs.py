"""Jobs of the queue in tests: done here and now, or by a real queue worker.

do_jobs()                               what a queue worker would do, in the test's own transaction
with queue_worker() as process: …       `manage.py work` on the test database; it sees what is committed
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import connection
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from billing_admin.embedded_database import database_url
from billing_admin.jobs.tasks import QUEUES
from billing_admin.models import Job
from credits.models import CreditBatch
from credits.services.bulk.preview import preview_credit_file
from tests.factories import make_client
from tests.waiting import LIMIT, wait_for


def environment() -> dict[str, str]:
    """The environment of a process of its own that works on the test database."""
    url = urlsplit(database_url(Path(settings.DATA_DIR)))
    same_role = url.netloc.replace(url.username or "", connection.settings_dict["USER"], 1)
    here = url._replace(netloc=same_role, path=f"/{quote(connection.settings_dict['NAME'])}")
    return os.environ | {"DATABASE_URL": here.geturl()}


def do_jobs() -> int:
    """Do every job that waits, as a queue worker does; returns how many there were."""
    waiting = list(ProcrastinateJob.objects.filter(status="todo").order_by("id"))
    for row in waiting:
        job = row.procrastinate_job
        app.tasks[job.task_name].func(
            JobContext(app=app, job=job, start_timestamp=time.time(), abort_reason=lambda: None), **job.task_kwargs
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', true)", [row.pk])
    return len(waiting)


def jobs_in_queue() -> list[tuple[str, str]]:
    """Task and state of what is in the queue."""
    return list(ProcrastinateJob.objects.order_by("id").values_list("task_name", "status"))


def workers_there() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        return int(cursor.fetchone()[0])


@contextmanager
def queue_worker(jobs: int = 2, stderr: int | None = None) -> Iterator["subprocess.Popen[bytes]"]:
    """A queue worker that is ready, and is ended with the block if the test has not ended it."""
    before = workers_there()
    process = subprocess.Popen(
        [sys.executable, "-m", "django", "work", "--jobs", str(jobs), "--parent", str(os.getpid())],
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=stderr,
    )
    try:
        wait_for(lambda: workers_there() == before + len(QUEUES))
        yield process
    finally:
        process.terminate()
        process.send_signal(signal.SIGCONT)  # one that a test has stopped does not hear of its end
        process.wait(LIMIT)
        if process.stderr:
            process.stderr.close()


def credit_preview(*amounts: int) -> CreditBatch:
    """A previewed file that gives each amount to a client of its own."""
    rows = "".join(f"{make_client().number},{amount},USD,Downtime\n" for amount in amounts)
    file = f"Client ID,Amount,Currency,Description\n{rows}".encode()
    return preview_credit_file(path="downtime.csv", content=file, by=None)


def ended(job: Job) -> Job:
    """The job once a worker has ended it."""
    wait_for(lambda: not Job.objects.get(pk=job.pk).is_unfinished)
    return Job.objects.get(pk=job.pk)
