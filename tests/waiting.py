"""Waiting for what another process does."""

import time
from collections.abc import Callable

LIMIT = 60  # seconds


def wait_for(come: Callable[[], object]) -> None:
    """Wait until `come` answers something true; fail after a minute."""
    deadline = time.monotonic() + LIMIT
    while not come():
        assert time.monotonic() < deadline
        time.sleep(0.01)
