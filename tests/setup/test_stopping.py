"""A web server that is told to stop finishes what it has in hand, and takes nobody more: a proxy asks another."""

import signal
import socket
import time

import pytest

from tests.setup.test_serving import serving

BODY = b"username=a"
HEAD = (
    b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: %d\r\n\r\n" % len(BODY)
)


def ask_for_a_page(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as late:
        late.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        late.recv(100)


@pytest.mark.slow
def test_who_comes_while_a_server_ends_is_refused_at_once(tmp_path):
    with serving(tmp_path / "log") as (server, port), socket.create_connection(("127.0.0.1", port), 10) as in_hand:
        in_hand.sendall(HEAD + BODY[:3])
        time.sleep(0.5)
        server.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        with pytest.raises(ConnectionRefusedError):
            ask_for_a_page(port)
        in_hand.sendall(BODY[3:])
        assert in_hand.recv(12)[9:] == b"403"  # it has no token
        assert server.wait(40) == 0
