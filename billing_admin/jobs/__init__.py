"""Work that a page asks for and a worker process does, over procrastinate's queue in PostgreSQL.

`asking.py` defers a job in the transaction of what it is about; `doing.py` is how a worker does one; `standing.py` says
how it stands; `abandoned.py` gives back what a killed worker held; `pages.py` shows it. What the jobs do stands in the
`tasks.py` of each app. See docs/decisions/0010.
"""
