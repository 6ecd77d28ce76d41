"""Add the clients of a CSV file: our own format, or that of another system."""

from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser

from billing_admin.csv_files.dates import DATE_ORDERS
from billing_admin.csv_files.imports import Import, Progress
from billing_admin.csv_files.open_questions import NeedsAnswer
from billing_admin.csv_files.rows import content_of
from billing_admin.management.import_command import ImportCommand
from billing_admin.text import pluralize
from clients.models import ClientFileMapping
from clients.services.importing.columns import COLUMNS
from clients.services.importing.mappings import mapping_named
from clients.services.importing.other_systems import NotAgreed, import_foreign_clients, preview_foreign_clients
from clients.services.importing.own_format import import_clients
from clients.services.importing.questions import Answers
from clients.services.importing.ready import BY_CODE
from clients.services.importing.recognise import recognise
from clients.services.importing.result import ClientImport

_HEAD = 100_000
_ANSWERS = {
    "currency": "--currency CODE",
    "date_order": "--date-order with dmy, mdy or ymd",
    "decimal_sign": "--decimal-sign with . or ,",
}


class Command(ImportCommand):
    help = (
        "Add the clients of a CSV file. Nothing is added unless all its rows are good, and the same file again changes "
        "nothing. Columns: " + ", ".join(column.name for column in COLUMNS) + ". Client ID, Currency and a name are "
        "required. Files of other systems are read by a mapping: a saved one, or " + ", ".join(BY_CODE) + ", which are "
        "also told by the header."
    )
    required_permission = "clients.add_client"
    what = "client"
    mapping: ClientFileMapping | None
    answers: Answers
    agreed: dict[str, Any]

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        other = parser.add_argument_group("files of other systems")
        other.add_argument(
            "--mapping", metavar="NAME", help="a saved mapping, see Clients, Import Clients; or a ready one"
        )
        other.add_argument("--preview", action="store_true", help="say what would become of the file, add nothing")
        other.add_argument("--currency", default="", metavar="CODE", help="of rows that name none")
        other.add_argument("--date-order", default="", choices=DATE_ORDERS, help="where the dates leave it open")
        other.add_argument("--decimal-sign", default="", choices=[".", ","], help="where the amounts leave it open")
        other.add_argument(
            "--accept-changes", action="store_true",
            help="take values that are read otherwise than they stand in the file: garbled text, UK for GB",
        )  # fmt: skip
        other.add_argument("--yes", action="store_true", help="give opening balances above the limit of credit, too")
        duplicates = other.add_mutually_exclusive_group()
        duplicates.add_argument(
            "--skip-duplicates", action="store_true", help="leave out clients that may be there already"
        )
        duplicates.add_argument("--import-duplicates", action="store_true", help="import them all the same")

    def act(self, *, by: User | None, **options: Any) -> None:
        path: Path = options["file"]
        self.mapping = mapping_named(options["mapping"]) if options["mapping"] else self._told_by_header(path)
        self.answers = Answers(options["currency"].upper(), options["date_order"], options["decimal_sign"])
        self.agreed = {
            "accept_changes": options["accept_changes"],
            "above_limit": options["yes"],
            "with_lookalikes": options["import_duplicates"] or (False if options["skip_duplicates"] else None),
        }
        try:
            if options["preview"]:
                self._preview(path)
            else:
                super().act(by=by, **options)
        except NeedsAnswer as error:
            raise CommandError(f"{error} Nothing was imported. Add {_ANSWERS[error.question]}.") from error

    def import_file(self, *, path: Path, by: User | None, skip_bad: bool, progress: Progress) -> Import:
        if self.mapping is None:
            return import_clients(path=path, by=by, skip_bad=skip_bad, progress=progress)
        try:
            return import_foreign_clients(
                name=path.name, content=content_of(path), mapping=self.mapping, by=by, answers=self.answers,
                skip_bad=skip_bad, progress=progress, **self.agreed,
            )  # fmt: skip
        except NotAgreed as error:
            self._name_questions(error.run)
            raise CommandError(f"{error} {_flags(error.run)}") from error

    def _told_by_header(self, path: Path) -> ClientFileMapping | None:
        if not path.is_file():
            return None
        with path.open("rb") as opened:
            ready = recognise(path.name, opened.read(_HEAD))
        if ready is None:
            return None
        self.say(f"This is a file of {ready.name}; --mapping NAME reads it otherwise.")
        return ready.mapping

    def _preview(self, path: Path) -> None:
        if self.mapping is None:
            raise CommandError("A preview is for files of other systems: name a mapping with --mapping.")
        run = preview_foreign_clients(
            name=path.name, content=content_of(path), mapping=self.mapping, answers=self.answers
        )
        self._name(run.bad)
        self._name_questions(run)
        self.say(f"{pluralize(run.imported, 'client')} would be imported, {run.already_there:,} are already there.")
        for text, listed in (
            ("Columns that are not taken", run.reading.not_taken),
            ("Below zero and not booked", run.reading.owed),
            ("Credit of clients that are there already, which is not given", [run.credit_not_given]),
        ):
            if any(listed):
                self.say(f"{text}: {'; '.join(listed)}.")
        self.say("Nothing was imported: this is a preview.")

    def _name_questions(self, run: ClientImport) -> None:
        for change in run.reading.changes:
            self.stderr.write(
                f"Line {change.line}: {change.column} “{change.before}” is taken as “{change.after}” ({change.why})."
            )
        for each in run.lookalikes:
            other = f"client {each.number} {each.other}" if each.number else each.other
            self.stderr.write(f"Line {each.line}: {each.name} may be {other}: {each.reasons}.")


def _flags(run: ClientImport) -> str:
    flags = ["--accept-changes"] if run.reading.changes else []
    flags += ["--yes"] if run.above_limit else []
    flags += ["--skip-duplicates or --import-duplicates"] if run.lookalikes else []
    return f"Add {' and '.join(flags)}." if flags else ""
