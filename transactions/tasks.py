"""What a worker of the queue does for the transactions pages."""

from billing_admin.csv_files.imports import Progress
from billing_admin.jobs.tasks import Outcome, job_handler
from billing_admin.models import Job
from clients.models import Client, FormKey
from transactions.services.delete import delete_transactions

DELETE_TRANSACTIONS = "transactions.delete"


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
