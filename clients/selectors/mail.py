"""Mail as pages show it: the messages, to whom one would go, and what it says."""

from dataclasses import dataclass

from django.db.models import (
    FETCH_RAISE,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce, Upper
from django.urls import reverse

from billing_admin.documents import language_for
from billing_admin.mail.look import html_of
from billing_admin.mail.placeholders import put_in
from clients.models import Client, ContactRole, IssuedDocument, MailboxMail, MailMessage, MailWave
from clients.models.mail.kinds import APPROVALS, SECRET, MailKind
from clients.models.mail.queue_sql import SENDER_CHANGED
from invoices.models import Invoice, SellerVersion

# What a message is about → the page that shows it, and the document that goes with it.
PAGES = {
    MailKind.INVOICE: "invoices:detail",
    MailKind.REMINDER: "invoices:detail",
    MailKind.CREDIT_NOTE: "invoices:credit_note",
    MailKind.PAYMENT: "transactions:detail",
    **dict.fromkeys(APPROVALS, "approval"),
}
_DOCUMENTS = {
    MailKind.INVOICE: (IssuedDocument.Kind.INVOICE, "invoices:document"),
    MailKind.REMINDER: (IssuedDocument.Kind.INVOICE, "invoices:document"),
    MailKind.CREDIT_NOTE: (IssuedDocument.Kind.CREDIT_NOTE, "invoices:note_document"),
}
AGAIN = r" again \d+$"
_NOT_LISTED = ("body", "data", "typed")
State = MailMessage.State


def messages() -> QuerySet[MailMessage]:
    """Every message, without what it says."""
    return MailMessage.objects.defer(*_NOT_LISTED).fetch_mode(FETCH_RAISE)


def message_shown(pk: int) -> MailMessage | None:
    """One message with its client and who put it in, and what else there is about the same."""
    return with_latest(MailMessage.objects.select_related("client", "queued_by").filter(pk=pk)).first()


def about_matching(text: str) -> Q:
    """Messages about an invoice of this number."""
    invoices = Invoice.objects.filter(label__iexact=text.strip()).values("pk")
    return Q(subject_id__in=invoices, kind__in=[MailKind.INVOICE, MailKind.REMINDER])


def still_coming() -> int:
    """How many messages are still being put in, of runs and other work with many."""
    ids = Func(F("subject_ids"), function="cardinality", output_field=IntegerField())
    return MailWave.objects.aggregate(ids=Sum(ids))["ids"] or 0


def perhaps_sent() -> QuerySet[MailMessage]:
    """What somebody has to decide about: perhaps sent, and not sent again since."""
    return _undecided(State.PERHAPS_SENT)


def failed() -> QuerySet[MailMessage]:
    """What was given up, and not sent again since."""
    return _undecided(State.FAILED)


def without_address() -> QuerySet[MailMessage]:
    """What is not sent because its client has no address, or none that is one."""
    return _undecided(State.WITHHELD).filter(why__icontains="address")


def held_by_sender() -> QuerySet[MailMessage]:
    """What waited when the sender was changed, and was not sent again since."""
    return _undecided(State.WITHHELD).filter(why=SENDER_CHANGED)


def _undecided(state: State) -> QuerySet[MailMessage]:
    """Test messages and invitations are seen where they are sent from; no other link can be sent by hand again."""
    later = MailMessage.objects.filter(
        Q(contact_id=OuterRef("contact_id")) | Q(contact_id=None),
        subject_id=OuterRef("subject_id"), kind=OuterRef("kind"), level=OuterRef("level"), pk__gt=OuterRef("pk"),
    )  # fmt: skip
    return (
        MailMessage.objects.filter(~Exists(later), state=state)
        .exclude(kind__in=[MailKind.TEST, *SECRET])
        .order_by("-pk")
    )


def with_latest(rows: QuerySet[MailMessage]) -> QuerySet[MailMessage]:
    """Messages, each with the others about the same to the same recipient.

    `latest`: the newest of them, another once it went again. `one_waits`: one that says the same has not gone out yet.
    """
    same = MailMessage.objects.alias(to=Coalesce("contact_id", 0), first=_first_key("key")).filter(
        kind=OuterRef("kind"), subject_id=OuterRef("subject_id"), level=OuterRef("level"),
        to=Coalesce(OuterRef("contact_id"), 0),
    )  # fmt: skip
    waits = same.filter(first=_first_key(OuterRef("key")), state__in=[State.WAITING, State.SENDING])
    latest = Subquery(same.order_by("-pk").values("pk")[:1])
    return rows.annotate(latest=latest, one_waits=Exists(waits)).order_by("pk")


def _first_key(key: str | OuterRef) -> Func:
    """The key of what went out first, of what goes out again."""
    return Func(key, Value(AGAIN), Value(""), function="regexp_replace", output_field=TextField())


@dataclass(frozen=True)
class Recipient:
    """An address that a message goes to; `bounced` where mail to it came back."""

    name: str
    address: str
    bounced: bool = False


def recipients(client: Client, role: ContactRole) -> list[Recipient]:
    """To whom mail of this client goes: the client, and the contacts who get it too."""
    found = [(client.name, client.email)] if client.email else []
    contacts = client.contacts.filter(roles__contains=[role]).exclude(email="").order_by("pk")
    found += [(each.name, each.email) for each in contacts if each.email.upper() != client.email.upper()]
    bounced = _bounced(client)
    return [Recipient(name, address, address.upper() in bounced) for name, address in found]


def bounced_addresses(client: Client) -> list[str]:
    """Addresses of the client and its contacts that mail came back from, and to which none was sent since."""
    theirs = [client.email, *client.contacts.order_by("pk").values_list("email", flat=True)]
    bounced = _bounced(client)
    return [address for address in dict.fromkeys(theirs) if address.upper() in bounced]


def _bounced(client: Client) -> set[str]:
    """In capitals, so that one is found however it is written."""
    return set(came_back().filter(client=client).values_list(Upper("address"), flat=True))


def came_back() -> QuerySet[MailMessage]:
    """What bounced, from addresses to which none was sent since: no more mail goes there by itself."""
    later = MailMessage.objects.filter(
        client=OuterRef("client"), state=State.SENT, address__iexact=OuterRef("address"), pk__gt=OuterRef("pk")
    )
    return MailMessage.objects.filter(~Exists(later), state=State.BOUNCED)


def said_by(message: MailMessage) -> tuple[str, str]:
    """Subject and text of a message, with what staff typed; nothing of a secret one."""
    if message.is_secret:
        return message.subject, ""
    return put_in(message.subject, "reason", message.typed), put_in(message.body, "reason", message.typed)


def look_of(message: MailMessage) -> str:
    """The message as HTML, as it was or would be sent."""
    language = language_for(message.language)
    return html_of(said_by(message)[1], company=company_name(), language=language)


def company_name() -> str:
    """What the company is called on letters; something to look at where nobody said so yet."""
    company = SellerVersion.objects.current()
    return company.legal_name if company else "Your company"


@dataclass(frozen=True)
class FileOfMail:
    """A file that goes with a message, by the name that the reader sees."""

    name: str
    url: str


def files_of(message: MailMessage) -> list[FileOfMail]:
    """The documents that went with a message, or will."""
    if (found := _DOCUMENTS.get(MailKind(message.kind))) is None or message.subject_id is None:
        return []
    kind, page = found
    kept = IssuedDocument.objects.filter(kind=kind, subject_id=message.subject_id).only("name").first()
    return [FileOfMail(kept.name if kept else f"{message.about}.pdf", reverse(page, args=[message.subject_id]))]


def mailbox() -> QuerySet[MailboxMail]:
    """What is kept here instead of being sent, without its contents."""
    return MailboxMail.objects.select_related("client").defer("raw").fetch_mode(FETCH_RAISE)
