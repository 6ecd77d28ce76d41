"""Restore a backup into an empty database."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing_admin.backup.restore import restore
from billing_admin.db.source import acting_from, source_of_command
from billing_admin.errors import BusinessError
from billing_admin.text import pluralize


class Command(BaseCommand):
    help = (
        "Restore a backup into this database, which has to be empty: all of it or nothing. Mail and jobs that waited "
        "when it was made are not sent or done again, and everybody signs in anew. See docs/backup.md."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            with acting_from(source_of_command("restore")):
                manifest, ended, served = restore(file)
        except BusinessError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped. Nothing was changed.", returncode=130) from None
        rows = sum(manifest.figures.rows.values())
        self.stdout.write(f"Restored {rows:,} rows of {len(manifest.figures.rows)} tables as of {manifest.when}.")
        self.stdout.write(
            f"Not done again: {pluralize(ended['messages'], 'message')} now “perhaps sent”, "
            f"{pluralize(ended['jobs'], 'job')} interrupted, {pluralize(ended['sessions'], 'session')} ended."
        )
        last = manifest.figures.last_invoice or "none"
        self.stdout.write(
            f"It knows nothing of what was done since. The last invoice in it is {last}: where others were issued "
            "after it, their numbers are given again. What fell due since is billed and reminded of by the next "
            "“manage.py daily”, also where that was done before. Look before you run it, and before you serve: "
            "docs/backup.md says how."
        )
        if not manifest.is_ours:
            self.stdout.write(
                "It was made under another secret key: put that into DJANGO_SECRET_KEY_FALLBACKS, or second factors "
                "are good for nothing and the activity’s sign-offs count as not ours."
            )
        if settings.AUDIT_FILE:
            self.stdout.write(
                f"{settings.AUDIT_FILE} may have sign-offs that are newer than this: keep it, and give "
                "BILLING_AUDIT_FILE another name."
            )
        if not served:
            self.stdout.write("No second role may use the tables: “manage.py make_database_roles” makes it.")
