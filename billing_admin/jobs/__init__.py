"""Work that a page asks for and a worker process does, over procrastinate's queue in PostgreSQL.

`enqueue.py` defers a job in the transaction of what it is about; `tasks.py` is how a worker does one; `status.py` says
how it stands; `stalled.py` gives back what a killed worker held; `pages.py` shows it; `daily.py` does what `manage.py
daily` is for. What the jobs do stands in the `tasks.py` of each app. See docs/decisions/0010.
"""
