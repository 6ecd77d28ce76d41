"""Try a backup out."""

from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing_admin.backup.verify import verify_backup
from billing_admin.errors import BusinessError
from billing_admin.text import pluralize


class Command(BaseCommand):
    help = (
        "Try a backup out: restore it into a database of its own on the embedded server, compare rows and totals with "
        "its manifest, prove the ledger and the activity, and drop it. Exits 1 where it is not whole or something is "
        "found. It touches no other database."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            manifest, found = verify_backup(file)
        except BusinessError as error:
            raise CommandError(str(error)) from error
        except psycopg.Error as error:
            raise CommandError(f"The embedded server refused it: {str(error).strip()}") from error
        except KeyboardInterrupt:
            raise CommandError("Stopped. What was restored is dropped.", returncode=130) from None
        for text in found:
            self.stdout.write(text)
        if found:
            raise CommandError(f"{pluralize(len(found), 'line')} of what is not in order with {file}.")
        self.stdout.write(
            f"{file} is whole and restores: {sum(manifest.figures.rows.values()):,} rows as of {manifest.when}, every "
            "total is its manifest’s, the ledger and the activity are in order. What was restored is dropped."
        )
