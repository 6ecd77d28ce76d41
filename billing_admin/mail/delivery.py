"""Hands one letter to the mail server or the provider, and says what became of it. Nothing is retried here."""

import re
import smtplib
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from billing_admin.text import pluralize

from . import providers
from .letters import Letter, Outcome
from .smtp import EmailBackend as SmtpBackend

_LONGEST = 500
# What a server says to an address because of who sends, not of who is to get it: that address is as good as before.
_NOT_FOR_US = {503, 530, 535}
# What it says to the name of the sender because of the size of the letter, which is told with it.
_TOO_LARGE = {552, 523}
_POLICY = re.compile(r"5\.7\.\d")


def reach(mailer: BaseEmailBackend) -> str:
    """Open the connection where it is not; why it cannot be, in words for staff, or nothing.

    Asked before anything is claimed, so that a server that is down costs no message a try.
    """
    try:
        mailer.open()
    except Exception as error:
        drop(mailer)
        return _why_unreachable(error)
    return ""


def drop(mailer: BaseEmailBackend) -> None:
    """End the connection; a server that does not answer to that costs nothing, for it is not asked."""
    if isinstance(mailer, SmtpBackend):
        mailer.drop()
        return
    try:
        mailer.close()
    except Exception:  # what was sent was sent, whatever closing says
        return


def deliver(mailer: BaseEmailBackend, letter: Letter) -> Outcome:
    """Send the letter over the connection of `mailer`, which stays open unless something went wrong.

    A server may end a connection over which letters went before; then it is opened anew once, as long as it is certain
    that this letter was not accepted.
    """
    try:
        email = letter.as_email()
    except ValueError as error:
        return Outcome("failed", _cut(str(error)))
    again = isinstance(mailer, SmtpBackend) and mailer.connection is not None and mailer.sent_over_this > 0
    outcome, was_gone = _try(mailer, email)
    if outcome.kind == "again" and was_gone and again:
        outcome, _was_gone = _try(mailer, email)
    return outcome


def _try(mailer: BaseEmailBackend, email: EmailMessage) -> tuple[Outcome, bool]:
    """What became of it; and whether the connection was gone before the letter could be given to it."""
    if why := reach(mailer):
        return Outcome("again", why, for_all="yes"), False
    try:
        sent = mailer.send_messages([email])
    except Exception as error:
        outcome = _after(error, mailer)
        drop(mailer)
        return outcome, isinstance(error, smtplib.SMTPServerDisconnected) or _is_closing(error)
    if not sent:
        return Outcome("failed", "It was not taken, without a reason."), False
    return Outcome("sent", provider_id=providers.provider_id(email)), False


def _is_closing(error: Exception) -> bool:
    """421: the server says that it ends the connection, as many do after some letters."""
    return isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code == 421


def _after(error: Exception, mailer: BaseEmailBackend) -> Outcome:
    if isinstance(mailer, SmtpBackend):
        if mailer.may_be_accepted:
            said = "The mail server had all of it and then did not say whether it takes it."
            return Outcome("perhaps", said, for_all="maybe")
        if isinstance(error, OSError):
            return _after_smtp(error)
    if providers.is_of_provider(error):
        return providers.outcome_of(error)
    if isinstance(error, ValueError):
        return Outcome("failed", _cut(str(error)))
    # A bug, of ours or of a package: nobody can tell how far it had come.
    return Outcome("perhaps", _cut(f"Something went wrong while it was being sent: {type(error).__name__}."))


def _after_smtp(error: OSError) -> Outcome:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        if code in _NOT_FOR_US:
            return _refused(code, answer, "failed", "The mail server refuses to pass it on", "yes")
        if _POLICY.match(_said(answer)):
            return _refused(code, answer, "failed", "The mail server refuses to pass it on", "maybe")
        return _refused(code, answer, "refused", "The mail server refuses the address", "maybe" if code < 500 else "no")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Outcome("again", _why_unreachable(error), for_all="yes")
    if isinstance(error, smtplib.SMTPSenderRefused):
        of_letter = error.smtp_code in _TOO_LARGE
        return _refused(
            error.smtp_code, error.smtp_error, "failed", "The mail server refuses the sender",
            "no" if of_letter else "yes",
        )  # fmt: skip
    if isinstance(error, smtplib.SMTPResponseException):
        return _refused(error.smtp_code, error.smtp_error, "failed", "The mail server refuses the message", "maybe")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Outcome("failed", _cut(f"The mail server cannot take it: {_said(str(error))}"))
    return Outcome("again", _why_unreachable(error), for_all="maybe")


def _refused(code: int, answer: bytes | str, for_good: Any, what: str, for_all: Any) -> Outcome:
    words = f"{what}: {code} {_said(answer)}"
    if 400 <= code < 500:
        words = words.replace("refuses", "does not take", 1).replace(":", " for now:", 1)
        return Outcome("again", _cut(words), for_all=for_all)
    return Outcome(for_good, _cut(words), for_all=for_all)


def _why_unreachable(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _cut(
            f"The mail server does not accept the user and password: {error.smtp_code} {_said(error.smtp_error)}"
        )
    if isinstance(error, smtplib.SMTPResponseException):
        return _cut(f"The mail server does not take mail now: {error.smtp_code} {_said(error.smtp_error)}")
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "The mail server does not answer."
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "The mail server ended the connection."
    if isinstance(error, ConnectionRefusedError):
        return "Nothing answers at the mail server’s address and port."
    why = " ".join(str(getattr(error, "strerror", "") or error).split())
    return _cut(f"The mail server cannot be reached: {why}")


def _said(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def too_big(letter: Letter, most_megabytes: int) -> str:
    """Why a letter is over the limit of Settings, with the figures; nothing where it is not."""
    if letter.megabytes <= most_megabytes:
        return ""
    files = pluralize(len(letter.attachments), "file")
    return f"Its {files} would be {letter.megabytes:,.1f} MB in the mail; the limit is {most_megabytes:,} MB."
