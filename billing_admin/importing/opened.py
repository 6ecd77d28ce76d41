"""The database of a system, from its server or from a dump."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from billing_admin.csv_files.imports import Progress

from .address import Address
from .dump import loaded
from .mysql import Mysql, reading


@contextmanager
def opened(address: Address, dump: Path | None, tables: frozenset[str], progress: Progress) -> Iterator[Mysql]:
    """A snapshot. `address` is that of the database, or, with a `dump`, of a server on which it may have one meanwhile.

    `tables`: what is read of a dump.
    """
    if dump is None:
        with reading(address) as database:
            yield database
        return
    with loaded(dump, address, tables, progress) as own, reading(own) as database:
        yield database
