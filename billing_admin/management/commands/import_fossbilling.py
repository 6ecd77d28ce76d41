"""Bring everything from a FOSSBilling: look first, decide, then book and compare."""

from typing import Any

from django.contrib.auth.models import User

from billing_admin.csv_files.imports import Progress
from billing_admin.importing.fossbilling.read import read_fossbilling
from billing_admin.management.database_import_command import DatabaseImportCommand
from billing_admin.models import SystemImport


class Command(DatabaseImportCommand):
    help = (
        "Read a FOSSBilling in one snapshot, and book what was read by the decisions in a file or by the defaults, "
        "which are named. The password is asked, or is the first line of the standard input. Nothing bills or mails "
        "before “switch over”."
    )
    system = SystemImport.System.FOSSBILLING

    def read(self, by: User | None, options: dict[str, Any], progress: Progress) -> SystemImport:
        return read_fossbilling(
            source=options["source"], by=by, address=options["address"], dump=options["dump"], progress=progress
        )
