"""What a queue worker does for invoice runs."""

from billing_admin.jobs.stalled import tidied_up
from billing_admin.jobs.tasks import SHARED, queue_task
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
