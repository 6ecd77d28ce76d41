"""Invoice runs: everything that is due is billed, in chunks, by one or more workers.

What happens when a worker of a run is killed:

- What it had committed stays: each chunk of clients is one transaction, and an item's due date moves on only together
  with the line that bills it. The chunk at hand is rolled back by PostgreSQL, its clients and numbers are free again.
- Killed was one that had joined (`join.py`): the other workers bill its clients, and its job is given to another.
- Killed was the one that began the run: those that joined end after the chunk at hand. Was the run asked for on its
  page, another worker of the queue goes on with it (`start.do_run`, `billing_admin/jobs/stalled.py`). Was it
  `generate_invoices`, the run shows as interrupted, and the same command bills the rest (`close_interrupted_runs`).
- Who lives is known by advisory locks, which end with their process (`invoices/run_locks.py`).

`generate.py` does a run, `run_worker.py` what one worker does, `chunk.py` one chunk; `start.py` is what the page asks.
"""
