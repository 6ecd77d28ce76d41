"""How fast the product is, as ratios against the bare SQL for the same work on the same tables, in the same run.

`make bench` runs all of it in small, `make bench CLIENTS=100000` larger; `python -m tests.benchmarks --help` says more.
`make bench NAMES=pages` says what each page costs the web process, and what it cost the last time.
`python -m tests.benchmarks.pages` walks every page on a small and a large database.
`python -m tests.benchmarks.load` has wrk ask a server that runs for the daily mix of pages.
`make data` fills a database to look around in with the same synthetic clients (`tests/benchmarks/synthetic`).
A ratio is read by people, never asserted on a machine with other work.
"""
