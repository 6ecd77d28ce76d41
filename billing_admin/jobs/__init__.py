"""Work that a page asks for and a queue worker does, over procrastinate's queue in PostgreSQL.

A queue worker is a process of `manage.py work` (`worker.py`); `manage.py serve` keeps some (`processes.py`).
`enqueue.py` puts a job into the queue, in the transaction of what it is about; `tasks.py` is how a queue worker does
one; `status.py` says how it stands; `stalled.py` requeues what a killed queue worker left; `pages.py` shows it;
`daily.py` does what `manage.py daily` is for. What the jobs do stands in the `tasks.py` of each app. See
docs/decisions/0010.
"""
