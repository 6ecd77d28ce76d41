"""Files that take too long for a request: a queue worker makes them, and whoever asked saves them within a day.

What such a file says of clients must go with them: the deletion of any client takes all files, and all that is asked.
A file that is being made meanwhile finds its row gone; one that begins while a client is deleted waits for that.
"""

import datetime
from typing import Any
from urllib.parse import urlencode

import psycopg
from django.contrib.auth.models import User
from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.db.locks import await_typed_words, lock_typed_words
from billing_admin.errors import BusinessError
from billing_admin.jobs.enqueue import enqueue_job
from billing_admin.models import Job, SavedFile
from billing_admin.web.lists import SAVE, Listing

MAKE_SHEET, MAKE_ZIP, MAKE_STATEMENTS = "lists.sheet", "invoices.zip", "clients.statements"
MAKE_FILE = (MAKE_SHEET, MAKE_ZIP, MAKE_STATEMENTS)
KEPT = datetime.timedelta(days=1)


@db_transaction.atomic
def ask_for_sheet(listing: Listing[Any], *, by: User, kind: str = MAKE_SHEET, name: str = "", **typed: object) -> Job:
    """Have a queue worker make the file of a list, or a ZIP of documents, as somebody asked for it; `typed` is kept.

    Raises BusinessError where another one is being made for the same person.
    """
    lock_typed_words()
    forget_old_sheets()
    query = urlencode(list(listing.parameters.lists()), doseq=True)
    client = listing.client.pk if listing.client else None
    asked: dict[str, object] = {"list": listing.file_name, "query": query, "client": client, **typed}
    asked["rights"] = _rights_to_see(by)
    job = enqueue_job(kind=kind, subject=by.pk, by=by, **asked)
    if job.arguments != asked:
        raise BusinessError("Another file is being made for you. Wait until it is done, and ask for this one then.")
    ending = "zip" if kind == MAKE_ZIP else "xlsx"
    SavedFile.objects.get_or_create(job=job, defaults={"name": name or f"{listing.file_title}.{ending}"})
    return job


def may_have_sheet(job: Job) -> bool:
    """Whether who asked for it still may save lists, and see all that could be seen then: what is in the file."""
    by = job.asked_by
    return by is not None and by.has_perm(SAVE) and set(job.arguments["rights"]) <= set(_rights_to_see(by))


def _rights_to_see(person: User) -> list[str]:
    return sorted(each for each in person.get_all_permissions() if ".view_" in each)


def begin_sheet() -> None:
    """Wait for deletions of clients that are at it: what is read from here on is without those clients."""
    await_typed_words()


def keep_sheet(job: Job, content: bytes) -> None:
    """Keep the file that a job made: sent as the bytes that it is, for as a text of SQL it was there eight times.

    Raises BusinessError where a client was deleted meanwhile: the file would name it.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute("UPDATE billing_admin_savedfile SET content = %b WHERE job_id = %s", [content, job.pk])
        kept = cursor.rowcount
    if not kept:
        raise BusinessError("A client was deleted while the file was made, which may name it. Ask for it again.")


def forget_sheets() -> None:
    """Forget all files, and who asked for what: they may name a client that is deleted, under `lock_typed_words`."""
    Job.objects.filter(kind__in=MAKE_FILE).delete()


def forget_old_sheets() -> int:
    """Forget the files that were made a day ago."""
    return Job.objects.filter(kind__in=MAKE_FILE, finished_at__lt=timezone.now() - KEPT).delete()[0]
