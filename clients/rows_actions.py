"""What is done with many clients at once: put into a group, closed, opened again, a note about each; and with mail."""

import datetime
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from django.db.models import Max

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_typed_words
from billing_admin.listing.acting import AsFile, RowsAction, rows_action
from billing_admin.templatetags.ui import badge, cut
from billing_admin.text import pluralize
from clients.forms.many import CloseManyForm, GroupForm, NoteOnEachForm, StatementsForm
from clients.models import Client, ClientGroup, MailMessage, MailSettings
from clients.models.mail.kinds import MailKind
from clients.selectors.mail import with_latest
from clients.selectors.statements import with_owing
from clients.services.close import close_client, reopen_client
from clients.services.mail.by_hand import mark_arrived, send_again, why_not_again, why_not_arrived
from clients.services.mail.statements import send_statements, why_no_statements
from clients.services.notes import add_note
from clients.services.profile import edit_client
from clients.services.statement_files import RIGHTS, ask_for_statements


def _rows(ids: Sequence[int]) -> list[Client]:
    found = Client.objects.filter(pk__in=ids).select_related("group").order_by("pk")
    return list(found.annotate(last_note=Max("notes__pk")))


def _of_clients(
    act: Callable[[Client, Actor], object],
    mark: Callable[[Client], object],
    shown: Callable[[Client], str],
    why_not: Callable[[Client], str] = lambda client: "",
    may: str = "clients.change_client",
    **words: Any,
) -> RowsAction[Client]:
    """An action on clients, of which a cell is `shown` beside number and name."""
    return RowsAction(
        noun="client", nouns="clients", permissions=(may, "clients.view_client"),
        describe=lambda client: [client.number, cut(client.name), shown(client)], called=str, rows=_rows,
        mark=lambda client: str(mark(client)),
        why_not=why_not, lock=Client.objects.lock_ids, act=act, **words,
    )  # fmt: skip


def _group_of(client: Client) -> str:
    return badge("", label=str(client.group) if client.group else "No group", meaning="quiet")


def _status_of(client: Client) -> str:
    return badge(client.status)


@rows_action("clients.group", GroupForm)
def put_into(client: int | None, group: int | None = None) -> RowsAction[Client]:
    """Put each client into this group, or out of the one that it is in."""
    into = ClientGroup.objects.filter(pk=group).first() if group else None
    gone = "The group was deleted meanwhile." if group and into is None else ""
    return _of_clients(
        lambda client, by: edit_client(client=client, by=by, group=into), attrgetter("group_id"), _group_of,
        lambda client: gone,
        name="clients.group", title="Set Group", label="Set Group",
        done=f"put into {into}" if into else "taken out of their group",
    )  # fmt: skip


@rows_action("clients.close", CloseManyForm)
def close(client: int | None, reason: str = "") -> RowsAction[Client]:
    """Close the accounts: everything stays, and invoice runs bill them no more."""

    def why_not(client: Client) -> str:
        return "It is Closed already." if client.status == Client.Status.CLOSED else ""

    return _of_clients(
        lambda client, by: close_client(client=client, by=by, reason=reason), attrgetter("status"), _status_of,
        why_not, may="clients.close_client",
        name="clients.close", title="Close Clients?", label="Close Clients", done="closed", danger=True,
    )  # fmt: skip


@rows_action("clients.reopen")
def reopen(client: int | None) -> RowsAction[Client]:
    """Open closed accounts again."""

    def why_not(client: Client) -> str:
        return "" if client.status == Client.Status.CLOSED else f"It is {client.get_status_display()}, not Closed."

    return _of_clients(
        lambda client, by: reopen_client(client=client, by=by), attrgetter("status"), _status_of, why_not,
        may="clients.close_client",
        name="clients.reopen", title="Open Clients Again?", label="Open Again", done="opened again",
    )  # fmt: skip


