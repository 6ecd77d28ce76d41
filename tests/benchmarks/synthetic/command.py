"""What `make data` says and refuses."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from billing_admin.management.staff_command import StaffCommand
from billing_admin.text import pluralize
from clients.models import Client
from invoices.models import Invoice
from tests.benchmarks.synthetic.database import make_data


class Command(StaffCommand):
    help = (
        "Fill a database with synthetic clients: an item each that is due today, credit for three of ten, and two "
        "years of invoices and payments. For measuring; never for a database with real clients."
    )
    required_permission = "clients.add_client"
    kept = "What was made so far stays."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--clients", required=True, metavar="N", help="how many")
        parser.add_argument(
            "--no-past", action="store_true", help="leave out their invoices and payments of the last two years"
        )
        parser.add_argument("--force", action="store_true", help="add them to a database that has clients")

    def act(self, *, by: User | None, **options: Any) -> None:
        wanted = int(options["clients"]) if options["clients"].isdecimal() else 0
        if not 0 < wanted <= 10_000_000:
            raise CommandError(f"CLIENTS is a number from 1 to 10,000,000; {options['clients']} is not.")
        if not options["force"] and Client.objects.exists():
            raise CommandError(
                "This database has clients already, and synthetic ones could not be told from them. Nothing was made. "
                "If that is meant, add FORCE=1."
            )
        with self.progress() as progress:
            make_data(clients=wanted, due=timezone.localdate(), past=not options["no_past"], progress=progress)
        past = "" if options["no_past"] else f" and {pluralize(Invoice.objects.count(), 'invoice')} of the past"
        self.say(f"{pluralize(wanted, 'client')} made, with an item each that is due today{past}.")
