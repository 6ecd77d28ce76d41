"""Bill everything that is due."""

import datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser
from django.http import QueryDict
from django.utils import timezone
from rich.table import Table

from billing_admin.csv_files.cells import day
from billing_admin.db.pagination import in_portions
from billing_admin.errors import BusinessError
from billing_admin.management.staff_command import StaffCommand
from billing_admin.money.amounts import amount_text
from billing_admin.text import pluralize
from clients.models import Client
from invoices.models import InvoiceRun, InvoiceRunError
from invoices.services.runs.generate import (
    CHUNK_SIZE,
    NothingDue,
    generate_invoices,
    items_held_back,
)
from invoices.services.runs.preview import preview_run
from invoices.services.runs.start import FURTHEST

LARGEST_CHUNK = 50_000
MOST_WORKERS = 32


class Command(StaffCommand):
    help = (
        "Bill every billable item that is due by a day, one invoice per client and currency, issued on that day, with "
        "credit applied. Run again, it bills nothing twice."
    )
    required_permission = "invoices.generate_invoices"
    kept = "The invoices issued so far are complete and stay; run it again with the same --as-of to bill the rest."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="the day that counts as today (default: today)")
        parser.add_argument(
            "--chunk-size", default=str(CHUNK_SIZE), metavar="N", help=f"clients a transaction (default: {CHUNK_SIZE})"
        )
        parser.add_argument(
            "--workers", default="1", metavar="N",
            help="how many work at once: this process, and of “manage.py work” and “serve” as many more as come "
            "(default: 1)",
        )  # fmt: skip
        parser.add_argument("--client", metavar="NUMBER", help="bill only this client")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be billed; nothing is written")
        parser.add_argument("--force", action="store_true", help="allow a day more than a year ahead")

    def act(self, *, by: User | None, **options: Any) -> None:
        chunk_size = _number("--chunk-size", str(options["chunk_size"]), LARGEST_CHUNK)
        workers = _number("--workers", str(options["workers"]), MOST_WORKERS)
        as_of = _day(options["as_of"] and str(options["as_of"]), force=options["force"])
        client = _client(options["client"] and str(options["client"]))
        if options["dry_run"]:
            return self._preview(as_of, client)
        return self._bill(as_of, by=by, client=client, chunk_size=chunk_size, workers=workers)

    def _bill(
        self, as_of: datetime.date, *, by: User | None, client: Client | None, chunk_size: int, workers: int
    ) -> None:
        done = 0
        try:
            with self.progress() as progress:

                def advance(clients: int, due: int) -> None:
                    nonlocal done
                    done += clients
                    progress("Billing clients", done, max(done, due))

                run = generate_invoices(
                    as_of=as_of, by=by, chunk_size=chunk_size, workers=workers, client=client, progress=advance
                )
        except NothingDue as nothing:
            self.say(str(nothing))
            return
        self._sum_up(run)
        if client is None and run.worker_count < workers:
            self.say(f"Of {workers} workers, {run.worker_count} took part: more come where “manage.py work” runs.")
        if run.state == InvoiceRun.State.CANCELLED:
            self.say(f"The run was cancelled on its page. {self.kept}")
        self._say_held_back(as_of, client)
        self._list_errors(run)

    def _preview(self, as_of: datetime.date, client: Client | None) -> None:
        preview = preview_run(as_of=as_of, client=client)
        for currency, part in sorted(preview.billed.items()):
            self.say(f"{currency}: {pluralize(part.invoices, 'invoice')}, total {amount_text(part.total, currency)}")
        if preview.beyond:
            self.say(f"{pluralize(preview.beyond, 'client')} would be parked: a limit of invoice runs is exceeded.")
        if not preview.billed and not preview.beyond:
            self.say(f"Nothing is due by {as_of:%-d %b %Y}.")
        self._say_held_back(as_of, client)
        self.say("This was a dry run: nothing was written.")

    def _say_held_back(self, as_of: datetime.date, client: Client | None) -> None:
        if client is None and (held_back := items_held_back(as_of)):
            are = "is" if held_back == 1 else "are"
            self.say(
                f"Left alone: {pluralize(held_back, 'due item')} that {are} paused or of a client that is not active."
            )

    def _sum_up(self, run: InvoiceRun) -> None:
        if not run.invoice_count:
            if run.state == InvoiceRun.State.FINISHED and not run.errors.exists():
                self.say("No invoice was made: another run has just billed all that was due.")
            return
        self.say(f"Invoices of {run.as_of:%-d %b %Y}")
        if not self.console.is_terminal:
            for currency, part in sorted(run.totals.items()):
                total, credit = (amount_text(Decimal(part[name]), currency) for name in ("total", "credit_applied"))
                self.say(
                    f"{currency}: {pluralize(part['invoices'], 'invoice')}, total {total}, credit applied {credit}, "
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
                amount_text(Decimal(part["total"]), currency),
                amount_text(Decimal(part["credit_applied"]), currency),
                f"{part['paid']:,}",
            )
        self.console.print(table)

    def _list_errors(self, run: InvoiceRun) -> None:
        """Name who could not be billed, and fail.

        Raises CommandError.
        """
        errors = InvoiceRunError.objects.filter(run=run).select_related("client")
        listed = 0
        portions = in_portions(errors, QueryDict(), sorts={"id": "id"}, default="id")
        for error in chain.from_iterable(portions):  # there may be very many
            self.stderr.write(f"Client {error.client.number}: {error.reason}")
            listed += 1
        if not listed:
            return
        raise CommandError(
            f"{pluralize(listed, 'client')} could not be billed. The others were. "
            "Mend the cause and run it again with the same --as-of, or use Try again on the run’s page."
        )


def _day(given: str | None, *, force: bool) -> datetime.date:
    today = timezone.localdate()
    if given is None:
        return today
    try:
        as_of = day(given.strip())
    except BusinessError as error:
        raise CommandError(f"--as-of {error}") from error
    if as_of > today + FURTHEST and not force:
        raise CommandError(
            f"{as_of:%-d %b %Y} is more than a year ahead, and all invoices would be issued on that day. "
            "If that is meant, add --force."
        )
    return as_of


def _number(option: str, given: str, largest: int) -> int:
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0
    if not 0 < number <= largest:
        raise CommandError(f"{option} is a number from 1 to {largest:,}; “{given}” is not.")
    return number


def _client(given: str | None) -> Client | None:
    if given is None:
        return None
    number = given.removeprefix("#")
    known = number.isascii() and number.isdigit() and len(number) <= 19
    client = Client.objects.numbered(int(number)).first() if known else None
    if client is None:
        raise CommandError(f"There is no client with the number “{given}”. Nothing was billed.")
    return client
