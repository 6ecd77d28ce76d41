"""Add the clients of a CSV file."""

from pathlib import Path

from django.contrib.auth.models import User

from billing_admin.csv_files.imports import Import, Progress
from billing_admin.management.import_command import ImportCommand
from clients.services.importing.own_format import import_clients
from clients.services.importing.columns import COLUMNS


class Command(ImportCommand):
    help = (
        "Add the clients of a CSV file. Nothing is added unless all its rows are good, and the same file again changes "
        "nothing. Columns: " + ", ".join(column.name for column in COLUMNS) + ". Client ID, Currency and a name are "
        "required."
    )
    required_permission = "clients.add_client"
    what = "client"

    def import_file(self, *, path: Path, by: User | None, skip_bad: bool, progress: Progress) -> Import:
        return import_clients(path=path, by=by, skip_bad=skip_bad, progress=progress)
