"""Bring customers, invoices and payments from the exports of Stripe: look first, decide, then book and compare."""

from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser

from billing_admin.csv_files.imports import Progress
from billing_admin.importing.stripe.read import read_stripe
from billing_admin.management.system_import_command import NOTHING_READ, SystemImportCommand
from billing_admin.models import SystemImport


class Command(SystemImportCommand):
    help = (
        "Read the CSV files that Stripe's dashboard and reports export, and book what was read by the decisions in a "
        "file or by the defaults, which are named. Nothing bills or mails before “switch over”."
    )
    system = SystemImport.System.STRIPE

    def add_places(self, parser: CommandParser) -> None:
        parser.add_argument("--customers", type=Path, metavar="FILE", help="the export of customers")
        parser.add_argument("--invoices", type=Path, metavar="FILE", help="the export of invoices")
        parser.add_argument(
            "--balance",
            type=Path,
            metavar="FILE",
            help="the export of all balance transactions, best the itemised report",
        )

    def ask(self, options: dict[str, Any]) -> None:
        if options["customers"] is None:
            raise CommandError(f"Give --customers, or --resume. {NOTHING_READ}")

    def read(self, by: User | None, options: dict[str, Any], progress: Progress) -> SystemImport:
        run = read_stripe(
            source=options["source"], by=by, customers=options["customers"], invoices=options["invoices"],
            balance=options["balance"], progress=progress,
        )  # fmt: skip
        for said, why in run.facts["units_why"].items():
            how = "in units" if run.facts["units"][said] == "major" else "in the smallest unit"
            self.say(f"Amounts of {said} are counted {how}: {why}.")
        for kind, count in run.facts["not_read"].items():
            self.say(
                f"{count:,} balance transactions of the type “{kind}” are no money of customers and were not read."
            )
        return run
