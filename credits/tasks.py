"""What a queue worker does for the credits pages. Each is safe to be done twice: the services see to that."""

import time
from uuid import UUID

from billing_admin.csv_files.imports import Progress
from billing_admin.db.locks import Replaced
from billing_admin.errors import BusinessError
from billing_admin.jobs.stalled import tidied_up
from billing_admin.jobs.tasks import Outcome, job_handler
from billing_admin.models import Figures, Job
from billing_admin.models.figures import KEPT_FOR
from billing_admin.money.amounts import totals_text
from billing_admin.text import pluralize
from credits.selectors.balances import held_in_all
from credits.services.bulk.book import book_credit_batch
from credits.services.bulk.reverse import reverse_credit_batch
from credits.services.bulk.upload import discard_credit_file, read_credit_file
from credits.services.check import check_ledger, verify_activity
from credits.services.invariants import INVARIANTS
from credits.services.ledger import amounts_of

READ_BATCH = "credits.read_batch"
BOOK_BATCH = "credits.book_batch"
REVERSE_BATCH = "credits.reverse_batch"
CHECK_LEDGER = "credits.check_ledger"
VERIFY_ACTIVITY = "credits.verify_activity"

# So many discrepancies of the activity are named.
_NAMED = 100

_renewed_at = float("-inf")


@tidied_up
def renew_figures() -> None:
    """Every minute add up what the metrics say of credit, unless another worker did."""
    global _renewed_at  # one for each worker
    if time.monotonic() < _renewed_at + KEPT_FOR.total_seconds():
        return
    _renewed_at = time.monotonic()
    Figures.objects.renew(held_in_all)


@job_handler(READ_BATCH, right="credits.give_bulk_credit")
def read_batch(job: Job, progress: Progress) -> Outcome:
    """Read the uploaded file of credit that the job is about. One that is refused is forgotten."""
    batch_id = UUID(job.subject)
    try:
        batch = read_credit_file(batch_id=batch_id, by=job.asked_by, progress=progress)
    except Replaced:
        raise
    except BusinessError as error:
        kept_before = discard_credit_file(batch_id=batch_id)
        words = f"{error} The file is not kept: upload it again when it is mended." if kept_before else str(error)
        return Outcome(words, Job.Level.ATTENTION, refused=True)
    return Outcome(f"{pluralize(batch.row_count, 'row')} of {batch.file_name} read; nothing is booked yet.")


@job_handler(BOOK_BATCH, right="credits.give_bulk_credit")
def book_batch(job: Job, progress: Progress) -> Outcome:
    """Book the previewed file of credit that the job is about."""
    done = book_credit_batch(batch_id=UUID(job.subject), by=job.asked_by, progress=progress, **job.arguments)
    said = f"{pluralize(done.batch.grant_count, 'credit')} of {totals_text(amounts_of(done.batch.totals))}"
    if done.repeated:
        return Outcome(f"{said} were booked before; nothing more was booked.", Job.Level.ATTENTION)
    return Outcome(f"{said} added from {done.batch.file_name}.")


@job_handler(REVERSE_BATCH, right="credits.remove_credit")
def reverse_batch(job: Job, progress: Progress) -> Outcome:
    """Take back the batch that the job is about."""
    back = reverse_credit_batch(batch_id=UUID(job.subject), by=job.asked_by, **job.arguments)
    said = f"{totals_text(back.totals)} of {pluralize(back.grants, 'credit')} taken back."
    if back.kept:
        said += f" {totals_text(back.kept)} had been used, removed or expired before and stays so."
    return Outcome(said)


@job_handler(CHECK_LEDGER)
def check(job: Job, progress: Progress) -> Outcome:
    """Check the ledger."""
    found = check_ledger().finding_count
    if found:
        words = f"{pluralize(found, 'discrepancy', 'discrepancies')} found. Nothing is repaired by itself."
        return Outcome(words, Job.Level.DANGER)
    return Outcome(f"The ledger is in order: {len(INVARIANTS)} rules checked, nothing found.")


@job_handler(VERIFY_ACTIVITY)
def verify(job: Job, progress: Progress) -> Outcome:
    """Verify the chain of activity; each discrepancy is a line."""
    if not (found := verify_activity()):
        return Outcome("The activity is in order: nothing was found.")
    said = f"{pluralize(len(found), 'discrepancy', 'discrepancies')} found. Nothing is repaired by itself."
    return Outcome("\n".join([said, *found[:_NAMED]]), Job.Level.DANGER)
