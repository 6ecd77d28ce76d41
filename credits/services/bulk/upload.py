"""A file of credit that was uploaded: a small one is read at once, a large one kept until a queue worker reads it."""

from contextlib import suppress
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.csv_files.decoding import readable
from billing_admin.csv_files.imports import Progress
from billing_admin.errors import BusinessError
from billing_admin.text import Names
from credits.models import CreditBatch, CreditFile
from credits.selectors.batches import awaited_batches

from .preview import read_into, waiting_batch
from .stage import open_file

# What is read in a moment.
ROWS_READ_AT_ONCE, BYTES_READ_AT_ONCE = 2_000, 300_000


@db_transaction.atomic
def upload_credit_file(*, name: str, content: bytes, by: User) -> CreditBatch:
    """Take a file: its preview where it is small, else a batch that is not read yet, for `read_credit_file`.

    One whose header is not right is refused here. What waits already, sent once more by the same person, is that batch.
    """
    open_file(name, content).close()
    batch = waiting_batch(name=name, content=content, by=by)
    if _is_small(content):
        read_into(batch, content, by=by)
    elif not batch.is_read:
        file = CreditFile(batch=batch)
        file.content = content
        file.save()
    return batch


@db_transaction.atomic
def read_credit_file(*, batch_id: UUID, by: Actor, progress: Progress) -> CreditBatch:
    """Read an uploaded file and keep its rows instead of it. Read before, it is that preview."""
    batch = CreditBatch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise BusinessError("This file was discarded before it was read; nothing of it is kept.")
    file = CreditFile.objects.filter(batch=batch).first()
    content = file.content if file else b""
    lines = content.count(b"\n")

    def tell(doing: str, done: int, total: int) -> None:
        progress(doing, done, max(done, lines - 1))  # how many there are, where the reader can only guess

    read_into(batch, content, by=by, progress=tell)
    return batch


@db_transaction.atomic
def discard_credit_file(*, batch_id: UUID) -> bool:
    """Forget a file that was not booked, read or not; returns whether there was one. Who is reading it stops.

    Raises BusinessError where it waits for approval.
    """
    if str(batch_id) in awaited_batches():
        raise BusinessError("This file waits for approval; withdraw the request first. Nothing was discarded.")
    gone, _ = CreditBatch.objects.filter(pk=batch_id, booked_at=None).delete()
    return gone > 0


def forget_credit_files_naming(names: Names) -> int:
    """Forget the files not read yet that name somebody on one of their lines or as their own name; returns how many."""
    named = [
        file.pk
        for file in CreditFile.objects.select_related("batch").select_for_update()
        if names.in_text(file.batch.file_name) or names.in_text(_text_of(file.content))
    ]
    CreditBatch.objects.filter(pk__in=named).delete()
    return len(named)


def _is_small(content: bytes) -> bool:
    lines = max(content.count(b"\n"), content.count(b"\r"))
    return len(content) <= BYTES_READ_AT_ONCE and lines <= ROWS_READ_AT_ONCE + 1


def _text_of(content: bytes) -> str:
    with suppress(BusinessError):
        return readable(content)
    return ""
