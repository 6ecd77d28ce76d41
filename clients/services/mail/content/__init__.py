"""What each kind of mail says of what it is about, and which files go with it."""

from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from billing_admin.documents import Press
from billing_admin.mail.letters import Attachment
from clients.models import Client, MailMessage
from clients.models.client_queryset import ClientGone
from clients.models.mail.kinds import MailKind

from . import account, approval, credit, credit_note, invoice, payment, reminder, statement, test
from .said import Said, Withheld

__all__ = ["CONTENTS", "Content", "Said", "Withheld", "book", "files_of", "give_up", "lock_client", "said_of"]


class Content(NamedTuple):
    """How a kind is written: what its places say, by the language; and its files, which are read or drawn before.

    `book` writes down what it causes by going out, in the transaction that claims it, and `give_up` takes that back
    where it did not go out after all; both with the client locked.
    """

    say: Callable[[MailMessage, Client | None, str], Said]
    files: Callable[[MailMessage, Press], list[Attachment]] = lambda message, press: []
    book: Callable[[MailMessage, Client | None], None] | None = None
    give_up: Callable[[MailMessage, Client | None], None] | None = None


CONTENTS: dict[str, Content] = {
    MailKind.INVOICE: Content(invoice.say, invoice.files),
    MailKind.CREDIT_NOTE: Content(credit_note.say, credit_note.files),
    MailKind.PAYMENT: Content(payment.say),
    MailKind.CREDIT: Content(credit.say),
    MailKind.EXPIRING: Content(credit.say_expiring),
    MailKind.REMINDER: Content(reminder.say, invoice.files, reminder.book, reminder.give_up),
    MailKind.STATEMENT: Content(statement.say, statement.files),
    MailKind.TEST: Content(test.say),
    MailKind.INVITATION: Content(account.say_invitation),
    MailKind.PASSWORD_RESET: Content(account.say_reset),
    MailKind.EMAIL_CHANGE: Content(account.say_change),
    MailKind.EMAIL_CHANGED: Content(account.say_changed),
    MailKind.APPROVAL_ASKED: Content(approval.say_asked),
    MailKind.APPROVAL_GIVEN: Content(approval.say_decided),
    MailKind.APPROVAL_REFUSED: Content(approval.say_decided),
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


def book(message: MailMessage, client: Client | None) -> None:
    """Write down what this message causes by going out. Called as it is claimed, with its client locked."""
    content = CONTENTS.get(message.kind)
    if content and content.book:
        content.book(message, client)


def give_up(message: MailMessage, client: Client | None) -> None:
    """Take back what it caused, where it ended without going out. `client` is locked, as by `lock_client`."""
    content = CONTENTS.get(message.kind)
    if content and content.give_up:
        content.give_up(message, client)


def lock_client(message: MailMessage) -> Client | None:
    """Lock the client whose message it is by now, where its end may take something back; before the message itself."""
    content = CONTENTS.get(message.kind)
    while content and content.give_up:
        owner = MailMessage.objects.filter(pk=message.pk).values_list("client_id", flat=True).first()
        if owner is None:
            break
        with suppress(ClientGone):  # it was merged: the message is with the other one
            return Client.objects.lock_one(owner)
    return None
