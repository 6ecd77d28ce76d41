"""The first clients, contacts and notes that somebody may mean who still types: few of each, by one statement each."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Value

from billing_admin.db.functions import SearchFold
from clients.models import Client, ClientNote, Contact
from clients.models.client import TAX_ID_PLAIN
from clients.models.client_queryset import only_letters, phone_digits, words_of_contact, words_of_note

# Shorter ones are no tax ID.
_SHORTEST_TAX_ID = 5
_SHOWN = ("pk", "number", "name", "email", "status", "company_name", "first_name", "last_name")


@dataclass(frozen=True)
class FoundClient:
    """A client that is offered. `exact` where what was typed is its number, name, e-mail address, phone or tax ID."""

    pk: int
    number: int
    name: str
    email: str
    status: str
    company_name: str
    first_name: str
    last_name: str
    exact: bool = False

    @property
    def detail(self) -> str:
        """What tells it from others of its name, and what else it may have been found by."""
        person = f"{self.first_name} {self.last_name}".strip() if self.company_name else ""
        return ", ".join(filter(None, (f"No. {self.number}", person, self.email)))

    def begins_with(self, text: str) -> bool:
        """Whether its name, as it is shown, begins so."""
        return self.name.casefold().startswith(text.casefold())

    @property
    def label(self) -> str:
        """As a field has it once the client is chosen."""
        return client_label(self)


def client_label(client: Client | FoundClient) -> str:
    """`Acme Ltd – No. 1234`: it names one client, and says which."""
    return f"{client.name} – No. {client.number}"


def clients_found(text: str, most: int, *, anywhere: bool = True) -> list[FoundClient]:
    """Those that are exactly what was typed, then those whose names begin with it, then those that have its words.

    Without the last, unless `anywhere`: an index leads straight to the others.
    """
    exact, alike = _ways(text.replace("\0", "").strip(), anywhere=anywhere)
    ways = [
        way.order_by(*order).annotate(exact=Value(is_exact)).values_list(*_SHOWN, "exact")[:most]
        for is_exact, some in ((True, exact), (False, alike))
        for way, order in some
    ]
    if not ways:
        return []
    # One after the other: what is beyond so many rows is not looked for.
    rows = ways[0].union(*ways[1:], all=True)[:most] if len(ways) > 1 else ways[0]
    found: dict[int, FoundClient] = {}
    for row in rows:
        found.setdefault(row[0], FoundClient(*row))
    return sorted(found.values(), key=lambda client: (not client.exact, not client.begins_with(text)))[:most]


type _Way = tuple[QuerySet[Client], tuple[str, ...]]


def _ways(text: str, *, anywhere: bool) -> tuple[list[_Way], list[_Way]]:
    """Queries, each served by an index: for what is exactly this, and for what is like it."""
    words, clients = text.split(), Client.objects.all()
    exact: list[_Way] = []
    alike: list[_Way] = []
    number = text.lstrip("#")
    is_number = number.isascii() and number.isdigit()
    if is_number and len(number) <= 19:
        # With leading zeros it is rather an invoice's.
        (alike if text.startswith("0") else exact).append((clients.numbered(int(number)), ()))
        alike.append((clients.numbered_elsewhere(int(number)), ()))
    if not words or text.startswith("#"):
        return exact, alike
    if "@" in text and len(words) == 1:
        exact.append((clients.filter(email__iexact=text), ()))
    if digits := phone_digits(text if not is_number else f"+{text}"):
        exact.append((clients.with_phone(digits), ()))
    tax_id = re.sub("[^A-Za-z0-9]", "", text).upper()
    if len(tax_id) >= _SHORTEST_TAX_ID and any(map(str.isdigit, tax_id)):
        exact.append((clients.exclude(tax_id="").alias(plain=TAX_ID_PLAIN).filter(plain=tax_id), ()))
    if is_number:
        return exact, alike
    # A person is sorted by the last name.
    names = [SearchFold(Value(name)) for name in dict.fromkeys([" ".join(words), " ".join([words[-1], *words[:-1]])])]
    exact.append((clients.filter(sort_name__in=names), ()))
    begins: dict[str, Any] = {"sort_name__startswith": SearchFold(Value(" ".join(words)))}
    alike.append((clients.filter(**begins).exclude(sort_name__in=names), ("sort_name", "id")))
    if anywhere and not only_letters(words):
        alike.append((clients.called(words).exclude(**begins), ()))
    if anywhere and _indexed(words):
        alike.append((clients.once_called(words), ()))
    return exact, alike


def contacts_found(text: str, most: int) -> list[Contact]:
    """Contacts whose name and e-mail address have all the words, with their clients."""
    words = text.replace("\0", "").split()
    if not _indexed(words):
        return []
    rows = Contact.objects.alias(words=words_of_contact()).select_related("client")
    for word in words:
        rows = rows.filter(words__contains=SearchFold(Value(word)))
    return list(rows.only("first_name", "last_name", "email", "client__number", "client__name")[:most])


def notes_found(text: str, most: int) -> list[ClientNote]:
    """Notes that say all the words, with their clients."""
    words = text.replace("\0", "").split()
    if not _indexed(words):
        return []
    rows = ClientNote.objects.alias(words=words_of_note()).select_related("client")
    for word in words:
        rows = rows.filter(words__contains=SearchFold(Value(word)))
    return list(rows.only("text", "author_name", "created_at", "client__number", "client__name")[:most])


def clients_by_id(ids: Iterable[int]) -> list[FoundClient]:
    """These, in this order; those that are gone are left out."""
    wanted = list(ids)
    rows = {row[0]: FoundClient(*row) for row in Client.objects.filter(pk__in=wanted).values_list(*_SHOWN)}
    return [rows[pk] for pk in wanted if pk in rows]


def _indexed(words: list[str]) -> bool:
    """Whether an index of trigrams finds them."""
    return any(len(word) >= 3 for word in words)
