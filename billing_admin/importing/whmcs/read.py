"""Reading a WHMCS, from its server or from a dump."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib.auth.models import User

from billing_admin.csv_files.imports import Progress
from billing_admin.importing.address import Address, read_address
from billing_admin.importing.dump import loaded
from billing_admin.importing.mysql import Mysql, reading
from billing_admin.importing.opening import open_import, refuse_another
from billing_admin.importing.staging import at_work_on, stage, stage_held
from billing_admin.models import SystemImport

from .reader import TABLES, WhmcsReader


def read_whmcs(
    *, source: str, by: User | None, address: Address, dump: Path | None = None, progress: Progress
) -> SystemImport:
    """Read all of it into staged rows of an import that it begins.

    `address` is that of its database, or, with a `dump`, of a server on which the dump may have a database for as long
    as it is read. Raises BusinessError; then nothing of it is staged.
    """
    with _database(address, dump, progress) as database:
        reader = WhmcsReader(database)
        run = open_import(
            system=SystemImport.System.WHMCS, source=source, by=by, version=reader.version, identity=reader.identity
        )
        return stage(run, reader, progress)


def read_begun(
    run: SystemImport, address: str, progress: Progress, *, then: Callable[[SystemImport], object]
) -> None:
    """Read into an import that a page began, and `then` do what belongs to the reading, as long as nobody else may.

    `address` is as it was piped in. Why it cannot be read stands in the import as well. Raises BusinessError.
    """
    with at_work_on(run):
        with reading(read_address(address)) as database:
            reader = WhmcsReader(database)
            refuse_another(run.system, run.source, reader.identity)
            run = stage_held(run, reader, progress)
        then(run)


@contextmanager
def _database(address: Address, dump: Path | None, progress: Progress) -> Iterator[Mysql]:
    if dump is None:
        with reading(address) as database:
            yield database
        return
    with loaded(dump, address, TABLES, progress) as own, reading(own) as database:
        yield database
