"""Files that staff keep with a client: uploaded within the limits of the settings, deleted, and those limits."""

from collections.abc import Iterable
from hashlib import sha256

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key, lock_typed_words
from billing_admin.errors import BusinessError
from billing_admin.seen import Seen, changes_to_store
from clients.models import Activity, Client, ClientDocument, DocumentSettings, FormKey
from clients.models.activity import actor_name
from clients.models.client_queryset import ClientGone
from clients.models.document import LARGEST_MEGABYTES, MEGABYTE

_LONGEST_NAME = 255
_LONGEST_ENDING = 10


@db_transaction.atomic
def add_document(*, client: Client, name: str, content: bytes, by: Actor, key: FormKey | None = None) -> ClientDocument:
    """Keep a file with the client, under its name without what no name of a file has."""
    name = _checked(name, len(content))
    lock_typed_words()
    client = Client.objects.lock_one(client.pk)
    what = {"name": name, "content": sha256(content).hexdigest()}
    form = FormKey.objects.begin(key, "document.add", ClientDocument, client=client, by=by, **what)
    if form.repeated:
        return form.outcome(ClientDocument)[0]
    document = ClientDocument.objects.create(
        client=client, name=name, content=content, size=len(content), uploaded_by=by, uploaded_by_name=actor_name(by)
    )
    _record(document, by, "added", "File added")
    form.finish("the file was added", document)
    return document


@db_transaction.atomic
def delete_document(*, document: ClientDocument, by: Actor) -> ClientDocument:
    """Delete a file for good."""
    client = Client.objects.lock_one(document.client_id)
    fresh = ClientDocument.objects.filter(pk=document.pk).defer("content").first()
    if fresh is None:
        raise BusinessError("This file was deleted meanwhile; nothing was done.")
    if fresh.client_id != client.pk:
        raise ClientGone
    _record(fresh, by, "deleted", "File deleted")
    ClientDocument.objects.filter(pk=fresh.pk).delete()
    return fresh


@db_transaction.atomic
def set_document_limits(
    *, megabytes: int, endings: Iterable[str], by: Actor, seen: Seen | None = None
) -> DocumentSettings:
    """Say which files are taken from now on; those that are there stay.

    Raises BusinessError, ChangedMeanwhile among them.
    """
    wanted = {"megabytes": megabytes, "endings": _ordered(endings)}
    lock_key("document settings")
    current = DocumentSettings.objects.current()
    changes = changes_to_store(stored=limits_of(current), typed=wanted, seen=seen)
    if not changes:
        raise BusinessError("These are the limits already; nothing was changed.")
    before = limits_of(current)
    for name, value in changes.items():
        setattr(current, name, value)
    current.save()
    Activity.objects.record(
        by=by,
        client=None,
        verb="document_settings.changed",
        summary=f"Files with clients: up to {current.megabytes} MB, {', '.join(current.endings)}",
        data={"before": before, "after": limits_of(current)},
    )
    return current


def limits_of(settings: DocumentSettings) -> dict[str, object]:
    """The limits as they are stored."""
    return {"megabytes": settings.megabytes, "endings": settings.endings}


def _ordered(endings: Iterable[str]) -> list[str]:
    ordered = sorted({ending.lower().lstrip(".") for ending in endings})
    if not ordered:
        raise BusinessError("Name at least one ending, as in pdf.", field="endings")
    for ending in ordered:
        if not (ending.isascii() and ending.isalnum() and len(ending) <= _LONGEST_ENDING):
            raise BusinessError(
                f"“{ending[:30]}” is no ending of a file name; use letters and digits.", field="endings"
            )
    return ordered


def _checked(name: str, size: int) -> str:
    name = "".join(sign for sign in name.replace("\\", "/").rpartition("/")[2] if sign.isprintable()).strip()
    limits = DocumentSettings.objects.current()
    start, dot, ending = name.rpartition(".")
    if not (start and dot and ending.lower() in limits.endings):
        raise BusinessError(
            f"“{name[:60]}” is not a file of those that are taken: {', '.join(limits.endings)}.", field="file"
        )
    if not size:
        raise BusinessError("The file is empty.", field="file")
    largest = min(limits.megabytes, LARGEST_MEGABYTES)
    if size > largest * MEGABYTE:
        raise BusinessError(f"The file is larger than {largest} MB, which is the limit.", field="file")
    return f"{start[: _LONGEST_NAME - len(ending) - 1]}.{ending}"


def _record(document: ClientDocument, by: Actor, verb: str, summary: str) -> None:
    """Its name stands in the note, as all that was typed."""
    Activity.objects.record(
        by=by, client=document.client, verb=f"document.{verb}", summary=summary, note=document.name,
        data={"document": document.pk, "size": document.size},
    )  # fmt: skip
