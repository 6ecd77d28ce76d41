"""A file of clients that was uploaded waits for its preview to be looked at; then it is imported or discarded."""

from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.csv_files.decoding import readable
from billing_admin.csv_files.imports import Import
from billing_admin.csv_files.open_questions import NeedsAnswer
from billing_admin.db.locks import lock_key
from billing_admin.errors import BusinessError
from billing_admin.text import Names
from clients.models import ClientFile, ClientFileMapping

from .other_systems import import_foreign_clients, preview_foreign_clients
from .own_format import import_clients, preview_clients
from .questions import Answers
from .ready import BY_CODE
from .result import ClientImport

# An upload that nobody imported goes when the next one comes: it holds names that nobody needs any more.
KEPT = timedelta(days=7)

# Larger ones are for the command line, which need not wait for a browser.
LARGEST = 2_500_000
TOO_LARGE = "Divide it, or have it brought in on the server, which takes more (import_clients)."


@db_transaction.atomic
def keep_client_file(
    *,
    name: str,
    content: bytes,
    by: User,
    mapping: ClientFileMapping | None = None,
    ready_mapping: str = "",
    currency: str = "",
) -> ClientFile:
    """Keep a file until it is imported or discarded, a week at most. One that cannot be read is refused here.

    What the file leaves open is asked on its preview. What waits already, sent once more by the same person, is that
    file and no second one.
    """
    if len(content) > LARGEST:
        raise BusinessError(
            f"{name} is larger than {LARGEST:,} bytes, which is what the page takes. {TOO_LARGE}", field="file"
        )
    ClientFile.objects.filter(uploaded_at__lt=timezone.now() - KEPT).delete()
    what = {
        "name": name[:255],
        "content": content,
        "mapping": mapping,
        "ready_mapping": ready_mapping,
        "uploaded_by": by,
    }
    lock_key(f"file {sha256(content).hexdigest()}")
    if (waiting := ClientFile.objects.filter(**what).first()) is not None:
        return waiting
    upload = ClientFile(**what, currency=currency)
    with suppress(NeedsAnswer):
        preview_client_file(upload)
    upload.save()
    return upload


def mapping_of(upload: ClientFile) -> ClientFileMapping | None:
    """What reads the file; None for our own format."""
    return BY_CODE[upload.ready_mapping].mapping if upload.ready_mapping in BY_CODE else upload.mapping


def answers_of(upload: ClientFile) -> Answers:
    """What staff said about the file."""
    return Answers(upload.currency, upload.date_order, upload.decimal_sign)  # type: ignore[arg-type] # by its form


def preview_client_file(upload: ClientFile) -> ClientImport:
    """What importing the file now would do; nothing is added.

    Raises NeedsAnswer where it leaves something open.
    """
    mapping = mapping_of(upload)
    if mapping is None:
        return preview_clients(path=upload.name, content=bytes(upload.content))
    return preview_foreign_clients(
        name=upload.name, content=bytes(upload.content), mapping=mapping, answers=answers_of(upload)
    )


@db_transaction.atomic
def answer_client_file(*, upload: ClientFile, question: str, answer: str) -> ClientFile:
    """Keep what staff said about something that the file leaves open."""
    upload = _locked(upload)
    setattr(upload, question, answer)
    upload.save(update_fields=[question])
    return upload


@db_transaction.atomic
def import_client_file(*, upload: ClientFile, by: User, skip_bad: bool = False, **agreed: Any) -> Import:
    """Import an uploaded file and forget it. `agreed` is for files of other systems: see `import_foreign_clients`."""
    upload = _locked(upload)
    content, mapping = bytes(upload.content), mapping_of(upload)
    if mapping is None:
        run: Import = import_clients(path=upload.name, content=content, by=by, skip_bad=skip_bad)
    else:
        run = import_foreign_clients(
            name=upload.name, content=content, mapping=mapping, by=by, answers=answers_of(upload), skip_bad=skip_bad,
            **agreed,
        )  # fmt: skip
    if not run.imported:
        raise BusinessError(f"Nothing in {upload.name} is left to be imported. Discard it.")
    upload.delete()
    return run


@db_transaction.atomic
def discard_client_file(*, upload: ClientFile) -> None:
    """Forget an uploaded file; nothing of it was imported."""
    _locked(upload).delete()


def forget_client_files_naming(names: Names) -> int:
    """Forget the uploads that name somebody on one of their lines or as their own name; returns how many.

    One that is being imported or discarded at this moment is left to that.
    """
    waiting = ClientFile.objects.select_for_update(of=("self",), skip_locked=True)
    named = [each.pk for each in waiting if names.in_text(each.name) or names.in_text(_text_of(each))]
    gone, _ = ClientFile.objects.filter(pk__in=named).delete()
    return gone


def _text_of(upload: ClientFile) -> str:
    content = bytes(upload.content)
    try:
        return readable(content)
    except BusinessError:
        return content.decode("latin-1")


def _locked(upload: ClientFile) -> ClientFile:
    fresh = ClientFile.objects.select_for_update(of=("self",)).filter(pk=upload.pk).first()
    if fresh is None:
        raise BusinessError("This file was imported or discarded already; nothing was done.")
    return fresh
