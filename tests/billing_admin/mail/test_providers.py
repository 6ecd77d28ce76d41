"""What a provider's answers over HTTP mean: a real server that speaks as Postmark does."""

import socket

import pytest
from django.core.mail import mailers
from django.test import override_settings

from billing_admin.mail.delivery import deliver, drop
from billing_admin.mail.letters import Letter, Outcome
from tests.mail_servers import postmark_at, provider_server

LETTER = Letter("keller@example.com", "Hello", "Hello", sender="Acme <billing@example.com>")


def _sent_to(port: int) -> Outcome:
    with override_settings(MAILERS=postmark_at(port)):
        mailer = mailers["default"]
        outcome = deliver(mailer, LETTER)
        drop(mailer)
    return outcome


def test_an_accepted_letter_has_the_providers_id() -> None:
    accepted = {"To": "keller@example.com", "MessageID": "abc-1", "ErrorCode": 0, "Message": "OK", "SubmittedAt": "x"}
    with provider_server(200, accepted) as port:
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
    with provider_server(status, answer) as port:
        assert _sent_to(port) == outcome


def test_a_refused_address_is_told() -> None:
    inactive = {
        "ErrorCode": 406,
        "Message": "You tried to send to recipient(s) that have been marked as inactive. Found inactive addresses: "
        "keller@example.com. Inactive recipients are ones that have generated a hard bounce.",
    }
    with provider_server(422, inactive) as port:
        assert _sent_to(port).kind == "refused"


def test_who_cannot_be_reached_has_not_taken_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert _sent_to(port) == Outcome("again", "The mail provider cannot be reached.", for_all="yes")


def test_who_was_given_it_and_is_silent_perhaps_took_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert _sent_to(silent.getsockname()[1]).kind == "perhaps"
