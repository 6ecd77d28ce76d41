"""Queue workers that are killed while mail goes out: each message arrives once, or is said to have perhaps arrived."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from clients.models import MailMessage
from tests.jobs import environment
from tests.mail import tell
from tests.mail_servers import Server, mail_server

# Where a worker is killed: while it names the recipient; when the server has all of a message and has not said so yet;
# and so many milliseconds after it has.
POINTS = ("rcpt", "body", 0, 1, 2, 3, "body", "rcpt", 5, 8)
LIMIT = 120  # seconds without anything that happens


class Killer:
    """Kills the worker at each of its points, so many messages apart."""

    def __init__(self, points: tuple[str | int, ...], apart: int) -> None:
        self.left = list(points)
        self.apart = apart
        self.seen = 0
        self.worker: subprocess.Popen[bytes] | None = None
        self.killed = 0

    def kill(self) -> None:
        assert self.worker
        os.kill(self.worker.pid, signal.SIGKILL)
        self.worker.wait()
        self.killed += 1

    def _is_time_for(self, *points: object) -> bool:
        return bool(self.left and self.seen >= self.apart and any(self.left[0] is point for point in points))

    def at_recipient(self, address: str) -> str:
        if self._is_time_for("rcpt"):
            self._next()
            self.kill()
        return ""

    def at_body(self, address: str) -> str:
        self.seen += 1
        if self._is_time_for("body"):
            self._next()
            self.kill()
        elif self._is_time_for(*range(10)):
            threading.Timer(int(self._next()) / 1000, self.kill).start()
        return ""

    def _next(self) -> str | int:
        self.seen = 0
        return self.left.pop(0)


@contextmanager
def worker(server: Server) -> Iterator["subprocess.Popen[bytes]"]:
    """A real queue worker that sends to this server."""
    process = subprocess.Popen(
        [sys.executable, "-m", "django", "work", "--jobs", "1", "--parent", str(os.getpid())],
        env=environment() | {"EMAIL_URL": server.url},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def unfinished() -> int:
    return MailMessage.objects.filter(state__in=["waiting", "sending"]).count()


def send_and_kill(count: int, points: tuple[str | int, ...]) -> None:
    tell(*(f"client{number}@acme.example" for number in range(count)))
    killer = Killer(points, apart=max(1, count // (len(points) + 1)))
    with mail_server(to_recipient=killer.at_recipient, to_body=killer.at_body) as server:
        while unfinished():
            with worker(server) as process:
                killer.worker = process
                left, since = unfinished(), time.monotonic()
                while process.poll() is None and unfinished():
                    if unfinished() != left:
                        left, since = unfinished(), time.monotonic()
                    assert time.monotonic() < since + LIMIT
                    time.sleep(0.02)
    assert (killer.killed, killer.left) == (len(points), [])
    received = Counter(str(mail["Message-ID"]) for mail in server.taken)
    assert set(received.values()) == {1}
    by_pk = {int(name.split(".")[1]) for name in received}
    rows = dict(MailMessage.objects.values_list("pk", "state"))
    assert set(rows.values()) <= {"sent", "perhaps_sent"}
    assert {pk for pk, state in rows.items() if state == "sent"} <= by_pk
    assert by_pk <= set(rows)
    perhaps = [pk for pk, state in rows.items() if state == "perhaps_sent"]
    assert 1 <= len(perhaps) <= len(points)  # one at most for each time
    print(f"{count} messages, {killer.killed} kills, {len(perhaps)} perhaps sent, "
          f"{len(by_pk & set(perhaps))} of these arrived")  # fmt: skip


@pytest.mark.slow
def test_a_worker_killed_while_it_sends_sends_nothing_twice():
    send_and_kill(12, ("body", "rcpt", 1))


@pytest.mark.long
def test_workers_killed_at_ten_points_send_a_thousand_once():
    send_and_kill(1_000, POINTS)
