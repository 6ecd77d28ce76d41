"""Pages by name, and the grammar of what is done with a client or an invoice: “add credit to acme”."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.urls import reverse

from clients.selectors.found import FoundClient
from invoices.models import Invoice

from .pages import OF_CLIENT, OF_INVOICE, PAGES, Action, Page
from .results import Result

# Words between what is done and with whom.
_JOINING = {"to", "for", "of", "from", "on", "with"}

type Asked = list[tuple[Action, str]]
"""Actions that a text begins with, and what it says after each."""


def pages_named(text: str, person: User) -> list[Result]:
    """Pages of which each word of the text begins a word, those that are called just so first."""
    words = text.casefold().split()
    found = [page for page in PAGES if words and _begins(words, page) and person.has_perms(page.permissions)]
    results = [
        Result(
            page.label, reverse(page.url_name), dialog=page.dialog, exact=page.label.casefold() == " ".join(words)
        )
        for page in found
    ]  # fmt: skip
    begun = " ".join(words)
    return sorted(results, key=lambda page: (not page.exact, not page.title.casefold().startswith(begun)))


def _begins(words: Iterable[str], page: Page) -> bool:
    return all(_one_begins(word, f"{page.label} {page.also}") for word in words)


def _one_begins(beginning: str, text: str) -> bool:
    return any(word.startswith(beginning) for word in text.casefold().split())


def actions_begun(text: str, person: User) -> list[Result]:
    """Actions that somebody has begun to type, to go on with."""
    begun = " ".join(text.casefold().split())
    results = {}
    for action in (*OF_CLIENT, *OF_INVOICE):
        is_begun = len(begun) > 1 and any(phrase.startswith(begun) for phrase in action.phrases)
        if is_begun and person.has_perms(action.permissions):
            so_far = f"{action.label} {action.joined_by} "
            url = f"{reverse('search')}?{urlencode({'q': so_far})}"
            results[so_far] = Result(f"{so_far}…", url, continues=so_far)
    return list(results.values())


def asked_of_clients(text: str, person: User) -> Asked:
    """What the text asks to do with a client."""
    return _asked(OF_CLIENT, text, person)


def asked_of_invoices(text: str, person: User) -> Asked:
    """What the text asks to do with an invoice."""
    return _asked(OF_INVOICE, text, person)


def _asked(actions: Iterable[Action], text: str, person: User) -> Asked:
    """The longest phrase that the text begins with says what is asked for: “merge client 7” is not about “client 7”."""
    words = text.split()
    found = [
        (len(phrase), action, " ".join(rest))
        for action in actions
        for phrase in action.phrases
        if (rest := _after(phrase.split(), words)) and person.has_perms(action.permissions)
    ]
    longest = max((length for length, _, _ in found), default=0)
    return [(action, rest) for length, action, rest in found if length == longest]


def _after(phrase: list[str], words: list[str]) -> list[str]:
    """The words after the phrase, without what joins the two; none where the text begins otherwise."""
    if [word.casefold() for word in words[: len(phrase)]] != phrase:
        return []
    rest = words[len(phrase) :]
    return rest[1:] if rest and rest[0].casefold() in _JOINING else rest


def with_clients(action: Action, clients: Iterable[FoundClient]) -> Iterator[Result]:
    """The action for each of these clients."""
    for client in clients:
        yield Result(
            f"{action.label} {action.joined_by} {client.name}",
            reverse(action.url_name, args=[client.number]),
            f"No. {client.number}",
            dialog=action.dialog,
            exact=client.exact,
        )


def with_invoices(action: Action, invoices: Iterable[Invoice]) -> Iterator[Result]:
    """The action for each of these invoices that is not paid."""
    for invoice in invoices:
        if invoice.status == Invoice.Status.UNPAID:
            yield Result(
                f"{action.label} {action.joined_by} {invoice.label}",
                reverse(action.url_name, args=[invoice.pk]),
                invoice.bill_to_name,
                dialog=action.dialog,
                exact=True,
            )
