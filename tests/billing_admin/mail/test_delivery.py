"""Letters to real servers that take them, refuse them and die: each outcome is the one that is certain."""

import socket

import pytest
from aiosmtpd.smtp import AuthResult

from billing_admin.mail.delivery import deliver, reach, too_big
from billing_admin.mail.letters import Attachment, Letter
from tests.mail_servers import Phase, broken_server, mail_server, mailer

LETTER = Letter(
    "keller@example.com", "Rechnung für Zoë", "Guten Tag\n\n.dot", "<p>Guten Tag</p>", [Attachment("a.pdf", b"%PDF")],
    "<mail.7.x@example.com>", {"X-Kind": "invoice"}, "Acme <billing@example.com>", "answers@example.com",
)  # fmt: skip


def test_a_letter_arrives_whole() -> None:
    with mail_server() as server, mailer(server.url) as sends:
        assert deliver(sends, LETTER).kind == "sent"
    [message] = server.taken
    assert (message["Subject"], message["From"], message["To"], message["Reply-To"]) == (
        "Rechnung für Zoë", "Acme <billing@example.com>", "keller@example.com", "answers@example.com",
    )  # fmt: skip
    assert (message["Message-ID"], message["X-Kind"], message["Auto-Submitted"]) == (
        "<mail.7.x@example.com>", "invoice", "auto-generated",
    )  # fmt: skip
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == ["Guten Tag", "", ".dot"]
    assert html.get_content().strip() == "<p>Guten Tag</p>"
    [attachment] = message.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content()) == ("a.pdf", b"%PDF")


def test_many_letters_go_over_one_connection() -> None:
    with mail_server() as server, mailer(server.url) as sends:
        assert reach(sends) == ""
        connection = sends.connection  # type: ignore[attr-defined]
        assert [deliver(sends, LETTER).kind for _ in range(3)] == ["sent"] * 3
        assert sends.connection is connection  # type: ignore[attr-defined]
    assert len(server.taken) == 3


@pytest.mark.parametrize(
    ("at", "kind", "taken"),
    [
        ("greeting", "again", 0),
        ("mail", "again", 0),
        ("rcpt", "again", 0),
        ("data", "again", 0),
        ("body", "again", 0),
        ("dot", "perhaps", 1),
        ("quit", "sent", 1),
    ],
)
def test_only_a_server_that_had_all_of_it_perhaps_took_it(at: Phase, kind: str, taken: int) -> None:
    long = Letter(**{**vars(LETTER), "attachments": [Attachment("long.pdf", b"x" * 3_000_000)]})
    with broken_server(at) as server, mailer(server.url) as sends:
        outcome = deliver(sends, long)
    assert (outcome.kind, len(server.taken)) == (kind, taken)
    assert bool(outcome.words) is (kind != "sent")


def test_a_connection_that_ended_is_opened_again() -> None:
    with broken_server("again") as server, mailer(server.url) as sends:
        assert [deliver(sends, LETTER).kind for _ in range(3)] == ["sent"] * 3
    assert len(server.taken) == 3


def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}?timeout=1"
        with mailer(url) as sends:
            assert reach(sends) == "The mail server does not answer."
            assert deliver(sends, LETTER).kind == "again"


def test_a_server_that_is_not_there_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with mailer(f"smtp://127.0.0.1:{port}") as sends:
        assert reach(sends) == "Nothing answers at the mail server’s address and port."
    with mailer("smtp://nowhere.invalid") as sends:
        assert reach(sends).startswith("The mail server cannot be reached: ")


@pytest.mark.parametrize(
    ("answer", "kind", "says"),
    [
        ("550 5.1.1 No such user", "refused", "refuses the address: 550 5.1.1 No such user"),
        ("550 5.7.1 Relaying denied", "failed", "refuses to pass it on: 550 5.7.1 Relaying denied"),
        ("530 Authentication required", "failed", "refuses to pass it on: 530 Authentication required"),
        ("450 4.2.0 Greylisted", "again", "does not take the address for now: 450 4.2.0 Greylisted"),
    ],
)
def test_a_refused_address_is_told_from_one_to_try_again(answer: str, kind: str, says: str) -> None:
    with mail_server(to_recipient=lambda _: answer) as server, mailer(server.url) as sends:
        outcome = deliver(sends, LETTER)
    assert outcome.kind == kind
    assert says in outcome.words
    assert server.taken == []


@pytest.mark.parametrize(("answer", "kind"), [("554 Spam", "failed"), ("451 Try later", "again")])
def test_an_answer_after_the_body_decides(answer: str, kind: str) -> None:
    with mail_server(to_body=lambda _: answer) as server, mailer(server.url) as sends:
        outcome = deliver(sends, LETTER)
    assert (outcome.kind, server.taken) == (kind, [])
    assert answer in outcome.words


def test_a_refused_letter_holds_up_no_other() -> None:
    def refuse(address: str) -> str:
        return "550 No such user" if address.startswith("gone") else ""

    with mail_server(to_recipient=refuse) as server, mailer(server.url) as sends:
        kinds = [
            deliver(sends, Letter(**{**vars(LETTER), "to": to})).kind
            for to in ("a@example.com", "gone@example.com", "b@example.com")
        ]
    assert kinds == ["sent", "refused", "sent"]
    assert server.recipients == ["a@example.com", "b@example.com"]


def test_a_wrong_password_is_said_without_it() -> None:
    with (
        mail_server(
            auth_require_tls=False, authenticator=lambda *_: AuthResult(success=False, handled=False)
        ) as server,
        mailer(f"smtp://me:s3cret@127.0.0.1:{server.port}") as sends,
    ):
        why = reach(sends)
    assert why.startswith("The mail server does not accept the user and password: 535 ")
    assert "s3cret" not in why


BAD = "a@example.com\r\nBcc: evil@example.com"


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": BAD}, {"to": "a@example.com, b@example.com"}, {"to": ""}, {"to": "nobody"}, {"to": "zoë@example.com"},
        {"subject": "Hello\r\nBcc: evil@example.com"}, {"subject": "Hello\nthere"}, {"subject": "a\u2028b"},
        {"sender": "Acme\r\nBcc: evil@example.com <billing@example.com>"}, {"reply_to": BAD},
        {"message_id": "<a>\nX: y"},
        {"headers": {"X-Kind": "a\r\nBcc: evil@example.com"}}, {"sender": "a@example.com, b@example.com"},
    ],
)  # fmt: skip
def test_nothing_becomes_another_header_or_recipient(wrong: dict[str, object]) -> None:
    with mail_server() as server, mailer(server.url) as sends:
        outcome = deliver(sends, Letter(**{**vars(LETTER), **wrong}))
    assert outcome.kind == "failed"
    assert outcome.words
    assert server.taken == []


def test_an_address_of_another_script_is_written_to() -> None:
    with mail_server() as server, mailer(server.url) as sends:
        assert deliver(sends, Letter(**{**vars(LETTER), "to": "info@bücher.example"})).kind == "sent"
    assert server.recipients == ["info@xn--bcher-kva.example"]


def test_what_is_over_the_limit_is_said_with_the_figures() -> None:
    big = Letter("a@example.com", "x", "x", attachments=[Attachment("a.pdf", b"x" * 8_000_000)])
    assert too_big(big, 10) == "Its 1 file would be 11.0 MB in the mail; the limit is 10 MB."
    assert too_big(big, 11) == ""
