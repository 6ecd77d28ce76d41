"""Django's SMTP, which also knows whether the server had been given the whole body of a message.

Until the last dot of it was sent, the message was certainly not accepted; after it only an answer decides. smtplib
raises the same error for both.
"""

import smtplib
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp


class _NotesTheBody:
    """What both connections of smtplib have in common, with the phase noted."""

    whole_body_sent = False
    answered = False
    _is_at_the_body = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self._is_at_the_body = True
        try:
            answer: tuple[int, bytes] = super().data(msg)  # type: ignore[misc]
            self.answered = True
            return answer
        finally:
            self._is_at_the_body = False

    def send(self, s: Any) -> None:
        super().send(s)  # type: ignore[misc]
        # The command DATA is sent as text, the body as bytes and in one piece.
        if self._is_at_the_body and not isinstance(s, str):
            self.whole_body_sent = True


class _Plain(_NotesTheBody, smtplib.SMTP):
    pass


class _Encrypted(_NotesTheBody, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """Sends over one connection that the caller opens; after any error it is dropped, and the next letter opens one."""

    sent_over_this = 0  # letters, since the connection was opened

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _Encrypted if self.use_ssl else _Plain

    @property
    def may_be_accepted(self) -> bool:
        """Whether the server had the whole of the last message and never said what it did with it."""
        connection: Any = self.connection
        return bool(connection and connection.whole_body_sent and not connection.answered)

    def open(self) -> bool | None:
        opened: bool | None = super().open()
        if opened:
            self.sent_over_this = 0
        return opened

    def _send(self, email_message: EmailMessage) -> bool:
        connection: Any = self.connection
        if connection:
            connection.whole_body_sent = connection.answered = False
        sent: bool = super()._send(email_message)  # type: ignore[misc]
        self.sent_over_this += sent
        return sent

    def drop(self) -> None:
        """End the connection without a word to the server, which may be dead."""
        for connection in (self.connection, self._partial_connection):  # type: ignore[has-type]
            if connection is not None:
                connection.close()
        self.connection = self._partial_connection = None
