"""Serve the site; keep a queue worker and the embedded database alive meanwhile."""

import http.client
import multiprocessing
import os
import shutil
import signal
import socket
import threading
import time
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import connection
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from billing_admin.checks.environment import CHECKS
from billing_admin.demo.colleagues import known_login
from billing_admin.embedded_database import LocalDatabaseError, database_url, revive, stop
from billing_admin.jobs.processes import QueueWorkers, logger
from billing_admin.management.service_command import ServiceCommand
from billing_admin.web.probes import ALIVE
from billing_admin.web_server import SECONDS_BETWEEN_LOOKS, SECONDS_TO_LISTEN, WebServer

# What a web worker that is to end may take to finish its requests.
SECONDS_TO_FINISH = 30
# A connection without a request is kept longer than usual proxies keep theirs (75 s): they never use a closed one.
IDLE_MILLISECONDS = 90_000
# The head of a request, an address of 64 KB among it. Who sends it slowly has as long, and keeps nobody waiting.
MOST_BYTES_OF_HEAD = 128 * 1024
# What a server that listens everywhere is asked by.
ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 (looked up, not listened at)


class Command(ServiceCommand):
    help = (
        "Serve the site with granian, and do what is asked for on its pages in a queue worker. Ctrl-C stops both, "
        "and the embedded database with them unless somebody uses it. SIGUSR1 loads the program anew, one process "
        "after the other: the port stays open, and what runs is finished. A program that does not load replaces none."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="web workers: processes that answer pages")
        parser.add_argument("--threads", type=int, default=4, help="requests that each web worker answers at once")
        parser.add_argument(
            "--queue-workers", type=int, default=1, metavar="N",
            help="processes that do what is asked for on pages (default: 1; 0 where “manage.py work” runs elsewhere)",
        )  # fmt: skip

    def handle(
        self, *args: Any, host: str, port: int, workers: int, threads: int, queue_workers: int, **options: Any
    ) -> None:
        refuse_taken_port(host, port)
        refuse_known_password(host)
        for found in (found for check in CHECKS for found in check()):
            logger.warning("%s %s", found.msg, found.hint)
        # What the start of Django opened: the requests are answered by the web workers, with connections of their own.
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        # Forked children would share what this process has open.
        os.environ["BILLING_SERVER_PROCESS"] = str(os.getpid())
        os.environ["BILLING_REQUEST_THREADS"] = str(threads)
        if settings.METRICS_TOKEN:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(empty_metrics(port))
        multiprocessing.set_start_method("spawn", force=True)
        queue = QueueWorkers(max(0, min(queue_workers, 32)))
        server = WebServer(
            "billing_admin.wsgi_worker:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            http=HTTPModes.http1,  # for HTTP/2 in the clear, which no browser speaks, the bounds below would not hold
            workers=workers,
            blocking_threads=threads,
            websockets=False,
            respawn_failed_workers=True,
            respawn_interval=SECONDS_TO_LISTEN,
            workers_kill_timeout=SECONDS_TO_FINISH,
            http1_settings=HTTP1Settings(header_read_timeout=IDLE_MILLISECONDS, max_buffer_size=MOST_BYTES_OF_HEAD),
            log_level=LogLevels.warning,
            log_dictconfig=settings.LOGGING,
            queue=queue,
        )
        stopped = threading.Event()

        @server.on_startup
        def watch() -> None:
            # The terminal that goes away takes the server along; granian itself would load the workers anew.
            signal.signal(signal.SIGHUP, server.signal_handler_interrupt)
            signal.signal(signal.SIGUSR1, server.signal_handler_reload)
            signal.signal(signal.SIGUSR2, server.one_has_loaded)  # sent by wsgi_worker.py
            if not os.environ.get("DATABASE_URL"):
                threading.Thread(target=keep_database_alive, args=(stopped,), daemon=True).start()
            queue.start()
            threading.Thread(target=self.tell_when_it_answers, args=(host, port, stopped), daemon=True).start()

        try:
            server.serve()
        finally:
            stopped.set()
            queue.stop()
        if not os.environ.get("DATABASE_URL"):
            stop_unless_used()

    def tell_when_it_answers(self, host: str, port: int, stopped: threading.Event) -> None:
        """Print the address once a page of it comes."""
        name = f"[{host}]" if ":" in host else host
        while not answers(ANY_ADDRESS.get(host, name), port):
            if stopped.wait(SECONDS_BETWEEN_LOOKS / 5):
                return
        shown = "localhost" if host == "127.0.0.1" else name  # the same, and a name that passkeys can belong to
        self.stdout.write(f"Billing Admin is at http://{shown}:{port}/ (Ctrl-C stops it)")
        self.stdout.flush()


def empty_metrics(port: int) -> Path:
    """The folder of the counts of this server's web processes; those of one that ended are forgotten."""
    folder = Path(settings.DATA_DIR) / "metrics" / str(port)
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise CommandError(f"{folder} is needed for the metrics and cannot be made: {error.strerror}.") from error
    return folder


def answers(host: str, port: int) -> bool:
    """Whether a web worker answers, whatever it says."""
    try:
        page = http.client.HTTPConnection(host, port, timeout=SECONDS_TO_FINISH)
        page.request("HEAD", ALIVE)  # answered to any host
        page.getresponse().close()
        page.close()
    except (OSError, http.client.HTTPException):
        return False
    return True


def refuse_taken_port(host: str, port: int) -> None:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CommandError(
            f"Port {port} on {host} cannot be used ({error.strerror}): choose another with --port."
        ) from error


def refuse_known_password(host: str) -> None:
    """The demo's login is no login where others can reach it."""
    within = host and all(ip_address(found[4][0]).is_loopback for found in socket.getaddrinfo(host, None))
    if not within and (name := known_login()):
        raise CommandError(
            f"{host} can be reached from other machines, and the login “{name}” still has the password that "
            f"everybody knows. Give it another, “.venv/bin/python manage.py changepassword {name}”, or serve on "
            "127.0.0.1."
        )


def keep_database_alive(stopped: threading.Event) -> None:
    """Start the database server again when it dies; one that was stopped on purpose stays down."""
    while not stopped.wait(SECONDS_BETWEEN_LOOKS):
        try:
            if revive(settings.DATA_DIR):
                logger.error("The database server had died and was started again.")
        except LocalDatabaseError as error:
            logger.error(str(error))
            stopped.wait(10)


def stop_unless_used() -> None:
    """Stop the database server, unless somebody else has a session there, as a command in another terminal."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    try:
        # The owner sees what kind each session is.
        url = database_url(settings.DATA_DIR, owner=True)
        with psycopg.connect(url, connect_timeout=3, autocommit=True) as session:
            for _ in range(10):  # our own web workers' sessions take a moment to end
                if session.execute(others).fetchone() == (0,):
                    break
                time.sleep(0.1)
            else:
                return
    except psycopg.OperationalError:
        return
    stop(settings.DATA_DIR)
