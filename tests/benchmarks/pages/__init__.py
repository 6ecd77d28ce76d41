"""Every page at many clients against the same page at few: queries, time, plans.

    .venv/bin/python -m tests.benchmarks.pages --clients 100000

makes both databases where they are missing (with tests.benchmarks.synthetic), and asserts nothing: it prints a table.
"""
