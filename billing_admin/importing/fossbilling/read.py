"""Reading a FOSSBilling, from its server or from a dump."""

from pathlib import Path

from django.contrib.auth.models import User

from billing_admin.csv_files.imports import Progress
from billing_admin.importing.address import Address
from billing_admin.importing.opened import opened
from billing_admin.importing.opening import open_import
from billing_admin.importing.staging import stage
from billing_admin.models import SystemImport

from .reader import TABLES, FossBillingReader


def read_fossbilling(
    *, source: str, by: User | None, address: Address, dump: Path | None = None, progress: Progress
) -> SystemImport:
    """Read all of it into staged rows of an import that it begins.

    `address` is that of its database, or, with a `dump`, of a server on which the dump may have a database for as long
    as it is read. Raises BusinessError; then nothing of it is staged.
    """
    with opened(address, dump, TABLES, progress) as database:
        reader = FossBillingReader(database)
        run = open_import(
            system=SystemImport.System.FOSSBILLING,
            source=source,
            by=by,
            version=reader.version,
            identity=reader.identity,
        )
        return stage(run, reader, progress)
