"""Undoing a merge: the discarded client is there again, with what it brought."""

from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.countries import CODES
from billing_admin.db.triggers import maintenance
from billing_admin.errors import BusinessError
from clients.models import Activity, Client, ClientGroup, ClientMerge, ClientNote, ClientNumberAlias
from clients.models.activity import actor_name
from clients.models.client_queryset import ClientGone
from clients.models.custom_field import PREFIX
from clients.selectors.client_data import client_data_of
from clients.selectors.merge import profile_field, set_value, value_of
from clients.selectors.merge_undo import changed_since, later_merge

from .merge_clients import what_moved
from .merge_rows import restore_rows


@db_transaction.atomic
def undo_merge(*, merge: ClientMerge, by: Actor) -> Client:
    """Give back exactly what the merge moved and return the client that is there again, under its own number.

    What was booked on the moved rows since and belongs to them alone (an expiry, say) goes with them. Profile fields
    that the kept client took are put back, unless staff have changed them since. The journal is emptied: the restored
    client's data stands nowhere but with that client.
    """
    kept = Client.objects.lock_one(merge.kept_id)
    found = ClientMerge.objects.filter(pk=merge.pk, kept=kept).first()
    if found is None:
        raise ClientGone
    merge = found
    number = merge.discarded_number
    if merge.undone_at is not None:
        raise BusinessError(
            f"The merge of client {number} was undone on {timezone.localtime(merge.undone_at):%-d %b %Y} by "
            f"{merge.undone_by_name}; nothing was done."
        )
    if later := later_merge(merge):
        raise BusinessError(
            f"Client {later.discarded_number} was merged into client {kept.number} later, on "
            f"{timezone.localtime(later.merged_at):%-d %b %Y}. Undo that merge first, on its Summary under Merges or "
            f"with undo_merge {later.discarded_number}."
        )
    if reasons := changed_since(merge):
        raise BusinessError(f"The merge of client {number} can no longer be undone. {' '.join(reasons)}")
    (had,) = client_data_of([kept])
    restored = _restore(merge)
    _put_profile_back(merge, kept)
    with maintenance("merge"):
        restore_rows(merge=merge, from_id=kept.pk, to_id=restored.pk)
    if merge.journal["note"]:
        ClientNote.objects.filter(pk=merge.journal["note"]["id"], client=kept).delete()
    kept_has, restored_has = client_data_of([kept, restored])
    if differing := had.differing_totals(kept_has + restored_has):
        raise BusinessError(f"The figures do not agree, so nothing was undone: {'; '.join(differing)}.")
    country = merge.discarded_snapshot["country"]
    lost = "" if country == restored.country else f"; its country, “{country}”, is none and was left out"
    emptied = _close(merge, by)
    _record(merge, kept, restored, by, lost, emptied)
    return restored


def _restore(merge: ClientMerge) -> Client:
    """The discarded client's row as it was, the id and the number too."""
    ClientNumberAlias.objects.filter(number=merge.discarded_number).delete()
    row = {
        field.attname: field.to_python(merge.discarded_snapshot[field.attname])
        for field in Client._meta.concrete_fields
        if field.attname in merge.discarded_snapshot
    }
    if row["group_id"] and not ClientGroup.objects.filter(pk=row["group_id"]).exists():
        row["group_id"] = None
    if row["country"] not in CODES:  # of before there was a list; `_record` says so
        row["country"] = ""
    restored = Client(**row)
    restored.save(force_insert=True)
    return restored


def _put_profile_back(merge: ClientMerge, kept: Client) -> None:
    """Fields that the kept client took from the discarded one, where they still are what it took."""
    back = []
    for name, before in merge.journal["profile"].items():
        if name.startswith(PREFIX):
            took = merge.discarded_snapshot["custom"].get(name.removeprefix(PREFIX), "")
        else:
            field = profile_field(name)
            took, before = field.to_python(merge.discarded_snapshot[field.attname]), field.to_python(before)
        if value_of(kept, name) == took:
            back.append(set_value(kept, name, before))
    kept.require_country()
    kept.save(update_fields=[*back, "updated_at"])


def _close(merge: ClientMerge, by: Actor) -> list[str]:
    """Empty the journal, and what edits of the profile in between wrote down of both clients' details.

    Returns the digests of these: see `Activity.objects.empty`.
    """
    merge.moved.all().delete()
    merge.discarded_snapshot, merge.journal = {}, {}
    merge.undone_at, merge.undone_by_name = timezone.now(), actor_name(by)
    merge.save(update_fields=["discarded_snapshot", "journal", "undone_at", "undone_by_name"])
    with maintenance("merge"):
        return Activity.objects.empty(
            "client_id = %(client)s AND verb = 'client.edited' AND at >= %(since)s",
            {"client": merge.kept_id, "since": merge.merged_at},
        )


def _record(merge: ClientMerge, kept: Client, restored: Client, by: Actor, lost: str, emptied: list[str]) -> None:
    for client, words, more in (
        (kept, f"Merge of client {restored.number} undone: {what_moved(merge.counts)} given back", emptied),
        (restored, f"Merge into client {kept.number} undone{lost}", []),
    ):
        data = {"merge": merge.pk, "emptied": more} if more else {"merge": merge.pk}
        Activity.objects.record(by=by, client=client, verb="client.merge_undone", summary=words, data=data)
