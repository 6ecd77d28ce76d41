"""A process that stands still between the claim of a message and the mail server, and wakes after others went on."""

from collections.abc import Callable, Iterator

import pytest

from billing_admin.db.locks import MAIL, Replaced, second_connection
from billing_admin.mail.delivery import too_big
from clients.services.mail import crash, send
from clients.services.mail.by_hand import send_again
from tests.concurrency.racing import race
from tests.mail import going_to, send_all, states, tell
from tests.mail_servers import Server, mail_server

_END = """
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE classid = %s AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@pytest.fixture
def server() -> Iterator[Server]:
    with mail_server() as made, going_to(made):
        yield made


def stopped_before_delivery(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object]) -> None:
    """What PostgreSQL does to a process that stands still, between the claim and the mail server."""

    def stopped(letter, most):
        with second_connection() as other, other.cursor() as cursor:
            cursor.execute(_END, [MAIL])
        race(meanwhile)
        return too_big(letter, most)

    monkeypatch.setattr(send, "too_big", stopped)


def test_a_process_that_wakes_after_it_was_sent_again_sends_nothing(server, monkeypatch):
    (row,) = tell("one@acme.example")

    def others_send_it_again() -> None:
        assert crash.tell_perhaps_sent() == 1
        send_again(message=row, by=None)

    stopped_before_delivery(monkeypatch, others_send_it_again)
    with pytest.raises(Replaced):
        send_all()
    monkeypatch.undo()
    assert [state for state, _ in states()] == ["perhaps_sent", "waiting"]
    assert send_all() == 1
    assert server.recipients == ["one@acme.example"]


def test_a_process_that_wakes_before_anybody_saw_it_puts_it_back(server, monkeypatch):
    tell("one@acme.example")
    stopped_before_delivery(monkeypatch, lambda: None)
    with pytest.raises(Replaced):
        send_all()
    monkeypatch.undo()
    assert send_all() == 1
    assert states() == [("sent", "")]
