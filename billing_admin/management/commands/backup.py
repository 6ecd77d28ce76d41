"""Write a backup of the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing_admin.backup.dump import make_backup
from billing_admin.errors import BusinessError


class Command(BaseCommand):
    help = (
        "Write a backup of the whole database to PATH, and its manifest to PATH.json: of one moment, while everything "
        "goes on. Who can read it reads everything: keep it encrypted, and on another machine. See docs/backup.md."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            made = make_backup(path)
        except BusinessError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped. There is no backup.", returncode=130) from None
        rows = sum(made.figures.rows.values())
        self.stdout.write(
            f"{path}: {made.bytes:,} bytes, {rows:,} rows of {len(made.figures.rows)} tables as of {made.when}. "
            f"Try it out with “manage.py verify_backup {path}”."
        )
