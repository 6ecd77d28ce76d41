"""Folding one client into another: everything moves, nothing is lost, and the totals prove it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.db.triggers import maintenance
from billing_admin.errors import BusinessError
from clients.models import Activity, Client, ClientMerge, ClientNote, ClientNumberAlias
from clients.models.activity import actor_name
from clients.models.client_queryset import ClientGone
from clients.models.custom_field import PREFIX
from clients.selectors.client_data import CLIENT_TABLES, ClientData, client_data_of
from clients.selectors.merge import (
    PROFILE_FIELDS,
    ContactClash,
    Difference,
    contact_clashes,
    contact_words,
    differences,
    set_value,
    value_of,
)
from invoices.documents.codes import check_electronic_address

from .merge_rows import move_rows

# What is not taken over of these is written into a note, so that no address or number is lost.
_NOTED = (
    "company_name", "first_name", "last_name", "email", "phone", "tax_id", "address_1", "address_2", "postcode", "city",
    "region", "country", "po_number", "registration", "electronic_address", "buyer_reference", "exemption_reason",
)  # fmt: skip


@dataclass(frozen=True)
class Choices:
    """What is taken from the discarded client: profile fields by name, and clashing contacts by their id.

    Of everything that is not named the kept client's stays, and what gives way goes into a note.
    """

    fields: frozenset[str] = frozenset()
    contacts: frozenset[int] = frozenset()


@db_transaction.atomic
def merge_clients(*, kept: Client, discarded: Client, by: Actor, choices: Choices | None = None) -> ClientMerge:
    """Move everything from `discarded` to `kept` and retire its number, which leads to the kept client from then on.

    A statement for each kind of row, however many there are. Issued invoices and transactions keep the name that they
    bear; every currency keeps a balance of its own. The merge that is returned has the journal for undoing it and the
    totals per currency before and after, which are the same or nothing is merged.
    """
    choices = choices or Choices()
    if kept.pk == discarded.pk:
        raise BusinessError(f"Client {kept.number} cannot be merged into itself; choose another client.")
    kept, discarded = _lock(kept, discarded)
    kept_had, discarded_had = client_data_of([kept, discarded])
    differing = differences(kept, discarded)
    clashes = contact_clashes(kept, discarded)
    merge = ClientMerge.objects.create(
        kept=kept,
        discarded_number=discarded.number,
        discarded_snapshot=snapshot(discarded),
        journal={},
        totals={},
        counts=discarded_had.counts,
        merged_by=by,
        merged_by_name=actor_name(by),
    )
    Activity.objects.record(
        by=by,
        client=discarded,
        verb="client.merged_away",
        summary=f"Merged into client {kept.number}",
        data={"merge": merge.pk},
    )
    taken = [part.field for part in differing if part.field in choices.fields]
    journal: dict[str, Any] = {
        "profile": {name: _plain(kept, name) for name in taken},
        "note": _note_what_gives_way(kept, discarded, differing, clashes, choices, by),
    }
    journal |= _move_everything(merge, kept, discarded, clashes, choices)
    _take_fields(kept, discarded, taken)
    (has,) = client_data_of([kept])
    totals = _prove(kept_had, discarded_had, has)
    merge.journal, merge.totals = journal, totals
    merge.save(update_fields=["journal", "totals"])
    Activity.objects.record(
        by=by,
        client=kept,
        verb="client.merged",
        summary=f"Client {discarded.number} merged into this client: {what_moved(merge.counts)}",
        data={"merge": merge.pk, "number": discarded.number, "fields": taken},
    )
    return merge


def _lock(kept: Client, discarded: Client) -> tuple[Client, Client]:
    """Lock both, the discarded one also against rows that only refer to it: its own is about to go."""
    locked = {client.pk: client for client in Client.objects.lock([kept.pk, discarded.pk])}
    for client in (kept, discarded):
        if client.pk not in locked:
            raise _where_it_went(client)
    Client.objects.lock_for_removal(discarded.pk)
    return locked[kept.pk], locked[discarded.pk]


def _where_it_went(client: Client) -> BusinessError:
    alias = ClientNumberAlias.objects.filter(number=client.number).select_related("client").first()
    if alias is None:
        return ClientGone()
    return BusinessError(
        f"Client {client.number} was merged into client {alias.client.number} already; nothing was done."
    )


def snapshot(client: Client) -> dict[str, Any]:
    """The row of a client, to make the same one again."""
    return {field.attname: _plain(client, field.name) for field in Client._meta.concrete_fields if not field.generated}


def _plain(client: Client, name: str) -> Any:
    value = value_of(client, name)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _move_everything(
    merge: ClientMerge, kept: Client, discarded: Client, clashes: list[ContactClash], choices: Choices
) -> dict[str, Any]:
    """All rows, and at last the discarded client's own; its number becomes a former number of the kept client."""
    losing = [clash.kept if clash.discarded.pk in choices.contacts else clash.discarded for clash in clashes]
    with maintenance("merge"):
        kinds = {*merge.counts, "activity"}  # that it was merged stands there too
        journal = move_rows(merge=merge, from_id=discarded.pk, to_id=kept.pk, kinds=kinds, losing=losing)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM clients_client WHERE id = %s", [discarded.pk])
    ClientNumberAlias.objects.create(number=discarded.number, client=kept)
    return journal


