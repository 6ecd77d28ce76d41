"""What a worker of the queue does for the transactions pages."""

from billing_admin.csv_files.imports import Progress
from billing_admin.jobs.tasks import Outcome, job_handler
from billing_admin.models import Job
from clients.models import Client, FormKey
from transactions.models import PaymentBatch
from transactions.services.delete import delete_transactions
from transactions.services.importing.take_back import take_back_file

DELETE_TRANSACTIONS = "transactions.delete"
TAKE_BACK_FILE = "transactions.take_back_file"


@job_handler(DELETE_TRANSACTIONS)
def delete(job: Job, progress: Progress) -> Outcome:
    """Delete the payments of a client that were chosen; done twice, it is the form that was sent twice."""
    key = FormKey(key=job.arguments["key"])
    deleted = delete_transactions(
        client=Client(pk=job.arguments["client"]),
        chosen=job.arguments["chosen"],
        by=job.asked_by,
        seen=job.arguments["seen"],
        key=key,
    )
    return Outcome(key.repeated_text, Job.Level.ATTENTION) if key.repeated else Outcome(deleted.words)


@job_handler(TAKE_BACK_FILE)
def take_back(job: Job, progress: Progress) -> Outcome:
    """Take back a booked file; done twice, there is nothing left to take back."""
    batch = PaymentBatch.objects.get(pk=job.arguments["batch"])
    return Outcome(take_back_file(batch=batch, by=job.asked_by, seen=job.arguments["seen"]).words)
