"""Add the billable items of a CSV file."""

from pathlib import Path

from django.contrib.auth.models import User

from billing_admin.csv_files.imports import Import, Progress
from billing_admin.management.import_command import ImportCommand
from invoices.services.import_columns import COLUMNS, REQUIRED
from invoices.services.import_items import import_billable_items


class Command(ImportCommand):
    help = (
        "Add the billable items of a CSV file; Amount is the price of one. Nothing is added unless all its rows are "
        "good, and the same file again adds nothing. Columns: "
        + ", ".join(column.name for column in COLUMNS)
        + f". The first {len(REQUIRED)} are required. Identical rows are items of their own."
    )
    required_permission = "invoices.add_billableitem"
    what = "billable item"

    def import_file(self, *, path: Path, by: User | None, skip_bad: bool, progress: Progress) -> Import:
        return import_billable_items(path=path, by=by, skip_bad=skip_bad, progress=progress)
