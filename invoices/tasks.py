"""What a worker of the queue does for the invoices pages."""

from billing_admin.jobs.tasks import queued
from invoices.services.runs.start import DO_RUN, do_run


@queued(DO_RUN)
def run(run_id: int) -> None:
    """Do the run, or go on with it where the worker that was at it is gone."""
    do_run(run_id=run_id)