@rows_action("clients.note", NoteOnEachForm)
def write_note(client: int | None, reason: str = "") -> RowsAction[Client]:
    """Write the same note about each client."""
    return _of_clients(
        lambda client, by: add_note(client=client, text=reason, by=by), attrgetter("last_note"), _status_of,
        may="clients.add_clientnote",
        name="clients.note", title="Write a Note on Each", label="Write Notes", done="given the note",
    )  # fmt: skip


@rows_action("clients.statements", StatementsForm)
def send_them_statements(
    client: int | None, first: str = "", last: str = "", only_owing: bool = False
) -> RowsAction[Client]:
    """Send each of them a statement of account of the period."""
    days = [datetime.date.fromisoformat(day) for day in (first, last) if day]
    none = why_no_statements(*days) if len(days) == 2 else ""

    def why_not(client: Any) -> str:
        return none or ("Nothing is owed." if only_owing and not client.owes else "")

    return RowsAction(
        noun="client", nouns="clients", permissions=("clients.send_mailmessage", "clients.view_client"),
        describe=lambda client: [client.number, cut(client.name), cut(client.email or "No address")], called=str,
        rows=lambda ids: list(with_owing(Client.objects.filter(pk__in=ids)).order_by("pk")),
        mark=lambda client: f"{client.email} {client.no_mail}",
        why_not=why_not, lock=Client.objects.lock_ids,
        act_together=lambda clients, by: _sent(
            send_statements(ids=[client.pk for client in clients], first=days[0], last=days[1], by=by)
        ),
        name="clients.statements", title="Send Statements", label="Send Statements", done="sent a statement",
        effects=lambda ids: [_what_of_statements()],
        as_file=AsFile(
            "Download as ZIP", RIGHTS,
            lambda listing, by: ask_for_statements(
                listing, first=days[0], last=days[1], only_owing=only_owing, by=by
            ),
        ),
    )  # fmt: skip


def _what_of_statements() -> str:
    if MailSettings.objects.current().sends(MailKind.STATEMENT):
        return "Who has had a statement of this period gets none again."
    return "Statements are switched off in Settings → Mail, so none is sent; they can be downloaded."


def _sent(queued: int) -> str:
    return f"{pluralize(queued, 'statement')} put in to be sent."


def _lock_mail(ids: Sequence[int]) -> None:
    """What was typed about it is copied; and the clients."""
    lock_typed_words()
    Client.objects.lock_ids(MailMessage.objects.filter(pk__in=ids).values("client"))


def _of_mail(**words: Any) -> RowsAction[MailMessage]:
    return RowsAction(
        noun="message",
        nouns="messages",
        permissions=("clients.send_mailmessage", "clients.view_mailmessage"),
        describe=lambda mail: [
            str(mail),
            cut(mail.address or (mail.client.name if mail.client else "")),
            badge(mail.state),
        ],
        called=lambda mail: f"{mail} to {mail.address}" if mail.address else str(mail),
        rows=lambda ids: list(with_latest(MailMessage.objects.filter(pk__in=ids)).select_related("client")),
        mark=lambda mail: f"{mail.client_id} {mail.state} {mail.attempts} {mail.latest}",
        lock=_lock_mail,
        **words,
    )


@rows_action("mail.again")
def again(client: int | None) -> RowsAction[MailMessage]:
    """Have it sent once more, each as a message of its own."""
    return _of_mail(
        name="mail.again", title="Send Again?", label="Send Again", done="to be sent again", why_not=why_not_again,
        act=lambda mail, by: send_again(message=mail, by=by),
        effects=lambda ids: ["Each is written anew, and says what is so by then."],
    )  # fmt: skip


@rows_action("mail.arrived")
def arrived(client: int | None) -> RowsAction[MailMessage]:
    """Say of what was perhaps sent that it arrived."""
    return _of_mail(
        name="mail.arrived", title="Did It Arrive?", label="It Arrived", done="marked as sent",
        why_not=why_not_arrived, act=lambda mail, by: mark_arrived(message=mail, by=by),
    )  # fmt: skip
