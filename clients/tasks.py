"""What a worker of the queue does for lists."""

import datetime
import tempfile
import time
from collections.abc import Iterator
from typing import IO, Any

from django.http import QueryDict

from billing_admin.csv_files.imports import Progress
from billing_admin.db.locks import is_locked
from billing_admin.db.positions import counted
from billing_admin.errors import BusinessError
from billing_admin.jobs.stalled import tidied_up
from billing_admin.jobs.tasks import MAIL, Outcome, job_handler, queue_task
from billing_admin.jobs.worker import ending
from billing_admin.listing.files import sheet_of
from billing_admin.listing.queued import ACT_ON_ROWS, act_on_all
from billing_admin.listing.sheets import (
    MAKE_SHEET,
    MAKE_STATEMENTS,
    MAKE_ZIP,
    begin_sheet,
    keep_sheet,
    may_have_sheet,
)
from billing_admin.models import Job, SystemImport
from billing_admin.money.amounts import money_text
from billing_admin.text import pluralize
from billing_admin.web.lists import Listing
from clients.approvals import approve_request
from clients.models import ActivitySeal, Client
from clients.models.activity_seal import SEALING
from clients.selectors.limits import APPROVE
from clients.services.account_activity import tell_counts
from clients.services.mail.send import SEND_MAIL, look_after_mail, send_mail
from clients.services.staff.reset import RESET_PASSWORDS, queue_resets
from clients.services.statement_files import ids_with_statement, write_statements
from clients.services.system_import.commit import commit
from clients.services.system_import.preview import preview
from invoices.selectors.documents import documents_of
from invoices.services.documents import Packed, write_zip

APPROVE_REQUEST = "clients.approve_request"
JUDGE_IMPORT = "clients.judge_import"
BOOK_IMPORT = "clients.book_import"

_LARGEST_ZIP = 200_000_000
# So many that were left out are named.
_NAMED = 5


