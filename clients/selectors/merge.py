"""What staff look at before a merge: two clients side by side, what moves, where they differ, what clashes."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Field, QuerySet

from clients.models import Client, ClientMerge, Contact, CustomField
from clients.models.custom_field import PREFIX

from .client_data import CLIENT_TABLES, ClientData, Sums, client_data_of

# The fields of a profile that are chosen one by one. The number and the day the account was opened stay the kept one's.
PROFILE_FIELDS = (
    "company_name", "first_name", "last_name", "email", "phone", "tax_id", "address_1", "address_2", "postcode", "city",
    "region", "country", "currency", "status", "group", "tax_exempt", "tax_rate", "credit_use", "language",
    "po_number", "registration", "electronic_scheme", "electronic_address", "buyer_reference", "exemption",
    "exemption_reason", "e_invoice", "no_mail", "reminders_paused_until",
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One field of the profile in which two clients differ, in words."""

    field: str
    label: str
    kept: str
    discarded: str


@dataclass(frozen=True)
class ContactClash:
    """A contact of each client with the same e-mail address, of which one can stay."""

    kept: Contact
    discarded: Contact

    @property
    def same(self) -> bool:
        """Whether the two say the same, so that there is nothing to ask."""
        return contact_words(self.kept) == contact_words(self.discarded)


@dataclass(frozen=True)
class MergePreview:
    """Everything that a person decides a merge by."""

    kept: Client
    discarded: Client
    differences: list[Difference]
    clashes: list[ContactClash]

    @cached_property
    def _has(self) -> list[ClientData]:
        """Counted where it is shown."""
        return client_data_of([self.kept, self.discarded])

    @property
    def kept_has(self) -> ClientData:
        """What the kept client has."""
        return self._has[0]

    @property
    def discarded_has(self) -> ClientData:
        """What moves."""
        return self._has[1]

    @property
    def moving(self) -> list[tuple[str, int, int, int]]:
        """Kind, how many the kept client has, how many move, how many there are after; only what moves.

        Accounts are left out: those of one currency become one, and the balances say so.
        """
        return [
            (
                table.many or f"{table.one}s",
                self.kept_has.count(table.name),
                number,
                self.kept_has.count(table.name) + number,
            )
            for table in CLIENT_TABLES
            if table.is_shown
            and table.name not in ("credit_accounts", "not_duplicates")
            and (number := self.discarded_has.count(table.name))
        ]

    @property
    def together(self) -> list["TotalsLine"]:
        """The totals per currency of both, and together."""
        return totals_lines(self.kept_has, self.discarded_has)

    @property
    def conflicts(self) -> list[str]:
        """What deserves a second thought, in words."""
        return [*_currency_words(self), *_status_words(self)]


@dataclass(frozen=True)
class TotalsLine:
    """One total in one currency: the kept client's, the discarded one's, together."""

    name: str
    label: str
    currency: str
    kept: Decimal
    discarded: Decimal
    together: Decimal


def totals_lines(kept: ClientData, discarded: ClientData) -> list[TotalsLine]:
    """A line for each currency and total that is not zero on both sides; the credit balance always."""
    lines = []
    for currency in sorted({*kept.sums, *discarded.sums}):
        one, other = kept.sums.get(currency, Sums()), discarded.sums.get(currency, Sums())
        both = one + other
        for name, label in Sums.LABELS.items():
            parts = getattr(one, name), getattr(other, name), getattr(both, name)
            if any(parts) or name == "credit":
                lines.append(TotalsLine(name, label, currency, *parts))
    return lines


def merge_preview(kept: Client, discarded: Client) -> MergePreview:
    """What merging `discarded` into `kept` would do."""
    return MergePreview(kept, discarded, differences(kept, discarded), contact_clashes(kept, discarded))


def differences(kept: Client, discarded: Client) -> list[Difference]:
    """The fields in which the two differ, in the order of the profile."""
    found = [
        Difference(name, label_of(name), display_of(kept, name), display_of(discarded, name))
        for name in PROFILE_FIELDS
        if value_of(kept, name) != value_of(discarded, name)
    ]
    if kept.custom == discarded.custom:
        return found
    for field in CustomField.objects.order_by("pk"):
        ours, theirs = str(value_of(kept, field.field_name)), str(value_of(discarded, field.field_name))
        if ours != theirs:
            found.append(Difference(field.field_name, field.name, field.words(ours), field.words(theirs)))
    return found


def profile_field(name: str) -> "Field[Any, Any]":
    """The model's field of that name."""
    field = Client._meta.get_field(name)
    assert isinstance(field, Field)
    return field


def value_of(client: Client, name: str) -> object:
    """The stored value of a profile field."""
    if name.startswith(PREFIX):
        return client.custom.get(name.removeprefix(PREFIX), "")
    return getattr(client, profile_field(name).attname)


def set_value(client: Client, name: str, value: Any) -> str:
    """Give a client another value of a profile field, as it is stored. Returns the column that has it."""
    if not name.startswith(PREFIX):
        attname = profile_field(name).attname
        setattr(client, attname, value)
        return attname
    client.custom = {key: text for key, text in client.custom.items() if key != name.removeprefix(PREFIX)}
    if value:
        client.custom[name.removeprefix(PREFIX)] = value
    return "custom"


def label_of(name: str) -> str:
    """`E-mail address`."""
    label = str(profile_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def display_of(client: Client, name: str) -> str:
    """A profile field in words; empty where there is nothing."""
    display = getattr(client, f"get_{name}_display", None)
    value = display() if display else getattr(client, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def contact_words(contact: Contact) -> str:
    """`Ann Lee, ann@example.com, 555 1234, Receives invoices`."""
    return ", ".join(part for part in (contact.name, contact.email, contact.phone, contact.role_words) if part)


_CLASHES = """
    SELECT ours.id, theirs.id
    FROM clients_contact ours JOIN clients_contact theirs ON upper(ours.email) = upper(theirs.email)
    WHERE ours.client_id = %s AND theirs.client_id = %s ORDER BY ours.id
"""


def contact_clashes(kept: Client, discarded: Client) -> list[ContactClash]:
    """Contacts with the same e-mail address on both sides; a statement where there are none, else two."""
    with connection.cursor() as cursor:
        cursor.execute(_CLASHES, [kept.pk, discarded.pk])
        pairs = cursor.fetchall()
    contacts = Contact.objects.in_bulk([pk for pair in pairs for pk in pair])
    return [ContactClash(contacts[ours], contacts[theirs]) for ours, theirs in pairs]


def merges_of(client: Client) -> QuerySet[ClientMerge]:
    """What was merged into this client, latest first; undone merges among them."""
    return ClientMerge.objects.filter(kept=client).order_by("-pk")


def _currency_words(preview: MergePreview) -> list[str]:
    one, other = set(preview.kept_has.sums), set(preview.discarded_has.sums)
    if preview.kept.currency == preview.discarded.currency and one | other <= {preview.kept.currency}:
        return []
    currencies = " and ".join(sorted(one | other | {preview.kept.currency, preview.discarded.currency}))
    words = (
        f"The two deal in {currencies}. Every currency keeps a balance of its own; nothing is converted or added up."
    )
    return [words]


def _status_words(preview: MergePreview) -> list[str]:
    items = preview.discarded_has.count("billable_items")
    if preview.kept.status == Client.Status.ACTIVE or not items:
        return []
    status = preview.kept.get_status_display()
    return [f"The kept client is {status}: invoice runs will bill none of the billable items that move to it."]
