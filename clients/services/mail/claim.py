"""Taking one message out of the outbox: looked at again under its client's lock, and written down as being sent."""

import hashlib
from dataclasses import dataclass
from typing import Literal

from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.db.locks import lock_typed_words, require_held_locks
from billing_admin.documents import language_for
from billing_admin.errors import BusinessError
from billing_admin.mail.letters import Attachment, Letter, require_address, sender_of
from billing_admin.mail.look import html_of
from billing_admin.mail.placeholders import LONGEST_SUBJECT, fill, put_in
from clients.models import Client, Contact, MailMessage, MailSettings
from clients.models.mail.queue_sql import MAIL_OFF, NO_ADDRESS, SENDER_CHANGED
from clients.selectors.mail_texts import Text, words_of
from invoices.models import SellerVersion

from .content import Withheld, book, give_up, said_of
from .content.said import LINK, TYPED

State = MailMessage.State
_LOCK_CLIENT = "SELECT * FROM clients_client WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED"


@dataclass(frozen=True)
class Claimed:
    """A message that this process is to send, and the settings that it was written by."""

    message: MailMessage
    letter: Letter
    settings: MailSettings


type Claim = Claimed | Literal["passed", "ended"]


@dataclass(frozen=True)
class _Written:
    """Who gets it and what it says."""

    address: str
    language: str
    company: str
    subject: str
    body: str
    typed: str
    link: str


@db_transaction.atomic
def claim(seen: MailMessage, *, sender: int, files: list[Attachment]) -> Claim:
    """Write the message down as being sent by `sender`, unless it is not to go out any more.

    The client is locked first, as by everything that writes: a payment, a cancellation, a deletion or a merge is
    before this or after it. Nobody is waited for: `passed` says that somebody else has the client or the message at
    this moment, or that it is another client's than it was `seen` to be, for whom its files were read; `ended`, that it
    was withheld or could not be written.

    Raises Replaced.
    """
    lock_typed_words()  # what was typed goes into the message, and is forgotten there where it names who is deleted
    owner = seen.client_id
    client = next(iter(Client.objects.raw(_LOCK_CLIENT, [owner])), None) if owner else None
    if owner and client is None:
        return "passed"
    waiting = MailMessage.objects.filter(pk=seen.pk, state=State.WAITING, client=client)
    message = waiting.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
    if message is None:
        return "passed"
    settings = MailSettings.objects.current()
    try:
        written = _write(message, client, settings)
    except Withheld as error:
        return _end(message, client, State.WITHHELD, str(error))
    except BusinessError as error:
        return _end(message, client, State.FAILED, str(error))
    book(message, client)
    message.address, message.language = written.address, written.language
    message.subject, message.body, message.typed = written.subject, written.body, written.typed
    message.state, message.sender, message.claimed_at = State.SENDING, sender, timezone.now()
    message.attempts += 1
    message.why = ""
    body = message.body
    if message.is_secret:
        message.body = ""
    message.save()
    require_held_locks()
    return Claimed(message, _letter(message, body, written, files, settings), settings)


def _end(message: MailMessage, client: Client | None, state: MailMessage.State, why: str) -> Literal["ended"]:
    message.end(state, why)
    give_up(message, client)
    require_held_locks()
    return "ended"


def _write(message: MailMessage, client: Client | None, settings: MailSettings) -> _Written:
    """Raises Withheld, and BusinessError where its text cannot be filled."""
    if not settings.sends(message.kind) and not (message.is_by_hand and settings.from_address):
        raise Withheld("Mail of this kind is switched off." if settings.tested_at else SENDER_CHANGED)
    company = SellerVersion.objects.current()
    language = language_for(client.language if client else "", company.language if company else "en")
    called = company.legal_name if company else settings.from_name
    name, address = _recipient(message, client)
    _require_open(message, client, address)
    said = said_of(message, client, language)
    values = {
        "name": name,
        "company": called,
        "client_number": str(client.number) if client else "",
        **said.values,
    }
    text = said.text or Text(message.kind, message.level, language)
    words = words_of(text.kind, text.language, text.level)
    kept = [TYPED] if said.typed else []
    if not kept:
        values.setdefault(TYPED, "")
    # A subject is stored: where there is a link, it is not in it.
    one_line = " ".join(fill(words.subject, values | {LINK: ""} if LINK in values else values, keep=kept).split())
    return _Written(
        address=address,
        language=text.language,
        company=called,
        subject=one_line[:LONGEST_SUBJECT],
        body=fill(words.body, values, keep=kept),
        typed=said.typed[:500],
        link=said.values.get(LINK, ""),
    )


def _recipient(message: MailMessage, client: Client | None) -> tuple[str, str]:
    """Whom it is to, and at which address, as of now."""
    if client is None:
        return message.queued_by_name, message.address
    if client.no_mail and not message.is_by_hand:
        raise Withheld(MAIL_OFF)
    if message.contact_id is None:
        return client.person or client.name, client.email
    contact = Contact.objects.filter(pk=message.contact_id, client=client).first()
    if contact is None:
        raise Withheld("The contact is not there any more.")
    return contact.name or client.name, contact.email


def _require_open(message: MailMessage, client: Client | None, address: str) -> None:
    """Raises Withheld where nothing can go, or is to go, to this address."""
    if not address:
        raise Withheld(NO_ADDRESS)
    try:
        require_address(address)
    except ValueError as error:
        raise Withheld(str(error)) from error
    if client is None or message.is_by_hand:
        return
    to_it = MailMessage.objects.filter(client=client, address__iexact=address)
    bounced = to_it.filter(state=State.BOUNCED).order_by("-pk").values_list("pk", flat=True).first()
    if bounced and not to_it.filter(state=State.SENT, pk__gt=bounced).exists():
        raise Withheld(f"Mail to {address} came back before.")


def _letter(
    message: MailMessage, body: str, written: _Written, files: list[Attachment], settings: MailSettings
) -> Letter:
    text = put_in(body, TYPED, message.typed)
    domain = settings.from_address.rpartition("@")[2]
    of_key = hashlib.sha256(message.key.encode()).hexdigest()[:12]
    return Letter(
        to=message.address,
        subject=" ".join(put_in(message.subject, TYPED, message.typed).split())[:LONGEST_SUBJECT],
        text=text,
        html=html_of(text, company=written.company, language=message.language, link=written.link),
        attachments=files,
        message_id=f"<mail.{message.pk}.{of_key}@{domain}>",
        sender=sender_of(settings.from_name, settings.from_address),
        reply_to=settings.reply_to,
    )
