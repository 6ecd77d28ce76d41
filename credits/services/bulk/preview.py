"""Looking at a file of credit: what would become of each row, before anything is booked."""

import hashlib
from datetime import timedelta
from pathlib import Path

from django.db import transaction as db_transaction
from django.db.models import Q
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.csv_files.imports import Progress
from billing_admin.csv_files.rows import content_of
from billing_admin.db.locks import lock_key
from clients.models.activity import actor_name
from credits.models import CreditBatch, CreditFile
from credits.selectors.batches import awaited_batches

from .judge import judge_found_rows, judge_rows, refuse_paid_rows
from .stage import Discarded, open_file, stage_rows

# A preview that nobody booked goes when another file is looked at, and so does an upload that nobody could read; not
# what waits for approval.
KEPT, KEPT_UNREAD = timedelta(days=1), timedelta(days=7)


@db_transaction.atomic
def preview_credit_file(
    *,
    path: str | Path,
    by: Actor,
    content: bytes | None = None,
    progress: Progress = lambda doing, done, total: None,
) -> CreditBatch:
    """Read a file of credit and say what would become of each of its rows. Nothing is booked.

    `content` instead of what `path` names: an upload. Previews of the day before go. What waits already, sent once more
    by the same person, is that batch, looked at anew.
    """
    if content is None:
        content = content_of(path)
    batch = waiting_batch(name=Path(path).name, content=content, by=by)
    read_into(batch, content, by=by, progress=progress)
    return batch


def waiting_batch(*, name: str, content: bytes, by: Actor) -> CreditBatch:
    """What waits of this very file by the same person, or a batch without rows yet; old ones of anybody go."""
    now = timezone.now()
    old = Q(row_count__gt=0, created_at__lt=now - KEPT) | Q(created_at__lt=now - KEPT_UNREAD)
    CreditBatch.objects.filter(old, booked_at=None).exclude(pk__in=awaited_batches()).delete()
    digest = hashlib.sha256(content).hexdigest()
    lock_key(f"file {digest}")
    same = {"digest": digest, "file_name": name[:200], "created_by": by}
    waiting = CreditBatch.objects.filter(booked_at=None, **same).first() if by is not None else None
    return waiting or CreditBatch.objects.create(**same, created_by_name=actor_name(by))


def read_into(
    batch: CreditBatch,
    content: bytes,
    *,
    by: Actor,
    progress: Progress = lambda doing, done, total: None,
) -> None:
    """Read the file of a batch, which is a preview from now on, or look anew at what was read of it before.

    Raises Discarded.
    """
    lock_key(f"credit batch {batch.pk}")
    try:
        batch.refresh_from_db()
    except CreditBatch.DoesNotExist:
        raise Discarded(batch) from None
    if batch.is_read:
        judge_rows(batch)
        refuse_paid_rows(batch, by)
        CreditFile.objects.filter(batch=batch).delete()
        return
    with open_file(batch.file_name, content) as table:
        rows = stage_rows(table, batch, progress)
    judge_found_rows(batch)
    refuse_paid_rows(batch, by)
    CreditFile.objects.filter(batch=batch).delete()
    batch.row_count, batch.created_at = rows, timezone.now()
    if not CreditBatch.objects.filter(pk=batch.pk).update(row_count=batch.row_count, created_at=batch.created_at):
        raise Discarded(batch)
