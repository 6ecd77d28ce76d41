"""Invoice runs: everything that is due is billed, in chunks, by one or more run workers.

A run worker is a process while it bills for a run: `generate_invoices` itself, or a queue worker that does the run for
its page, or one that joined. What happens when a run worker is killed:

- What it had committed stays: each chunk of clients is one transaction, and an item's due date moves on only together
  with the line that bills it. The chunk at hand is rolled back by PostgreSQL, its clients and numbers are free again.
- If it had joined (`join.py`), the others bill its clients, and another queue worker gets its job.
- If it had begun the run, those that joined end after the chunk at hand. A run asked for on its page is gone on with by
  another queue worker (`start.do_run`, `billing_admin/jobs/stalled.py`); one of `generate_invoices` shows as
  interrupted, and the same command bills the rest (`close_interrupted_runs`).
- Which processes live is known by advisory locks, which end with their process (`invoices/run_locks.py`).

`generate.py` does a run, `run_worker.py` what one run worker does, `chunk.py` one chunk; `start.py` is for the page.
"""
