"""Bill everything that is due."""

import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from rich.table import Table

from billing_admin.counting import counted
from billing_admin.csv_values import ValueRefused, day
from billing_admin.management.staff_command import StaffCommand
from billing_admin.money.amounts import figure
from invoices.models import InvoiceRun, InvoiceRunError
from invoices.services.generating import CHUNK_SIZE, NothingDue, clients_due, generate_invoices, items_held_back

LARGEST_CHUNK = 50_000
# Later dates are taken for slips of the finger: every invoice would be issued on that day.
FURTHEST = datetime.timedelta(days=366)


class Command(StaffCommand):
    help = (
        "Bill every billable item that is due by a day, one invoice per client and currency, issued on that day, with "
        "credit applied. Run again, it bills nothing twice."
    )
    required_permission = "invoices.generate_invoices"
    kept = "The invoices issued so far are complete and stay; run it again with the same date to bill the rest."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="the day that counts as today (default: today)")
        parser.add_argument(
            "--chunk-size", default=str(CHUNK_SIZE), metavar="N", help=f"clients a transaction (default: {CHUNK_SIZE})"
        )
        parser.add_argument("--force", action="store_true", help="allow a day more than a year ahead")

    def act(self, *, by: User | None, **options: Any) -> None:
        as_of = _day(options["as_of"] and str(options["as_of"]), force=options["force"])
        chunk_size = _chunk_size(str(options["chunk_size"]))
        total, done = clients_due(as_of), 0
        try:
            with self.progress() as progress:

                def advance(clients: int) -> None:
                    nonlocal done
                    done += clients
                    progress("Billing clients", done, max(done, total))

                run = generate_invoices(as_of=as_of, by=by, chunk_size=chunk_size, progress=advance)
        except NothingDue as nothing:
            self.say(str(nothing))
            return
        self._sum_up(run)
        if held_back := items_held_back(as_of):
            are = "is" if held_back == 1 else "are"
            self.say(
                f"Left alone: {counted(held_back, 'due item')} that {are} paused or of a client that is not active."
            )
        self._list_errors(run)

    def _sum_up(self, run: InvoiceRun) -> None:
        if not run.invoice_count:
            if not run.errors.exists():
                self.say("No invoice was made: another run has just billed all that was due.")
            return
        self.say(f"Invoices of {run.as_of:%-d %b %Y}")
        if not self.console.is_terminal:
            for currency, part in sorted(run.totals.items()):
                total, credit = (figure(Decimal(part[name]), currency) for name in ("total", "credit_applied"))
                self.say(
                    f"{currency}: {counted(part['invoices'], 'invoice')}, total {total}, credit applied {credit}, "
                    f"{part['paid']:,} paid at once"
                )
            return
        table = Table("Currency")
        for heading in ("Invoices", "Total", "Credit applied", "Paid at once"):
            table.add_column(heading, justify="right")
        for currency, part in sorted(run.totals.items()):
            table.add_row(
                currency,
                f"{part['invoices']:,}",
                figure(Decimal(part["total"]), currency),
                figure(Decimal(part["credit_applied"]), currency),
                f"{part['paid']:,}",
            )
        self.console.print(table)

    def _list_errors(self, run: InvoiceRun) -> None:
        """Name who could not be billed, and fail.

        Raises CommandError.
        """
        errors = InvoiceRunError.objects.filter(run=run).select_related("client").order_by("client__number")
        if not errors:
            return
        for error in errors:
            self.stderr.write(f"Client {error.client.number}: {error.reason}")
        raise CommandError(
            f"{counted(len(errors), 'client')} could not be billed. The others were. "
            "Mend the cause and run it again with the same date."
        )


def _day(given: str | None, *, force: bool) -> datetime.date:
    today = timezone.localdate()
    if given is None:
        return today
    try:
        as_of = day(given.strip())
    except ValueRefused as error:
        raise CommandError(f"--as-of {error}") from error
    if as_of > today + FURTHEST and not force:
        raise CommandError(
            f"{as_of:%-d %b %Y} is more than a year ahead, and all invoices would be issued on that day. "
            "If that is meant, add --force."
        )
    return as_of


def _chunk_size(given: str) -> int:
    size = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0
    if not 0 < size <= LARGEST_CHUNK:
        raise CommandError(f"--chunk-size is a number from 1 to {LARGEST_CHUNK:,}; “{given}” is not.")
    return size
