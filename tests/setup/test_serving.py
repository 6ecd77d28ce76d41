"""The server that `make demo` starts: it says when it answers, loads anew, and ends with all that it started."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from billing_admin.web_server import _mute
from tests.waiting import wait_for

PROJECT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/no-such-page", timeout=10)
    except urllib.error.HTTPError as answer:
        answer.close()
        return True
    except OSError:
        return False
    return True


def wait_until_silent(port: int) -> None:
    end = time.monotonic() + 5
    while answers(port):
        assert time.monotonic() < end, f"port {port} is still answering"
        time.sleep(0.05)


def children(server: "subprocess.Popen[str]") -> set[str]:
    """Its web workers and queue workers; multiprocessing's own helper stays as long as the server."""
    found = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return {each for each in found if b"resource_tracker" not in command_of(each)}


def command_of(process: str) -> bytes:
    """What a process was started with; of one that ended between two looks, nothing."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def reload(server: "subprocess.Popen[str]", port: int) -> None:
    """Load the program anew; every request meanwhile is answered."""
    before = children(server)
    server.send_signal(signal.SIGUSR1)
    end = time.monotonic() + 120
    while before & (now := children(server)) or not now:
        assert answers(port)
        assert time.monotonic() < end, "old processes are still there"


@contextmanager
def serving(log: Path, *options: str, **environment: str) -> "Iterator[tuple[subprocess.Popen[str], int]]":
    """A server with one web worker that answers at this port, in a session of its own; what it logs is in this file.

    The options are those of `manage.py serve`, and overrule the one web worker.

    A pipe that nobody reads would be full after some hundred requests, and the server would wait for its reader.
    """
    port = free_port()
    with log.open("w") as file:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port), "--workers", "1", *options],
            cwd=PROJECT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
            start_new_session=True,
        )
    try:
        if environment.get("BILLING_LOG") == "json":  # then it is said there
            wait_for(lambda: f"Billing Admin is at http://localhost:{port}/ " in log.read_text())
        else:
            said = server.stdout.readline()
            assert said == f"Billing Admin is at http://localhost:{port}/ (Ctrl-C stops it)\n", log.read_text()
        assert answers(port)
        yield server, port
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


@pytest.mark.slow
@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 0), (signal.SIGKILL, -signal.SIGKILL)])
def test_nothing_holds_the_port_once_the_server_is_gone(tmp_path, how, code):
    with serving(tmp_path / "log") as (server, port):
        if how == signal.SIGINT:
            reload(server, port)
        os.killpg(server.pid, how)  # as Ctrl-C in a terminal: everything that is in the foreground gets it
        assert server.wait(timeout=20) == code
        wait_until_silent(port)
        assert server.stdout.read() == ""


@pytest.mark.slow
def test_a_program_that_does_not_load_replaces_none(tmp_path):
    served = tmp_path / "served.py"
    served.write_text("from billing_admin.settings import *\n")
    log = tmp_path / "log"
    with serving(log, DJANGO_SETTINGS_MODULE="served", PYTHONPATH=str(tmp_path)) as (server, port):
        before = children(server)
        for number, fault in enumerate(("ROOT_URLCONF = 'no.such.pages'\n", "raise SystemError('a fault')\n"), start=1):
            served.write_text(f"from billing_admin.settings import *\n{fault}")
            server.send_signal(signal.SIGUSR1)
            end = time.monotonic() + 60
            while (
                log.read_text().count("The program does not load as it is now. What was loaded before goes on.\n")
                < number
            ):
                assert time.monotonic() < end
                time.sleep(0.1)
            assert children(server) == before
            assert answers(port)
        served.write_text("from billing_admin.settings import *\n")
        reload(server, port)


def test_a_web_worker_that_is_to_end_takes_nobody_more_and_another_does():
    leaving = """
import os, socket, sys
from types import SimpleNamespace
from billing_admin.web_server import _inherited
descriptors = [int(sys.argv[1]), os.dup(int(sys.argv[1]))]
holder = _inherited(SimpleNamespace(detach=lambda: descriptors[0]), 128)
print(flush=True)
input()
for each in descriptors:
    with socket.socket(fileno=each) as listening:
        listening.setblocking(False)
        try:
            listening.accept()
        except BlockingIOError:
            print("nobody")
"""
    with socket.create_server(("127.0.0.1", 0)) as shared:
        worker = subprocess.Popen(
            [sys.executable, "-c", leaving, str(shared.fileno())],
            cwd=PROJECT, pass_fds=[shared.fileno()], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert worker.stdout.readline() == "\n"
        _mute(SimpleNamespace(inner=worker, is_alive=lambda: True))
        with socket.create_connection(shared.getsockname()):
            assert worker.communicate("\n", timeout=10)[0] == "nobody\nnobody\n"
            shared.settimeout(10)
            shared.accept()[0].close()