@job_handler(MAKE_SHEET)
def make_sheet(job: Job, progress: Progress) -> Outcome:
    """Make the file of a list for a spreadsheet, with what the person who asked may see."""
    listing = _listing_asked_for(job)
    total = counted(listing.in_file.values_list("pk"), 10**9) or 0

    def told(rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
        for done, row in enumerate(rows):
            if not done % 1_000:
                progress("Writing rows", done, total)
            yield row

    with sheet_of(listing, told) as file:
        keep_sheet(job, file.read())
    return Outcome(f"{pluralize(total, listing.noun, listing.nouns)} are ready to be saved.")


@job_handler(APPROVE_REQUEST, right=APPROVE)
def approve(job: Job, progress: Progress) -> Outcome:
    """Approve the request that the job is about, for who asked for the job; what takes long, as a file of credit."""
    assert job.asked_by is not None  # the right was looked at
    request = approve_request(request_id=int(job.subject), by=job.asked_by, reason=job.arguments["reason"])
    return Outcome(f"{money_text(request.amount)} approved and booked.")


@job_handler(MAKE_ZIP, in_parts=True)
def make_zip(job: Job, progress: Progress) -> Outcome:
    """Put the documents of what a list shows into a ZIP, and keep those that had to be drawn, each for itself."""
    listing = _listing_asked_for(job)
    ids = list(listing.in_file.order_by("pk").values_list("pk", flat=True))
    with tempfile.TemporaryFile() as file:
        packed = write_zip(
            documents_of(listing.found.model, ids),
            file,
            told=lambda done: progress("Saving documents", min(done, len(ids)), len(ids)),  # credit notes come on top
        )
        return _keep_zip(job, file, packed, "document")


@job_handler(MAKE_STATEMENTS, in_parts=True)
def make_statements(job: Job, progress: Progress) -> Outcome:
    """Put the statements of the clients that were chosen into a ZIP; nothing else keeps them."""
    listing, asked = _listing_asked_for(job), job.arguments
    first, last = (datetime.date.fromisoformat(asked[name]) for name in ("first", "last"))
    ids = ids_with_statement(listing.in_file.values_list("pk", flat=True), only_owing=asked["only_owing"])
    with tempfile.TemporaryFile() as file:
        packed = write_statements(
            ids, file, first=first, last=last, told=lambda done: progress("Drawing statements", done, len(ids))
        )
        return _keep_zip(job, file, packed, "statement")


def _keep_zip(job: Job, file: IO[bytes], packed: Packed, noun: str) -> Outcome:
    """Keep a ZIP that was written, and say what is in it and what is not.

    Raises BusinessError where it is empty or too large.
    """
    if not packed.written:
        raise BusinessError(f"There is no {noun}. {' '.join(packed.left_out[:_NAMED])}".strip())
    if file.tell() > _LARGEST_ZIP:
        raise BusinessError("The ZIP is larger than 200 MB. Choose fewer.")
    file.seek(0)
    keep_sheet(job, file.read())
    said = f"{pluralize(packed.written, noun)} {'is' if packed.written == 1 else 'are'} ready to be saved."
    if packed.left_out:
        named = " ".join(packed.left_out[:_NAMED])
        return Outcome(f"{said} {len(packed.left_out):,} left out: {named}", Job.Level.ATTENTION)
    return Outcome(said)


def _listing_asked_for(job: Job) -> Listing[Any]:
    """The list as it was asked for.

    Raises BusinessError where who asked may not have it.
    """
    if job.asked_by is None:
        raise BusinessError("Who asked for this file is no longer there.")
    begin_sheet()
    asked = job.arguments
    client = Client.objects.get(pk=asked["client"]) if asked["client"] else None
    listing = Listing.named[asked["list"]](job.asked_by, QueryDict(asked["query"]), client)
    if not may_have_sheet(job):
        raise BusinessError("Who asked for this file may no longer see what is in it.")
    return listing


tidied_up(look_after_mail)
tidied_up(tell_counts)

_SECONDS_BETWEEN_SEALS = 30
_sealed_at = 0.0


@tidied_up
def seal_activity() -> None:
    """Every half minute seal the activity that there is, unless somebody is at that."""
    global _sealed_at  # one for each worker
    if time.monotonic() - _sealed_at < _SECONDS_BETWEEN_SEALS or is_locked(SEALING):
        return
    _sealed_at = time.monotonic()
    ActivitySeal.objects.seal()


@queue_task(SEND_MAIL, queue=MAIL)
def send() -> None:
    """Send the mail that is due."""
    send_mail(ending=ending)


@queue_task(RESET_PASSWORDS)
def reset_passwords(people: list[int]) -> None:
    """Put a mail into the outbox for who has forgotten a password."""
    queue_resets(people=people)


@job_handler(ACT_ON_ROWS, in_parts=True)
def act_on_rows(job: Job, progress: Progress) -> Outcome:
    """Do to many rows what was previewed."""
    return act_on_all(job, progress)


@job_handler(JUDGE_IMPORT, right="billing_admin.import_system")
def judge_import(job: Job, progress: Progress) -> Outcome:
    """Say anew what becomes of each row that was read, by the decisions that there are now."""
    run = preview(SystemImport.objects.get(pk=int(job.subject)))
    return Outcome(f"The preview of {run.source} goes by the decisions as they are now.")


@job_handler(BOOK_IMPORT, in_parts=True, right="billing_admin.import_system")
def book_import(job: Job, progress: Progress) -> Outcome:
    """Book what was read, or go on with it."""
    run = commit(SystemImport.objects.get(pk=int(job.subject)), by=job.asked_by, progress=progress)
    if run.comparison["is_explained"]:
        return Outcome(f"{run.source} is booked; the comparison is below.")
    return Outcome(f"{run.source} is booked, but the comparison leaves differences unexplained.", Job.Level.ATTENTION)
