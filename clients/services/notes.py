"""What staff note about a client: written, edited with its history, pinned."""

from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_typed_words
from billing_admin.errors import BusinessError, require_length
from billing_admin.seen import Seen, changes_to_store
from clients.models import Activity, Client, ClientNote, FormKey
from clients.models.activity import actor_name
from clients.models.client_queryset import ClientGone

LONGEST_NOTE = 5_000
# So many of the texts that a note had before are kept, the latest: each is in the index by which a name is found.
MOST_VERSIONS = 50


@db_transaction.atomic
def add_note(*, client: Client, text: str, by: Actor, pinned: bool = False, key: FormKey | None = None) -> ClientNote:
    """Note something about the client; a pinned note stands on top of each of its pages."""
    text = _checked(text)
    lock_typed_words()
    client = Client.objects.lock_one(client.pk)
    form = FormKey.objects.begin(key, "note.add", ClientNote, client=client, by=by, text=text, pinned=pinned)
    if form.repeated:
        return form.outcome(ClientNote)[0]
    note = ClientNote.objects.create(client=client, text=text, pinned=pinned, author=by, author_name=actor_name(by))
    _record(note, by, "added", "Note added and pinned" if pinned else "Note added")
    form.finish("the note was added", note)
    return note


@db_transaction.atomic
def edit_note(*, note: ClientNote, text: str, by: Actor, seen: Seen | None = None) -> ClientNote:
    """Let a note say something else; what it said, who edited it and when stay with it.

    Raises BusinessError, ChangedMeanwhile among them.
    """
    text = _checked(text)
    lock_typed_words()
    note = _locked(note)
    if not changes_to_store(stored={"text": note.text}, typed={"text": text}, seen=seen):
        raise BusinessError("Nothing was changed on this note.")
    before = {"text": note.text, "by": actor_name(by), "at": timezone.now().isoformat()}
    note.history = [*note.history, before][-MOST_VERSIONS:]
    note.text = text
    note.save(update_fields=["text", "history"])
    _record(note, by, "changed", "Note changed")
    return note


@db_transaction.atomic
def pin_note(*, note: ClientNote, pinned: bool, by: Actor) -> ClientNote:
    """Show a note on top of each of the client's pages, or no longer."""
    note = _locked(note)
    if note.pinned == pinned:
        raise BusinessError(f"This note is {'pinned' if pinned else 'not pinned'} already; nothing was done.")
    note.pinned = pinned
    note.save(update_fields=["pinned"])
    _record(note, by, "pinned" if pinned else "unpinned", "Note pinned" if pinned else "Note no longer pinned")
    return note


def _locked(note: ClientNote) -> ClientNote:
    """The note as it is now, behind its client's lock."""
    client = Client.objects.lock_one(note.client_id)
    fresh = ClientNote.objects.filter(pk=note.pk).first()
    if fresh is None or fresh.client_id != client.pk:
        raise ClientGone
    fresh.client = client
    return fresh


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise BusinessError("Write something; nothing was saved.", field="text")
    require_length(text, "text", LONGEST_NOTE)
    return text


def _record(note: ClientNote, by: Actor, verb: str, summary: str) -> None:
    """Without what the note says: that stands in the note alone."""
    Activity.objects.record(by=by, client=note.client, verb=f"note.{verb}", summary=summary, data={"note": note.pk})