def _take_fields(kept: Client, discarded: Client, taken: Iterable[str]) -> None:
    columns = {set_value(kept, name, value_of(discarded, name)) for name in taken}
    if not (kept.company_name or kept.person):  # `name` is of the row as stored
        raise BusinessError(
            f"With these choices client {kept.number} would have neither a company name nor a person’s. Keep one."
        )
    if not kept.tax_exempt and (kept.exemption or kept.exemption_reason):
        raise BusinessError(
            "Only a client who is tax exempt has a reason for it: choose whether and why there is no tax of the same "
            "client."
        )
    check_electronic_address(kept.electronic_scheme, kept.electronic_address)
    kept.require_country()
    kept.save(update_fields=[*columns, "updated_at"])


def _note_what_gives_way(
    kept: Client,
    discarded: Client,
    differing: list[Difference],
    clashes: list[ContactClash],
    choices: Choices,
    by: Actor,
) -> dict[str, Any] | None:
    """Write what is not taken over into a note of the kept client."""
    lines = []
    for part in differing:
        dropped = part.kept if part.field in choices.fields else part.discarded
        if dropped and (part.field in _NOTED or part.field.startswith(PREFIX)):
            lines.append(f"{part.label}: {dropped}")
    for clash in clashes:
        loser = clash.kept if clash.discarded.pk in choices.contacts else clash.discarded
        if not clash.same:
            lines.append(f"Contact: {contact_words(loser)}")
    if not lines:
        return None
    day = timezone.localdate()
    text = f"Not taken over when client {discarded.number} was merged on {day:%-d %b %Y}:\n" + "\n".join(lines)
    note = ClientNote.objects.create(client=kept, text=text, author=by, author_name=actor_name(by))
    return {"id": note.pk, "text": text}


def _prove(kept_had: ClientData, discarded_had: ClientData, has: ClientData) -> dict[str, Any]:
    """The totals before and after, which are the same."""
    before = kept_had + discarded_had
    differing = [
        f"{table.pluralize(before.count(table.name))} before, {has.count(table.name):,} after"
        for table in CLIENT_TABLES
        if table.adds_up and before.count(table.name) != has.count(table.name)
    ]
    if differing := differing + before.differing_totals(has):
        raise BusinessError(f"The figures do not agree, so nothing was merged: {'; '.join(differing)}.")
    return {
        "kept": kept_had.totals,
        "discarded": discarded_had.totals,
        "before": before.totals,
        "after": has.totals,
    }


def what_moved(counts: dict[str, int]) -> str:
    """`3 invoices, 1 transaction`: the kinds that mean something to a person."""
    named = ("invoices", "billable_items", "transactions", "credit_grants", "contacts", "notes", "documents")
    parts = [
        table.pluralize(counts[table.name]) for table in CLIENT_TABLES if table.name in named and counts.get(table.name)
    ]
    return ", ".join(parts) or "nothing but its profile"


assert set(_NOTED) <= set(PROFILE_FIELDS)
