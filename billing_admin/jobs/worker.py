"""One queue worker: it does jobs until it is told to stop, and outlives a database that comes and goes."""

import asyncio
import contextlib
import logging
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
from django.db import DatabaseError, connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg_pool import PoolTimeout

from billing_admin.db.locks import DEAD_AFTER, HEARTBEAT

from .processes import end_as_replaced, logger
from .stalled import requeue_stalled, tidy_up
from .tasks import QUEUES

SECONDS_BETWEEN_LOOKS = 2
SECONDS_BEFORE_ANOTHER_TRY = 1
# A notification is lost behind some poolers, and while a worker looks for its next job: then looking finds the job.
SECONDS_BETWEEN_POLLS = 0.5

# Set when this process is to end: a job that may stop half-way, because others go on with it, looks here.
ending = threading.Event()


async def work(*, jobs_at_once: int) -> None:
    """Do jobs, so many of each queue at once, until SIGTERM or Ctrl-C; what is at hand is finished then.

    A second signal ends it at once.
    """
    stopping = asyncio.Event()
    for handler in logging.getLogger().handlers:
        handler.addFilter(_is_about_more_than_the_database)

    def stop() -> None:
        if stopping.is_set():
            os._exit(130)  # its jobs are taken up by another
        stopping.set()
        ending.set()

    loop = asyncio.get_running_loop()
    _make_room_for(loop, len(QUEUES) * jobs_at_once + 1)  # the one looks for jobs to give back
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    # Before the loop is watched: on a busy machine it takes so long that this worker would take itself for dead.
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    down = False
    watching = loop.create_task(_end_when_replaced())
    while not stopping.is_set():
        try:
            await _work_while_there_is_a_database(stopping, jobs_at_once)
        except (ConnectorException, DatabaseError, psycopg.Error, PoolTimeout) as error:
            if not down:
                logger.error("The database does not answer: %s Waiting for it.", str(error.__cause__ or error).strip())
            down = True
        else:
            down = False
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), SECONDS_BEFORE_ANOTHER_TRY)
    watching.cancel()


async def _end_when_replaced() -> None:
    """End this process when it wakes after it was stopped so long that others have taken it for dead."""
    while True:
        before = time.monotonic()
        await asyncio.sleep(1)
        if (away := time.monotonic() - before) > DEAD_AFTER:
            end_as_replaced(
                f"This worker was stopped for {away:.0f} seconds and was taken for dead: others are at what it was at. "
                "It ends."
            )


def _make_room_for(loop: asyncio.AbstractEventLoop, count: int) -> None:
    """Give each of so many jobs a thread and a database connection; by themselves both are bounded by the machine."""
    loop.set_default_executor(ThreadPoolExecutor(count))
    if pool := connection.settings_dict["OPTIONS"].get("pool"):
        pool["max_size"] = max(count, pool["max_size"])


async def _work_while_there_is_a_database(stopping: asyncio.Event, jobs_at_once: int) -> None:
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4, timeout=5)
    with app.replace_connector(connector):
        async with app.open_async():
            working = [
                asyncio.create_task(
                    app.run_worker_async(
                        queues=[queue],
                        concurrency=jobs_at_once,
                        fetch_job_polling_interval=SECONDS_BETWEEN_POLLS,
                        update_heartbeat_interval=HEARTBEAT,
                        delete_jobs="successful",
                        install_signal_handlers=False,
                    )
                )
                for queue in QUEUES
            ]
            giving_back = asyncio.create_task(_requeue_stalled())
            stopped = asyncio.create_task(stopping.wait())
            try:
                await asyncio.wait((*working, stopped), return_when=asyncio.FIRST_COMPLETED)
            finally:
                giving_back.cancel()
                stopped.cancel()
                for task in working:
                    task.cancel()  # finishes what is at hand
                ended = await asyncio.gather(*working, return_exceptions=True)
            for error in ended:
                if isinstance(error, Exception):  # the database went away; that it was cancelled is no Exception
                    raise error


async def _requeue_stalled() -> None:
    """Every other moment give back what nobody is at any more, and tidy up what killed processes left."""
    seen: set[tuple[int, int]] = set()
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        try:
            seen = await asyncio.to_thread(_look, seen)
        except DatabaseError:
            seen = set()  # the worker itself notices a database that is gone


def _look(seen: set[tuple[int, int]]) -> set[tuple[int, int]]:
    try:
        tidy_up()
        return requeue_stalled(seen)
    finally:
        connection.close()


def _is_about_more_than_the_database(record: logging.LogRecord) -> bool:
    """Whether it is to be logged: a database that is gone is said once, in a sentence, not in a dozen tracebacks."""
    gone = (ConnectorException, psycopg.OperationalError, PoolTimeout)
    return not (isinstance(record.exc_info, tuple) and isinstance(record.exc_info[1], gone))
