"""What each kind of mail says of what it is about, and which files go with it."""

from collections.abc import Callable
from typing import NamedTuple

from billing_admin.documents import Press
from billing_admin.mail.letters import Attachment
from clients.models import Client, MailMessage
from clients.models.mail.kinds import MailKind

from . import credit, credit_note, invoice, payment, statement, test
from .said import Said, Withheld

__all__ = ["CONTENTS", "Content", "Said", "Withheld", "files_of", "said_of"]


class Content(NamedTuple):
    """How a kind is written: what its places say, by the language; and its files, which are read or drawn before."""

    say: Callable[[MailMessage, Client | None, str], Said]
    files: Callable[[MailMessage, Press], list[Attachment]] = lambda message, press: []


CONTENTS: dict[str, Content] = {
    MailKind.INVOICE: Content(invoice.say, invoice.files),
    MailKind.CREDIT_NOTE: Content(credit_note.say, credit_note.files),
    MailKind.PAYMENT: Content(payment.say),
    MailKind.CREDIT: Content(credit.say),
    MailKind.EXPIRING: Content(credit.say_expiring),
    MailKind.STATEMENT: Content(statement.say, statement.files),
    MailKind.TEST: Content(test.say),
}


def said_of(message: MailMessage, client: Client | None, language: str) -> Said:
    """What a message says now, of what it is about as it stands.

    Raises Withheld where it is not to go out any more.
    """
    if (content := CONTENTS.get(message.kind)) is None:
        raise Withheld("There is no text for this kind of mail.")
    return content.say(message, client, language)


def files_of(message: MailMessage, press: Press) -> list[Attachment]:
    """The files of a message: documents as they are kept, drawn now where they were not yet.

    It may take long, and locks nothing of the client meanwhile. Raises BusinessError where one cannot be made.
    """
    content = CONTENTS.get(message.kind)
    return content.files(message, press) if content else []
