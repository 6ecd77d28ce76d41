"""Whoever sends slowly, or much too much, holds up nobody: the server that `make demo` starts goes on."""

import http.client
import select
import socket
import time

import pytest

from tests.setup.test_serving import answers, serving

SLOW = (
    b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 1000\r\n\r\nusername=a"
)
HEAD = b"GET /sign-in/ HTTP/1.1\r\nHost: localhost\r\n"


def status(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        return connection.recv(12)[9:]


def seconds_of_a_page(port: int) -> float:
    begun = time.monotonic()
    page = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    page.request("GET", "/no-such-page/")  # the database of this server has no tables
    assert page.getresponse().status == 404
    page.close()
    return time.monotonic() - begun


@pytest.mark.slow
def test_who_sends_slowly_or_too_much_holds_up_nobody(tmp_path):
    with serving(tmp_path / "log") as (_, port):
        senders = []
        for start in [SLOW] * 12 + [HEAD] * 50:
            senders.append(socket.create_connection(("127.0.0.1", port), timeout=10))
            senders[-1].sendall(start)
        try:
            time.sleep(1.5)
            assert max(seconds_of_a_page(port) for _ in range(10)) < 5
            answered = select.select(senders[:12], [], [], 10)[0]
            assert len(answered) == 10  # two are waited for
            assert {sender.recv(12)[9:] for sender in answered} == {b"503"}
        finally:
            for sender in senders:
                sender.close()
        assert status(port, HEAD + b"X: " + b"a" * 300_000 + b"\r\n\r\n") == b"431"
        assert status(port, HEAD + b"".join(b"X%d: a\r\n" % place for place in range(200)) + b"\r\n") == b"431"
        assert status(port, b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n") == b"414"
        assert status(port, SLOW.replace(b"1000", b"99999999999")) == b"413"
        assert status(port, b"nonsense\r\n\r\n") == b"400"
        assert status(port, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") == b""  # no bound above is one of HTTP/2: closed
        assert answers(port)
