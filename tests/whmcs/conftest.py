"""A MariaDB for the tests of one process."""

from collections.abc import Iterator

import pytest

from .server import MariaDb, mariadb


@pytest.fixture(scope="session")
def server() -> Iterator[MariaDb]:
    """One that runs until the last test of this process has ended."""
    with mariadb() as started:
        yield started
