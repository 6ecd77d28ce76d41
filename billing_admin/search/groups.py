"""What the box finds: a group of each kind that the person may see, each bounded in rows and in time."""

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from billing_admin.db.limits import TookTooLong, at_most
from billing_admin.db.pagination import beginning_with
from billing_admin.money.amounts import money_text
from billing_admin.text import excerpt
from clients.selectors.found import FoundClient, clients_by_id, clients_found, contacts_found, notes_found
from invoices.selectors.lists import documents_found
from transactions.models import Transaction
from transactions.selectors.found import deleted_clients_found, money_typed, transactions_found

from . import actions
from .results import Group, Result

# Each statement of a group may take so long; one that takes longer says to type more.
MILLISECONDS = 300
LONGEST_EXCERPT = 80


def find(text: str, person: User, most: int) -> list[Group]:
    """Everything that the text may mean, up to `most` lines of each kind; what was typed exactly comes first."""
    may = person.has_perm
    clients = actions.asked_of_clients(text, person) if may("clients.view_client") else []
    invoices = actions.asked_of_invoices(text, person) if may("invoices.view_invoice") else []
    named = [*actions.pages_named(text, person), *actions.actions_begun(text, person)]
    pages = Group("Pages and actions", named[:most])
    groups = []
    if may("clients.view_client"):
        more = f"{reverse('clients:list')}?{urlencode({'q': text})}"
        groups.append(_clients_group(text, more, most))
        if clients or invoices:  # a client may be called as an action is: Bill
            at = 1 if groups[0].results else 0
            groups.insert(at, _within("Actions", lambda: _asked(clients, invoices, most)))
        groups.append(_within("Contacts", lambda: _contacts(text, most)))
        groups.append(_within("Notes", lambda: _notes(text, most)))
    if may("invoices.view_invoice"):
        plain = text.isascii() and text.isdigit() and not text.startswith("0")
        taken = plain and any(result.exact for group in groups for result in group.results)
        groups.append(_within("Invoices and credit notes", lambda: _documents(text, most, exact=not taken)))
    if may("transactions.view_transaction"):
        more = f"{reverse('transactions:list')}?{urlencode({'q': text})}" if not money_typed(text) else ""
        groups.append(_within("Transactions", lambda: _transactions(text, most + 1), more, most))
        groups.append(_within("Transactions of deleted clients", lambda: _deleted(text, most)))
    first = any(result.exact for result in pages.results)
    ordered = [pages, *groups] if first else [*groups, pages]
    return [group for group in ordered if group.results or group.note]


def recent(ids: list[int], person: User) -> list[Group]:
    """The clients looked at last, as far as they are still there."""
    if not ids or not person.has_perm("clients.view_client"):
        return []
    results = [*_clients(clients_by_id(ids))]
    return [Group("Recent clients", results)] if results else []


def _within(label: str, find_some: Callable[[], Iterator[Result]], more_url: str = "", most: int = 0) -> Group:
    """A group, or why it is empty; `more_url` where there are more than `most`."""
    try:
        with at_most(MILLISECONDS):
            results = list(find_some())
    except TookTooLong as error:
        return Group(label, [], more_url, str(error))
    shown = results[:most] if most else results
    return Group(label, shown, more_url if len(shown) < len(results) else "")


def _clients_group(text: str, more_url: str, most: int) -> Group:
    """Where it takes too long to look everywhere, at least those that are called so, or begin so."""
    group = _within("Clients", lambda: _clients(clients_found(text, most + 1)), more_url, most)
    if not group.note:
        return group
    first = _within("Clients", lambda: _clients(clients_found(text, most, anywhere=False)))
    return Group(group.label, first.results, more_url, group.note)


def _asked(clients: actions.Asked, invoices: actions.Asked, most: int) -> Iterator[Result]:
    """What is to be done, with each client and invoice that it may be done with."""
    for action, rest in invoices:
        yield from actions.with_invoices(action, documents_found(rest, most)[0])
    for action, rest in clients:
        yield from actions.with_clients(action, clients_found(rest, most))


def _clients(found: list[FoundClient]) -> Iterator[Result]:
    for client in found:
        url = reverse("clients:summary", args=[client.number])
        yield Result(
            client.name, url, client.detail, client.status if client.status != "active" else "", exact=client.exact
        )


def _contacts(text: str, most: int) -> Iterator[Result]:
    for contact in contacts_found(text, most):
        url = reverse("clients:summary", args=[contact.client.number])
        about = f"{contact.email}, " if contact.name else ""
        yield Result(str(contact), url, f"{about}contact of {contact.client.name}")


def _notes(text: str, most: int) -> Iterator[Result]:
    for note in notes_found(text, most):
        url = f"{reverse('clients:notes', args=[note.client.number])}?{beginning_with(note.pk)}#note-{note.pk}"
        said = excerpt(note.text, text, LONGEST_EXCERPT)
        yield Result(
            said, url, f"{note.client.name}, {note.author_name}, {timezone.localtime(note.created_at):%-d %b %Y}"
        )


def _documents(text: str, most: int, *, exact: bool) -> Iterator[Result]:
    invoices, notes = documents_found(text, most)
    today = timezone.localdate()
    for invoice in invoices:
        status = "overdue" if invoice.is_overdue(today) else invoice.status
        url = reverse("invoices:detail", args=[invoice.pk])
        yield Result(f"Invoice {invoice.label}", url, invoice.bill_to_name, status, exact=exact)
    for note in notes:
        url = reverse("invoices:credit_note", args=[note.pk])
        yield Result(f"Credit note {note.label}", url, note.bill_to_name, exact=exact)


def _transactions(text: str, most: int) -> Iterator[Result]:
    for row in transactions_found(text, most):
        owner = row.client_name or "not attached to a client"
        detail = f"{row.date:%-d %b %Y}, {owner}{f', {row.reference}' if row.reference else ''}"
        yield Result(_moved(row), reverse("transactions:detail", args=[row.pk]), detail, exact=row.reference == text)


def _moved(row: Transaction) -> str:
    if row.amount_in.amount:
        return f"{money_text(row.amount_in)} in"
    return f"{money_text(row.amount_out)} out" if row.amount_out.amount else f"{money_text(row.fees)} of fees"


def _deleted(text: str, most: int) -> Iterator[Result]:
    for number, name in deleted_clients_found(text, most):
        url = f"{reverse('transactions:list')}?{urlencode({'q': f'#{number}'})}"
        yield Result(name, url, f"No. {number}, deleted")
