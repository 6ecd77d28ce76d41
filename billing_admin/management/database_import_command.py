"""Commands that bring everything from a system with a database of MySQL or MariaDB."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from billing_admin.errors import BusinessError
from billing_admin.importing.address import Address, read_address

from .asking import known_password
from .system_import_command import SystemImportCommand


class DatabaseImportCommand(SystemImportCommand):
    """Its database is on a server, or in a dump that is loaded into one. The password is asked."""

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

    def ask(self, options: dict[str, Any]) -> None:
        address = _address(options)
        if address.password is None:
            address = address.with_password(known_password(f"{address.user} at {address}"))
        options["address"] = address


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
