"""`python -m tests.rights` prints the table of docs/rights.md as it is observed."""

import sys

import pytest

sys.exit(pytest.main(["-q", "--numprocesses=0", "-p", "no:randomly", "tests/rights/print_table.py"]))
