"""Commands that bring everything from a system with a database of MySQL or MariaDB."""

import argparse
import sys
from pathlib import Path
from typing import Any, ClassVar

from django.contrib.auth.models import User
from django.core.management.base import CommandParser

from billing_admin.csv_files.imports import Progress
from billing_admin.errors import BusinessError
from billing_admin.importing.address import Address, read_address
from billing_admin.importing.from_database import DatabaseReader, read_begun, read_system
from billing_admin.models import SystemImport
from clients.services.system_import.preview import preview

from .asking import known_password
from .system_import_command import SystemImportCommand, ended_as_by_hand


class DatabaseImportCommand(SystemImportCommand):
    """Its database is on a server, or in a dump that is loaded into one. The password is asked.

    Subclasses name the `reader`.
    """

    reader: ClassVar[type[DatabaseReader]]

    @property
    def system(self) -> SystemImport.System:
        return self.reader.system

    def add_places(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--database",
            metavar="URL",
            help="mysql://user@host[:port]/database[?socket=…&ssl-ca=…], which is only read",
        )
        parser.add_argument("--dump", type=Path, metavar="FILE", help="a dump instead: backup.sql or backup.sql.gz")
        parser.add_argument(
            "--scratch", metavar="URL", help="for a dump: mysql://user@host, where it has a database while it is read"
        )

        parser.add_argument("--read", type=int, help=argparse.SUPPRESS)  # for a page, which pipes the address in

    def act(self, *, by: User | None, **options: Any) -> None:
        if options["read"] is not None:
            self._read_for_page(options["read"])
        else:
            super().act(by=by, **options)

    def _read_for_page(self, pk: int) -> None:
        address = sys.stdin.readline()
        with self.progress() as progress, ended_as_by_hand():
            read_begun(self.reader, SystemImport.objects.get(pk=pk), address, progress, then=preview)

    def ask(self, options: dict[str, Any]) -> None:
        address = _address(options)
        if address.password is None:
            address = address.with_password(known_password(f"{address.user} at {address}"))
        options["address"] = address

    def read(self, by: User | None, options: dict[str, Any], progress: Progress) -> SystemImport:
        return read_system(
            self.reader, source=options["source"], by=by, address=options["address"], dump=options["dump"],
            progress=progress,
        )  # fmt: skip


def _address(options: dict[str, Any]) -> Address:
    if options["dump"] is None:
        if options["scratch"] or not options["database"]:
            raise BusinessError("Give --database, or --dump with --scratch, or --resume. Nothing was read.")
        return read_address(options["database"])
    if options["database"] or not options["scratch"]:
        raise BusinessError(
            "A dump is loaded into a database of its own on a server of MySQL or MariaDB: give --scratch "
            "mysql://user@host with --dump, and no --database. Nothing was read."
        )
    return read_address(options["scratch"], needs_database=False)
