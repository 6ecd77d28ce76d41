"""A mail server that takes nothing stops the sending and costs no message a try; one bad address stops nobody."""

import datetime

import pytest
import time_machine
from django.test import override_settings
from django.utils import timezone

from billing_admin.home.attention import matters
from clients.models import Client, MailMessage, MailSettings
from clients.services.mail.set_up import sender_fields, set_sender
from tests.factories import make_staff
from tests.mail import going_to, send_all, states, tell
from tests.mail_servers import broken_server, mail_server, postmark_at, provider_server

pytestmark = pytest.mark.django_db


def addresses(count: int) -> list[str]:
    return [f"client{number}@a.example" for number in range(count)]


def tries() -> list[tuple[str, int]]:
    return list(MailMessage.objects.order_by("pk").values_list("state", "attempts"))


def send_later(minutes: float = 1.1) -> int:
    """Send what is due so many minutes from now."""
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=minutes), tick=True):
        return send_all()


def told_on_home() -> list[str]:
    return [matter.words for matter in matters(make_staff(), timezone.localdate()) if "sent" in matter.words]


@pytest.mark.parametrize(
    "refuses",
    [{"to_sender": lambda _: "550 5.7.1 Suspended"}, {"to_recipient": lambda _: "530 5.7.0 Suspended"},
     {"to_sender": lambda _: "451 Suspended"}],
)  # fmt: skip
def test_a_server_that_refuses_the_sender_stops_at_once(refuses):
    tell(*addresses(7))
    with mail_server(**refuses) as server, going_to(server):
        assert send_all() == 1
        assert send_all() == 0
        assert tries() == [("waiting", 0)] * 7
        assert "Suspended" in MailSettings.objects.get().stopped_why
        (told,) = told_on_home()
        assert told.startswith("Nothing is sent: The mail server ")
        assert told.endswith("Suspended")
        assert [send_later(minutes) for minutes in (1.1, 1.1, 6.2)] == [1, 0, 1]
        assert tries() == [("waiting", 0)] * 7
    with mail_server() as server, going_to(server):
        assert send_later(30) == 7
    assert states() == [("sent", "")] * 7
    assert told_on_home() == []


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_key_that_a_provider_refuses_stops_at_once(status):
    tell(*addresses(3))
    with provider_server(status, {"Message": "No such key"}) as port, override_settings(MAILERS=postmark_at(port)):
        assert [send_all(), send_all(), send_later()] == [1, 0, 1]
    assert tries() == [("waiting", 0)] * 3
    assert told_on_home() == [f"Nothing is sent: The mail provider answered {status}: No such key"]
    with mail_server() as server, going_to(server):
        assert send_later(30) == 3


@pytest.mark.parametrize(
    "refuses",
    [{"to_recipient": lambda _: "451 No"}, {"to_body": lambda _: "451 No"}, {"to_body": lambda _: "554 No"},
     {"to_recipient": lambda _: "550 5.7.1 No"}],
)  # fmt: skip
def test_after_five_refusals_in_a_row_it_is_the_server(refuses):
    tell(*addresses(12))
    with mail_server(**refuses) as server, going_to(server):
        assert send_all() == 5
        spared = [row for row in tries() if row == ("waiting", 0)]
        assert len(spared) == 8
        assert [send_later(minutes) for minutes in (1.1, 7.5)] == [5, 5]
        assert [row for row in tries() if row == ("waiting", 0)] == spared
        assert any("Nothing is sent" in words for words in told_on_home())
    with mail_server() as server, going_to(server):
        send_later(60)
    assert states()[4:] == [("sent", "")] * 8


def test_a_server_that_dies_each_time_stops_too():
    tell(*addresses(7))
    with broken_server("dot") as server, going_to(server):
        assert send_all() == 5
    assert [state for state, _ in states()] == ["perhaps_sent"] * 5 + ["waiting"] * 2


def test_one_that_alone_is_refused_holds_up_nobody():
    tell("bad@a.example", *addresses(6))

    def refuses(to: str) -> str:
        return "530 Not for you" if to.startswith("bad") else ""

    with mail_server(to_recipient=refuses) as server, going_to(server):
        assert send_all() == 1
        assert send_later() == 7
        assert [state for state, _ in states()] == ["failed"] + ["sent"] * 6
        assert MailSettings.objects.get().stopped_until is None


def test_a_sender_refused_after_a_time_of_greylisting_loses_few():
    tell(*addresses(12))
    MailMessage.objects.update(why="451 Greylisted", attempts=1)
    with mail_server(to_sender=lambda _: "550 Suspended") as server, going_to(server):
        assert send_all() == 5
        assert send_later() == 1
    assert [state for state, _ in states()] == ["failed"] * 4 + ["waiting"] * 8
    assert [row[1] for row in tries()][4:] == [1] * 8


def test_addresses_that_are_not_there_are_no_reason_to_stop():
    tell(*addresses(7))
    with mail_server(to_recipient=lambda to: "550 No such user") as server, going_to(server):
        assert send_all() == 7
    assert [state for state, _ in states()] == ["bounced"] * 7


def test_a_message_too_large_for_the_server_fails_alone():
    tell(*addresses(2))
    answers = ["552 Message size exceeds limit", ""]
    with mail_server(to_sender=lambda _: answers.pop(0)) as server, going_to(server):
        assert send_all() == 2
    assert [state for state, _ in states()] == ["failed", "sent"]


def test_refusals_that_are_not_in_a_row_are_no_reason_to_stop():
    tell(*addresses(9))
    seen: list[str] = []

    def refuses(to: str) -> str:
        seen.append(to)
        return "" if len(seen) % 4 == 0 else "451 Later"

    with mail_server(to_recipient=refuses) as server, going_to(server):
        assert send_all() == 9
    assert [row[1] for row in tries()] == [1] * 9


def test_after_a_change_of_settings_it_is_tried_at_once_and_nothing_is_lost():
    tell("a@a.example")
    with mail_server(to_sender=lambda _: "550 Nobody") as server, going_to(server):
        send_all()
        settings = MailSettings.objects.get()
        set_sender(by=None, **sender_fields(settings) | {"from_name": "Acme"})
        with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1.1), tick=True):
            assert send_all() == 1
    assert tries() == [("waiting", 0)]


def test_nothing_is_told_once_nothing_waits():
    (row,) = tell("a@a.example")
    with mail_server(to_sender=lambda _: "550 Nobody") as server, going_to(server):
        send_all()
        Client.objects.filter(mail=row).update(email="")
        assert told_on_home() != []
        send_later()
    assert [state for state, _ in states()] == ["withheld"]
    assert [words for words in told_on_home() if "Nothing" in words] == []
