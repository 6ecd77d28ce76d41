"""Give credit to many clients at once, out of a CSV file."""

from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser

from billing_admin.csv_files.imports import MOST_NAMED
from billing_admin.management.staff_command import StaffCommand
from billing_admin.money.amounts import totals_text
from billing_admin.text import pluralize
from credits.models import CreditBatch, CreditBatchRow
from credits.selectors.batches import BatchFigures, figures_of
from credits.services.bulk.book import book_credit_batch, earlier_booking_of
from credits.services.bulk.columns import COLUMNS
from credits.services.bulk.preview import preview_credit_file
from credits.services.limits import rows_above_limit


class Command(StaffCommand):
    help = (
        "Give credit to the clients of a CSV file: all of its rows or none, after you have seen what it comes to. "
        "Columns: " + ", ".join(column.name for column in COLUMNS) + ". The first four are required."
    )
    required_permission = "credits.give_bulk_credit"
    kept = "Nothing was booked: a file is booked whole or not at all."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE.csv", help="UTF-8, separated by commas, with a header")
        parser.add_argument("--no-input", action="store_true", help="book without asking")
        parser.add_argument("--dry-run", action="store_true", help="say what would be booked, and book nothing")
        parser.add_argument("--skip-bad", action="store_true", help="leave bad rows out instead of booking nothing")
        parser.add_argument("--yes", action="store_true", help="also give credit above the limits in Settings")
        parser.add_argument("--again", action="store_true", help="book a file that was booked before once more")

    def act(self, *, by: User | None, **options: Any) -> None:
        with self.progress() as progress:
            batch = preview_credit_file(path=options["file"], by=by, progress=progress)
        booked = False
        try:
            booked = self._book(batch, by, options)
        finally:
            if not booked:
                batch.delete()

    def _book(self, batch: CreditBatch, by: User | None, options: dict[str, Any]) -> bool:
        figures = figures_of(batch)
        self._name(batch, figures)
        if figures.bad and not options["skip_bad"]:
            are = "is" if figures.bad == 1 else "are"
            raise CommandError(
                f"{figures.bad:,} of {pluralize(batch.row_count, 'row')} {are} bad. Nothing was booked. Mend them and "
                "give the file again, or leave them out with --skip-bad."
            )
        if figures.good:
            self.say(
                f"{batch.file_name} gives {pluralize(figures.good, 'credit')} of {totals_text(figures.totals)} to "
                f"{pluralize(figures.clients, 'client')}."
            )
        above = rows_above_limit(batch)
        if above:
            self.say(f"{batch.file_name} has {above}.")
        if options["dry_run"]:
            self.say("Nothing was booked.")
            return False
        if above and not options["yes"]:
            raise CommandError("Nothing was booked. To give them all the same, add --yes.")
        if figures.good and not options["no_input"] and not self._agreed(batch, again=options["again"]):
            self.say("Nothing was booked.")
            return False
        with self.progress() as progress:
            done = book_credit_batch(
                batch_id=batch.pk,
                by=by,
                skip_bad=options["skip_bad"],
                again=options["again"],
                above_limit=above,
                progress=progress,
            ).batch
        self.say(f"{pluralize(done.grant_count, 'credit')} booked, as batch {done.pk}.")
        return True

    def _name(self, batch: CreditBatch, figures: BatchFigures) -> None:
        bad = batch.rows.filter(outcome=CreditBatchRow.Outcome.BAD).order_by("line")
        for row in bad[:MOST_NAMED]:
            self.stderr.write(f"Line {row.line}: {row.reason}")
        if figures.bad > MOST_NAMED:
            self.stderr.write(f"… and {pluralize(figures.bad - MOST_NAMED, 'more bad row')}.")
        if figures.there:
            self.say(f"{pluralize(figures.there, 'row')} gave credit before and will not give it again.")

    def _agreed(self, batch: CreditBatch, *, again: bool) -> bool:
        if not again and earlier_booking_of(batch):
            return True  # the service says why it refuses
        try:
            return input("Book it? [y/N] ").strip().casefold() in ("y", "yes")
        except EOFError:
            raise CommandError("Nobody is there to agree. Nothing was booked; add --no-input.") from None
