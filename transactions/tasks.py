"""What a worker of the queue does for the transactions pages."""

from billing_admin.csv_files.imports import Progress
from billing_admin.jobs.tasks import Outcome, job_handler
from billing_admin.models import Job
from transactions.models import PaymentBatch
from transactions.services.importing.take_back import take_back_file

TAKE_BACK_FILE = "transactions.take_back_file"


@job_handler(TAKE_BACK_FILE, right="transactions.delete_transaction")
def take_back(job: Job, progress: Progress) -> Outcome:
    """Take back a booked file; done twice, there is nothing left to take back."""
    batch = PaymentBatch.objects.get(pk=job.arguments["batch"])
    return Outcome(take_back_file(batch=batch, by=job.asked_by, seen=job.arguments["seen"]).words)
