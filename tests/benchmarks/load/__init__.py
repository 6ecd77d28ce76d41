"""Load on a server as it runs for people: how many requests a second, how long each takes, and what it costs.

    .venv/bin/python -m tests.benchmarks.load --clients 1000000

puts it on the database that `tests.benchmarks.pages` walks, and makes it where it is missing. It takes wrk, which runs
on the same machine and takes its part of it; nothing is asserted.
"""
