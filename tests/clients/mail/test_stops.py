"""A mail server that takes nothing stops the sending and costs no message a try; one bad address stops nobody."""

import datetime

import pytest
import time_machine
from django.test import override_settings
from django.utils import timezone

from billing_admin.home.attention import matters
from clients.models import Client, MailMessage, MailSettings
from clients.services.delete.delete_client import delete_client
from clients.services.mail.send import look_after_mail
from clients.services.mail.set_up import send_test, sender_fields, set_sender
from clients.services.mail.stops import go_on_where_nothing_waits
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


def test_the_pauses_grow_to_an_hour():
    tell("a@a.example")
    with mail_server(to_sender=lambda _: "550 Suspended") as server, going_to(server):
        taken = [send_later(minutes) for minutes in (0, 0.9, 1.1, 6, 6.3, 21, 21.5, 81, 82, 141, 143, 204)]
    assert taken == [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1]
    assert tries() == [("waiting", 0)]


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


def test_each_time_a_dying_server_is_asked_costs_one_message():
    tell(*addresses(9))
    with broken_server("dot") as server, going_to(server):
        assert [send_all(), send_later(), send_later(7), send_later(23)] == [5, 1, 1, 1]
    assert [state for state, _ in states()] == ["perhaps_sent"] * 8 + ["waiting"]


def test_an_account_that_a_provider_does_not_know_stops_too():
    tell(*addresses(9))
    with provider_server(422, {"Message": "No such sender"}) as port, override_settings(MAILERS=postmark_at(port)):
        assert [send_all(), send_later()] == [5, 5]
    assert [state for state, _ in states()] == ["failed"] * 4 + ["waiting"] * 5


def test_a_program_error_at_every_message_stops_too(monkeypatch):
    tell(*addresses(9))

    def broken(mailer, email):
        raise RuntimeError

    with mail_server() as server, going_to(server):
        monkeypatch.setattr("billing_admin.mail.smtp.EmailBackend.send_messages", broken)
        assert send_all() == 5
    assert [state for state, _ in states()] == ["perhaps_sent"] * 5 + ["waiting"] * 4


def test_a_server_that_takes_none_the_first_time_gets_them_all():
    """A server that lets each new address wait, as against spam."""
    tell(*addresses(30))
    begun, known = timezone.now(), set[str]()

    def refuses(to: str) -> str:
        refusal = "" if to in known else "450 Greylisted, come back later"
        known.add(to)
        return refusal

    with mail_server(to_recipient=refuses) as server, going_to(server):
        minutes = 0
        while MailMessage.objects.filter(state="waiting").exists() and minutes < 60:
            with time_machine.travel(begun + datetime.timedelta(minutes=minutes), tick=True):
                send_all()
            minutes += 1
    assert states() == [("sent", "")] * 30
    assert max(attempts for _, attempts in tries()) == 2


def test_five_that_are_never_taken_hold_up_the_others_for_a_minute():
    bad = [f"bad{number}@a.example" for number in range(5)]
    tell(*bad, *addresses(3))
    with mail_server(to_recipient=lambda to: "451 No" if to.startswith("bad") else "") as server, going_to(server):
        assert [send_all(), send_later()] == [5, 8]
    assert server.recipients == addresses(3)


def test_a_kind_that_is_never_taken_holds_up_no_other_kind():
    tell(*addresses(60))
    for number in range(3):
        send_test(address=f"staff{number}@a.example", by=None)
    begun = timezone.now()
    with mail_server(to_recipient=lambda to: "530 No" if to.startswith("client") else "") as server, going_to(server):
        for hours in range(40):
            with time_machine.travel(begun + datetime.timedelta(hours=hours), tick=True):
                send_all()
    assert sorted(server.recipients) == [f"staff{number}@a.example" for number in range(3)]


def test_what_comes_while_nothing_is_sent_is_asked_with_first():
    tell("bad@a.example")
    with mail_server(to_recipient=lambda to: "530 No" if to.startswith("bad") else "") as server, going_to(server):
        assert send_all() == 1
        for minutes in (2, 4, 6, 8, 10, 12, 14):
            MailSettings.objects.update(stops=5)
            MailMessage.objects.queue_test(f"staff{minutes}@a.example", by=None)
            send_later(minutes)
            assert server.recipients[-1] == f"staff{minutes}@a.example"
            MailMessage.objects.filter(kind="credit").update(state="waiting", why="530 No")


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


def test_after_a_change_of_settings_it_is_tried_at_once_and_none_is_lost():
    tell("a@a.example")
    with mail_server(to_sender=lambda _: "550 Nobody") as server, going_to(server):
        send_all()
        settings = MailSettings.objects.get()
        set_sender(by=None, **sender_fields(settings) | {"from_name": "Acme"})
        with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1.1), tick=True):
            assert send_all() == 1
    assert tries() == [("waiting", 0)]


def test_a_test_message_asks_the_server_at_once():
    tell("a@a.example")
    with mail_server(to_sender=lambda _: "550 Nobody") as server, going_to(server):
        send_all()
        assert send_all() == 0
    send_test(address="staff@a.example", by=None)
    with mail_server() as server, going_to(server):
        assert [send_all(), send_later()] == [1, 1]
    assert server.recipients == ["staff@a.example", "a@a.example"]


def test_nothing_is_told_once_what_waited_is_deleted():
    (row,) = tell("a@a.example")
    with mail_server(to_sender=lambda _: "550 Nobody") as server, going_to(server):
        send_all()
    MailMessage.objects.update(state="sending", sender=1)
    go_on_where_nothing_waits()
    assert told_on_home() != []
    assert row.client is not None
    delete_client(client=row.client, by=None)
    look_after_mail()
    assert told_on_home() == []


def test_nothing_is_told_once_nothing_waits():
    (row,) = tell("a@a.example")
    with mail_server(to_sender=lambda _: "550 Nobody") as server, going_to(server):
        send_all()
        Client.objects.filter(mail=row).update(email="")
        assert told_on_home() != []
        send_later()
    assert [state for state, _ in states()] == ["withheld"]
    assert [words for words in told_on_home() if "Nothing" in words] == []
