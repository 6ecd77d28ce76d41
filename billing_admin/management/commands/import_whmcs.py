"""Bring everything from a WHMCS 7 or 8: look first, decide, then book and compare."""

from billing_admin.importing.whmcs.reader import WhmcsReader
from billing_admin.management.database_import_command import DatabaseImportCommand


class Command(DatabaseImportCommand):
    help = (
        "Read a WHMCS 7 or 8 in one snapshot, and book what was read by the decisions in a file or by the defaults, "
        "which are named. The password is asked, or is the first line of the standard input. Nothing bills or mails "
        "before “switch over”."
    )
    reader = WhmcsReader
