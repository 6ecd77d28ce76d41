"""A message whose files cannot be drawn without the process dying: others go on, and it is given up in the end."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from clients.models import MailMessage
from clients.services.mail.content import CONTENTS, Content
from clients.services.mail.send import SEND_MAIL
from tests.mail import send_all, states, tell

pytestmark = pytest.mark.django_db


class Died(BaseException):
    """Nothing of what a process would do after an error is done."""


@pytest.fixture
def deadly(monkeypatch):
    """A message that waits before two others, of which the files cannot be drawn."""
    (row, *_others) = tell("deadly@a.example", "a@a.example", "b@a.example")
    content = CONTENTS["credit"]

    def files(message, press):
        if message == row:
            raise Died
        return []

    monkeypatch.setitem(CONTENTS, "credit", Content(content.say, files))
    return row


def begin_job(attempts: int) -> None:
    """The job that sends, as a worker has it that was given it for so many times."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, lock, status, attempts)"
            " VALUES (%s, 'mail', %s, 'doing', %s)",
            [SEND_MAIL, SEND_MAIL, attempts],
        )


def die(attempts: int, minutes: float = 0) -> None:
    begin_job(attempts)
    with (
        time_machine.travel(timezone.now() + datetime.timedelta(minutes=minutes), tick=True),
        pytest.raises(Died),
    ):
        send_all()


def test_a_deadly_message_is_put_behind_the_others_and_given_up(server, deadly):
    die(0)
    die(1)
    assert send_all() == 2
    assert sorted(server.recipients) == ["a@a.example", "b@a.example"]
    die(0, minutes=2)
    die(0, minutes=5)
    begin_job(0)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=20), tick=True):
        assert send_all() == 1
    assert states()[0] == ("failed", "Given up after 3 tries. The program ended while its files were being made.")


def test_a_death_by_something_else_costs_no_message_a_try(server):
    tell("a@a.example", "b@a.example")
    begin_job(1)
    assert send_all() == 2
    assert list(MailMessage.objects.values_list("state", "attempts", "why")) == [("sent", 1, "")] * 2


def test_an_error_that_is_survived_leaves_the_message_as_it_was(server, deadly, monkeypatch):
    content = CONTENTS["credit"]

    def gone(message, press):
        raise ConnectionAbortedError("no")

    monkeypatch.setitem(CONTENTS, "credit", Content(content.say, gone))
    begin_job(1)
    send_all()
    assert set(states()) == {("failed", "It could not be written. ConnectionAbortedError: no")}
    assert set(MailMessage.objects.values_list("attempts", flat=True)) == {0}
