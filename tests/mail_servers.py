"""Mail servers for tests: one that takes mail, and one that goes wrong at a point of the conversation."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.test import override_settings

from billing_admin.mail.delivery import drop
from billing_admin.mail.mailer_url import read_mailer_url

# Says what the server answers to an address: nothing is a yes.
Answer = Callable[[str], str]
Phase = Literal["greeting", "mail", "rcpt", "data", "body", "dot", "quit", "again"]


class Server:
    """What a server was given: each message once for each time that it was accepted."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self.taken: list[EmailMessage] = []
        self.recipients: list[str] = []

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?timeout=2"

    def take(self, content: bytes, recipients: list[str]) -> None:
        self.taken.append(message_from_bytes(content, policy=default))
        self.recipients += recipients


class _Handler:
    def __init__(self, server: Server, to_recipient: Answer, to_body: Answer, to_sender: Answer) -> None:
        self.server, self.to_recipient, self.to_body, self.to_sender = server, to_recipient, to_body, to_sender

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self.to_sender(address):
            return refusal
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self.to_recipient(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if refusal := self.to_body(envelope.rcpt_tos[0]):
            return refusal
        self.server.take(bytes(envelope.content or b""), envelope.rcpt_tos)
        return "250 OK"


@contextmanager
def mail_server(
    to_recipient: Answer = lambda _: "",
    to_body: Answer = lambda _: "",
    to_sender: Answer = lambda _: "",
    **options: Any,
) -> Iterator[Server]:
    """A real server on a free port, whose answers to senders, recipients and bodies are given."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        server = Server(free.getsockname()[1])
    controller = Controller(
        _Handler(server, to_recipient, to_body, to_sender), hostname="127.0.0.1", port=server.port, **options
    )  # fmt: skip
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@contextmanager
def broken_server(at: Phase) -> Iterator[Server]:
    """A server that ends the connection at this point, each time.

    `dot`: it has taken the message and says nothing. `quit`: it takes it, says so, and never answers the good-bye.
    `again`: it takes one message over each connection and ends it before the next.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Server(listening.getsockname()[1])
        threading.Thread(target=_serve, args=(listening, server, at), daemon=True).start()
        yield server


def _serve(listening: socket.socket, server: Server, at: Phase) -> None:
    while True:
        try:
            connection, _address = listening.accept()
        except OSError:
            return
        threading.Thread(target=_talk, args=(connection, server, at), daemon=True).start()


def _talk(connection: socket.socket, server: Server, at: Phase) -> None:
    with connection, connection.makefile("rwb") as lines:
        try:
            _converse(lines, server, at)
        except OSError:
            return


def _converse(lines: Any, server: Server, at: Phase) -> None:
    def say(words: bytes) -> None:
        lines.write(words + b"\r\n")
        lines.flush()

    if at == "greeting":
        return
    say(b"220 here")
    recipients: list[str] = []
    while line := lines.readline():
        command = line[:4].strip().upper().decode()
        if command == "MAIL" and (at == "mail" or (at == "again" and server.taken and recipients)):
            return
        if command == "RCPT":
            recipients.append(line.decode().split("<")[1].split(">")[0])
            if at == "rcpt":
                return
        if command == "QUIT":
            if at == "quit":
                lines.readline()  # until the other end has had enough
            return
        if command != "DATA":
            say(b"250 OK")
            continue
        if at == "data":
            return
        say(b"354 go on")
        if at == "body":
            lines.readline()
            return
        body = []
        while (text := lines.readline()) != b".\r\n":
            body.append(text.removeprefix(b"."))
        server.take(b"".join(body), recipients[-1:])
        if at == "dot":
            return
        say(b"250 OK")


@contextmanager
def mailer(url: str) -> Iterator[BaseEmailBackend]:
    """The mailer that EMAIL_URL would make."""
    with override_settings(MAILERS=read_mailer_url(url).mailers):
        made = mailers["default"]
        yield made
        drop(made)


@contextmanager
def provider_server(status: int, answer: object) -> Iterator[int]:
    """A provider that answers each letter so, over HTTP as Postmark does; gives its port."""

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
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_port
        server.shutdown()


def postmark_at(port: int) -> dict[str, Any]:
    """The setting MAILERS for such a provider."""
    options = {"server_token": "s3cret", "api_url": f"http://127.0.0.1:{port}/", "timeout": (1, 1)}
    return {"default": {"BACKEND": "anymail.backends.postmark.EmailBackend", "OPTIONS": options}}
