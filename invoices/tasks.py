"""What a queue worker does for invoice runs, and for documents that take long to draw."""

from billing_admin.csv_files.imports import Progress
from billing_admin.errors import BusinessError
from billing_admin.jobs.stalled import tidied_up
from billing_admin.jobs.tasks import SHARED, Outcome, job_handler, queue_task
from billing_admin.models import Job
from clients.models import IssuedDocument
from invoices.models import CreditNote, Invoice
from invoices.selectors.documents import documents_of
from invoices.services.documents import DRAW, document_of
from invoices.services.runs.generate import close_interrupted_runs
from invoices.services.runs.join import JOIN_RUN, join_run
from invoices.services.runs.start import DO_RUN, do_run

tidied_up(close_interrupted_runs)


@queue_task(DO_RUN)
def run(run_id: int) -> None:
    """Do the run, or go on with it where the worker that was at it is gone."""
    do_run(run_id=run_id)


@queue_task(JOIN_RUN, queue=SHARED)
def join(run_id: int, chunk_size: int) -> None:
    """Work on a run that another process has begun."""
    join_run(run_id=run_id, chunk_size=chunk_size)


@job_handler(DRAW, in_parts=True)
def draw(job: Job, progress: Progress) -> Outcome:
    """Draw the document that somebody waits for, and keep it."""
    model = CreditNote if job.arguments["document"] == IssuedDocument.Kind.CREDIT_NOTE else Invoice
    for document in documents_of(model, [job.arguments["pk"]]):
        document_of(document)
        return Outcome(f"The document of {document.label} is drawn.")
    raise BusinessError("It was deleted meanwhile; nothing was drawn.")
