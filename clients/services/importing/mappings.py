"""Saved mappings of client files: finding, adding, changing, deleting."""

from typing import Any

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.db.changes import changed_columns
from billing_admin.errors import BusinessError
from clients.models import Activity, ClientFile, ClientFileMapping

from .ready import BY_CODE, READY


def mapping_named(name: str) -> ClientFileMapping:
    """A saved mapping by its name, or a ready one by its name or code, in any case.

    Raises BusinessError.
    """
    saved = ClientFileMapping.objects.filter(name__iexact=name).first()
    if saved is not None:
        return saved
    for ready in READY:
        if name.casefold() in (ready.code, ready.name.casefold()):
            return ready.mapping
    names = ", ".join([*ClientFileMapping.objects.order_by("name").values_list("name", flat=True), *BY_CODE])
    raise BusinessError(f"There is no mapping “{name}”. There are: {names}. Nothing was imported.")


@db_transaction.atomic
def save_mapping(*, mapping: ClientFileMapping, by: Actor) -> ClientFileMapping:
    """Save a mapping that is new or was changed; it has been validated."""
    before = ClientFileMapping.objects.filter(pk=mapping.pk).first() if mapping.pk else None
    changes = changed_columns(before, mapping)
    if before is not None and not changes:
        raise BusinessError(f"Nothing was changed in the mapping {mapping}.")
    mapping.save()
    word = "added" if before is None else "changed"
    _record(f"client_file_mapping.{word}", f"Mapping of client files {mapping} {word}", mapping, by, changes)
    return mapping


@db_transaction.atomic
def delete_mapping(*, mapping: ClientFileMapping, by: Actor) -> None:
    """Delete a mapping; the clients that came by it stay, with their ids."""
    if waiting := ClientFile.objects.filter(mapping=mapping).count():
        raise BusinessError(
            f"{waiting} uploaded {'file waits' if waiting == 1 else 'files wait'} to be read by {mapping}."
        )
    _record("client_file_mapping.deleted", f"Mapping of client files {mapping} deleted", mapping, by, {})
    mapping.delete()


def _record(verb: str, summary: str, mapping: ClientFileMapping, by: Actor, changes: dict[str, Any]) -> None:
    Activity.objects.record(
        by=by, client=None, verb=verb, summary=summary, data={"mapping": mapping.pk, "changes": changes}
    )
