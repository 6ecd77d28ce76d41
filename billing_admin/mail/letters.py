"""A letter to one recipient, and what became of it."""

import email.policy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from typing import Literal

from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email

# Base64 makes four letters and a line break of three bytes.
ENCODED = 1.37


@dataclass(frozen=True)
class Attachment:
    """A file of a letter, by the name under which the reader saves it."""

    name: str
    content: bytes
    mimetype: str = "application/pdf"


@dataclass(frozen=True)
class Letter:
    """What goes to one address. Several recipients are several letters, so that one bad address holds up nobody."""

    to: str
    subject: str
    text: str
    html: str = ""
    attachments: Sequence[Attachment] = ()
    message_id: str = ""  # with its angle brackets: the same for each try, so that most mailboxes fold a double
    headers: Mapping[str, str] = field(default_factory=dict)
    sender: str = ""  # as `sender_of` writes it
    reply_to: str = ""

    def as_email(self) -> EmailMultiAlternatives:
        """What Django sends. Raises ValueError for what would become another header, another recipient or none."""
        for value in (self.to, self.subject, self.message_id, self.sender, self.reply_to, *self.headers.values()):
            if _CONTROL.search(value):
                raise ValueError("A line break or another control character stands in an address or in the subject.")
        headers = {"Auto-Submitted": "auto-generated", **self.headers}
        if self.message_id:
            headers["Message-ID"] = self.message_id
        written = EmailMultiAlternatives(
            self.subject, self.text, self.sender, [require_address(self.to)],
            reply_to=[require_address(self.reply_to)] if self.reply_to else None, headers=headers,
        )  # fmt: skip
        if self.html:
            written.attach_alternative(self.html, "text/html")
        for attachment in self.attachments:
            written.attach(attachment.name, attachment.content, attachment.mimetype)
        written.message(policy=email.policy.SMTP)
        return written

    @property
    def megabytes(self) -> float:
        """How much goes over the wire, roughly: what is attached, encoded."""
        return sum(len(attachment.content) for attachment in self.attachments) * ENCODED / 1_000_000


OutcomeKind = Literal["sent", "again", "refused", "failed", "perhaps"]


@dataclass(frozen=True)
class Outcome:
    """What became of a letter, in words fit to show to staff.

    `sent`: it was accepted. `again`: it certainly was not, and another try may do. `refused`: the recipient was.
    `failed`: the letter was. `perhaps`: nobody can tell whether it was accepted, so it is not tried again by itself.

    `for_all`: whether any other letter would have been answered so, as where the password or the sender is refused.
    """

    kind: OutcomeKind
    words: str = ""
    provider_id: str = ""
    for_all: Literal["no", "maybe", "yes"] = "no"


_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


def sender_of(name: str, address: str) -> str:
    """`Acme Ltd <billing@acme.example>`, quoted where it has to be. Raises ValueError."""
    if _CONTROL.search(name):
        raise ValueError("A line break or another control character stands in the name.")
    try:
        return str(Address(name, addr_spec=require_address(address)))
    except (HeaderParseError, IndexError) as error:
        raise ValueError(f"“{address}” is no e-mail address.") from error


def require_address(address: str) -> str:
    """The address, where it is one. Raises ValueError with a sentence where it is none, or cannot be written to."""
    try:
        validate_email(address)
    except ValidationError:
        raise ValueError(f"“{_shown(address)}” is no e-mail address.") from None
    if not address.rpartition("@")[0].isascii():
        raise ValueError(f"“{_shown(address)}” has letters before the @ that mail servers do not take.")
    return address


def _shown(address: str) -> str:
    plain = _CONTROL.sub(" ", address)
    return plain if len(plain) <= 80 else plain[:79] + "…"
