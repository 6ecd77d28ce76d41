"""A web server that is told to stop finishes what it has in hand, and takes nobody more: a proxy asks another."""

import os
import signal
import socket
import threading
import time

import pytest
from granian.constants import Interfaces

from billing_admin.jobs.processes import QueueWorkers
from billing_admin.web_server import WebServer
from tests.setup.test_serving import children, serving

BODY = b"username=a"
HEAD = (
    b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: %d\r\n\r\n" % len(BODY)
)


def wait_until_refused(port: int) -> None:
    """Until then who asks is answered, or sent away at once."""
    end = time.monotonic() + 3
    while time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=3) as late:
                late.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                late.recv(100)
        except ConnectionRefusedError:
            return
        except ConnectionResetError:
            pass
        time.sleep(0.1)
    raise AssertionError("It still takes people.")


@pytest.mark.slow
def test_who_comes_while_a_server_ends_is_refused_at_once(tmp_path):
    served = serving(tmp_path / "log", "--queue-workers", "0")
    with served as (server, port), socket.create_connection(("127.0.0.1", port), 10) as in_hand:
        in_hand.sendall(HEAD + BODY[:3])
        time.sleep(0.5)
        (web_worker,) = children(server)
        os.kill(int(web_worker), signal.SIGSTOP)
        server.send_signal(signal.SIGTERM)
        wait_until_refused(port)
        in_hand.sendall(BODY[3:])
        assert in_hand.recv(12)[9:] == b"403"  # it has no token
        assert server.wait(40) == 0


@pytest.mark.slow
@pytest.mark.parametrize("still_loads", [True, False])
def test_a_server_stops_at_once_in_the_middle_of_a_reload(tmp_path, still_loads):
    """A request that takes long holds up neither: it is finished beside them."""
    log = tmp_path / "log"
    with serving(log) as (server, port), socket.create_connection(("127.0.0.1", port), 10) as in_hand:
        in_hand.sendall(HEAD + BODY[:3])
        time.sleep(0.5)
        before = children(server)
        server.send_signal(signal.SIGUSR1)
        end = time.monotonic() + 25
        while len(children(server)) == len(before) if still_loads else before <= children(server):
            assert time.monotonic() < end, "the reload waits for the request"
            time.sleep(0.02)
        assert children(server) & before
        server.send_signal(signal.SIGTERM)
        wait_until_refused(port)
        in_hand.sendall(BODY[3:])
        assert in_hand.recv(12)[9:] == b"403"
        assert server.wait(40) == 0
    assert "does not load" not in log.read_text()


def test_a_signal_that_comes_while_the_server_looks_is_no_deadlock():
    server = WebServer("none", interface=Interfaces.WSGI, log_enabled=False, queue=QueueWorkers(0))
    lock, another = vars(server.main_loop_interrupt)["_cond"], vars(server.loaded)["_cond"]

    def meet_signals() -> None:
        with lock, another:
            server.signal_handler_reload()
            server.signal_handler_interrupt()
            server.one_has_loaded()

    thread = threading.Thread(target=meet_signals, daemon=True)
    thread.start()
    thread.join(5)
    assert not thread.is_alive()
    assert server.main_loop_interrupt.wait(5)
    assert server.loaded.acquire(timeout=5)
