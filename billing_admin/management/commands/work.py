"""Do what was asked for on pages, and join runs."""

import argparse
import asyncio
from typing import Any

from django.core.management.base import CommandError, CommandParser

from billing_admin.jobs.processes import end_with
from billing_admin.jobs.worker import work
from billing_admin.management.service_command import ServiceCommand


class Command(ServiceCommand):
    help = (
        "Do the work that is asked for on pages: invoice runs, bulk credit, checks of the ledger; beside it, join the "
        "runs of “generate_invoices --workers”. “manage.py serve” starts one such queue worker itself; start more "
        "beside another web server or on other machines. Ctrl-C finishes what is at hand; a second one leaves it to "
        "another worker."
    )
    requires_system_checks = ()  # as of StaffCommand

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--jobs", type=int, default=2, metavar="N", help="so many at once (default: 2)")
        parser.add_argument("--parent", type=int, help=argparse.SUPPRESS)

    def handle(self, *args: Any, jobs: int, parent: int | None, **options: Any) -> None:
        if not 0 < jobs <= 16:
            raise CommandError(f"--jobs is a number from 1 to 16; {jobs} is not.")
        if parent:
            end_with(parent)
        self.stdout.write("Working on what is asked for on pages (Ctrl-C stops it)")
        self.stdout.flush()
        asyncio.run(work(jobs_at_once=jobs))
