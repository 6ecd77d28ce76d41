"""A MariaDB with WHMCS databases that were made up, each made once for all tests of this process."""

from collections.abc import Callable

import pytest

from tests.whmcs.conftest import server
from tests.whmcs.ordinary import make_source
from tests.whmcs.server import MariaDb

__all__ = ["server"]

Made = Callable[..., str]


def fill(server: MariaDb, name: str, *, clients: int, traps: int = 0, version: int = 8) -> None:
    with server.connect() as session:
        make_source(clients=clients, traps=traps, version=version).load(session, name)


@pytest.fixture(scope="session")
def made(server: MariaDb) -> Made:
    """The name of a database with so many clients and traps of a version."""
    there: set[str] = set()

    def make(clients: int = 20, traps: int = 0, version: int = 8) -> str:
        name = f"whmcs_{clients}_{traps}_{version}"
        if name not in there:
            fill(server, name, clients=clients, traps=traps, version=version)
            there.add(name)
        return name

    return make
