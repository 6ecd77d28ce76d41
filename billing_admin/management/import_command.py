"""What the commands that import a CSV file have in common."""

from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser

from billing_admin.csv_files.imports import BadRows, Import, ImportRefused, Progress
from billing_admin.text import pluralize

from .staff_command import StaffCommand


class ImportCommand(StaffCommand):
    """Imports a file and says what came of it; every bad row is named on the error output."""

    kept = "Nothing was imported: a file is imported whole or not at all."
    what: str
    """What is imported, in the singular: `client`."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE.csv", help="UTF-8, separated by commas, with a header")
        parser.add_argument("--skip-bad", action="store_true", help="leave bad rows out instead of importing nothing")

    def import_file(self, *, path: Path, by: User | None, skip_bad: bool, progress: Progress) -> Import:
        """Call the service."""
        raise NotImplementedError

    def act(self, *, by: User | None, **options: Any) -> None:
        skip_bad: bool = options["skip_bad"]
        try:
            with self.progress() as progress:
                done = self.import_file(path=options["file"], by=by, skip_bad=skip_bad, progress=progress)
        except ImportRefused as error:
            self._name(error.bad)
            hint = "" if skip_bad else " Mend them and import the file again, or leave them out with --skip-bad."
            raise CommandError(f"{error}{hint}") from error
        self._name(done.bad)
        self._sum_up(done)

    def _name(self, bad: BadRows) -> None:
        for row in bad:
            self.stderr.write(f"Line {row.line}: {row.reason}")
        if bad.unnamed:
            self.stderr.write(f"… and {pluralize(bad.unnamed, 'more bad row')}.")

    def _sum_up(self, done: Import) -> None:
        there = f"{pluralize(done.already_there, self.what)} {'is' if done.already_there == 1 else 'are'} already there"
        if not done.imported:
            self.say(f"{there}; nothing was changed.")
        else:
            rest = f" {there}." if done.already_there else ""
            was = "was" if done.imported == 1 else "were"
            self.say(f"{pluralize(done.imported, self.what)} {was} imported from {done.file}.{rest}")
        if done.bad.count:
            was = "was" if done.bad.count == 1 else "were"
            self.say(f"{pluralize(done.bad.count, 'bad row')} {was} left out.")
        for notice in done.notices:
            self.say(notice)
