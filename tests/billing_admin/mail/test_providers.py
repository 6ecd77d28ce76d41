"""What a provider's answers over HTTP mean: a real server that speaks as Postmark does."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.core.mail import mailers
from django.test import override_settings

from billing_admin.mail.delivery import deliver, drop
from billing_admin.mail.letters import Letter, Outcome

LETTER = Letter("keller@example.com", "Hello", "Hello", sender="Acme <billing@example.com>")


def _sent_to(port: int) -> Outcome:
    backend = {
        "BACKEND": "anymail.backends.postmark.EmailBackend",
        "OPTIONS": {"server_token": "s3cret", "api_url": f"http://127.0.0.1:{port}/", "timeout": (1, 1)},
    }
    with override_settings(MAILERS={"default": backend}):
        mailer = mailers["default"]
        outcome = deliver(mailer, LETTER)
        drop(mailer)
    return outcome


@contextmanager
def _provider(status: int, answer: object) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            said = json.dumps(answer).encode() if not isinstance(answer, bytes) else answer
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_an_accepted_letter_has_the_providers_id() -> None:
    accepted = {"To": "keller@example.com", "MessageID": "abc-1", "ErrorCode": 0, "Message": "OK", "SubmittedAt": "x"}
    with _provider(200, accepted) as port:
        assert _sent_to(port) == Outcome("sent", provider_id="abc-1")


@pytest.mark.parametrize(
    ("status", "answer", "outcome"),
    [
        (401, {"Message": "Bad token"}, Outcome("again", "The mail provider answered 401: Bad token", for_all="yes")),
        (429, {"Message": "Slow down"}, Outcome("again", "The mail provider answered 429: Slow down", for_all="yes")),
        (503, b"<html>", Outcome("again", "The mail provider answered 503: Service Unavailable", for_all="yes")),
        (413, {"Message": "Too large"}, Outcome("failed", "The mail provider answered 413: Too large")),
        (500, b"", Outcome("perhaps", "The mail provider answered 500: Internal Server Error", for_all="maybe")),
        (504, b"", Outcome("perhaps", "The mail provider answered 504: Gateway Timeout", for_all="maybe")),
        (200, b"<html>", Outcome("perhaps", "The mail provider answered 200: OK", for_all="maybe")),
    ],
)
def test_each_answer_has_its_meaning(status: int, answer: object, outcome: Outcome) -> None:
    with _provider(status, answer) as port:
        assert _sent_to(port) == outcome


def test_a_refused_address_is_told() -> None:
    inactive = {
        "ErrorCode": 406,
        "Message": "You tried to send to recipient(s) that have been marked as inactive. Found inactive addresses: "
        "keller@example.com. Inactive recipients are ones that have generated a hard bounce.",
    }
    with _provider(422, inactive) as port:
        assert _sent_to(port).kind == "refused"


def test_who_cannot_be_reached_has_not_taken_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert _sent_to(port) == Outcome("again", "The mail provider cannot be reached.", for_all="yes")


def test_who_was_given_it_and_is_silent_perhaps_took_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert _sent_to(silent.getsockname()[1]).kind == "perhaps"
