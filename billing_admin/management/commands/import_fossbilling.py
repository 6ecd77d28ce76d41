"""Bring everything from a FOSSBilling: look first, decide, then book and compare."""

from billing_admin.importing.fossbilling.reader import FossBillingReader
from billing_admin.management.database_import_command import DatabaseImportCommand


class Command(DatabaseImportCommand):
    help = (
        "Read a FOSSBilling in one snapshot, and book what was read by the decisions in a file or by the defaults, "
        "which are named. The password is asked, or is the first line of the standard input. Nothing bills or mails "
        "before “switch over”."
    )
    reader = FossBillingReader
