"""Reading a system from its database, on its server or in a dump."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Protocol

from django.contrib.auth.models import User

from billing_admin.csv_files.imports import Progress
from billing_admin.models import SystemImport

from .address import Address, read_address
from .dump import loaded
from .mysql import Mysql, reading
from .opening import open_import, refuse_another
from .staging import at_work_on, stage, stage_held
from .table import Table


class DatabaseReader(Protocol):
    """A system in a database; it looks at once whether it is one that is known. `wanted`: what it reads of a dump."""

    system: ClassVar[SystemImport.System]
    wanted: ClassVar[frozenset[str]]
    source: Mysql
    version: str
    identity: str
    facts: dict[str, Any]

    def __init__(self, source: Mysql) -> None: ...

    @property
    def tables(self) -> Sequence[Table]: ...

    def sums(self, counts: list[int]) -> dict[str, Any]:
        """What it adds up itself."""


def read_system(
    kind: type[DatabaseReader], *, source: str, by: User | None, address: Address, dump: Path | None = None,
    progress: Progress,
) -> SystemImport:  # fmt: skip
    """Read all of it into staged rows of an import that it begins.

    `address` is that of its database, or, with a `dump`, of a server on which the dump may have a database for as long
    as it is read. Raises BusinessError; then nothing of it is staged.
    """
    with _database(address, dump, kind.wanted, progress) as database:
        reader = kind(database)
        run = open_import(system=kind.system, source=source, by=by, version=reader.version, identity=reader.identity)
        return stage(run, reader, progress)


def read_begun(
    kind: type[DatabaseReader], run: SystemImport, address: str, progress: Progress,
    *, then: Callable[[SystemImport], object],
) -> None:  # fmt: skip
    """Read into an import that a page began, and `then` do what belongs to the reading, as long as nobody else may.

    `address` is as it was piped in. Why it cannot be read stands in the import as well. Raises BusinessError.
    """
    with at_work_on(run):
        with reading(read_address(address)) as database:
            reader = kind(database)
            refuse_another(run.system, run.source, reader.identity)
            run = stage_held(run, reader, progress)
        then(run)


@contextmanager
def _database(address: Address, dump: Path | None, wanted: frozenset[str], progress: Progress) -> Iterator[Mysql]:
    if dump is None:
        with reading(address) as database:
            yield database
        return
    with loaded(dump, address, wanted, progress) as own, reading(own) as database:
        yield database
