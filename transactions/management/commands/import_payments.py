"""Bring in the payments of a bank's or gateway's export."""

from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser

from billing_admin.csv_files.imports import Import, Progress
from billing_admin.errors import BusinessError
from billing_admin.management.import_command import ImportCommand
from transactions.models import PaymentFileMapping
from transactions.services.importing.book import import_payments, preview_payments
from transactions.services.importing.read import OWN_FORMAT


class Command(ImportCommand):
    help = (
        "Bring in the payments of a CSV file. Each is matched by its reference (known ones are skipped), by the "
        "invoice numbers in it, or by amount and client name; the others wait unattached for staff. The same file "
        "again books nothing. Without --format the columns are Date, Amount, Currency and Method, and where there are "
        "any Reference, Invoice, Name, Description and Fees."
    )
    required_permission = "transactions.record_payment"
    kept = "Nothing was booked: a file is booked whole or not at all."
    what = "payment"
    mapping: PaymentFileMapping

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--format", metavar="NAME", help="a saved file format; see Transactions, Import Payments")
        parser.add_argument("--preview", action="store_true", help="say what would become of each row, book nothing")

    def act(self, *, by: User | None, **options: Any) -> None:
        self.mapping = _mapping(options["format"])
        if options["preview"]:
            self._preview(options["file"])
        else:
            super().act(by=by, **options)

    def import_file(self, *, path: Path, by: User | None, skip_bad: bool, progress: Progress) -> Import:
        return import_payments(
            name=path.name, content=_content(path), mapping=self.mapping, by=by, skip_bad=skip_bad, progress=progress
        )

    def _preview(self, path: Path) -> None:
        run = preview_payments(name=path.name, content=_content(path), mapping=self.mapping)
        for match in run.matches:
            self.say(f"Line {match.line}: {match.outcome}: {match.note}")
        self.say("Nothing was booked: this is a preview.")


def _mapping(name: str | None) -> PaymentFileMapping:
    if name is None:
        return OWN_FORMAT
    mapping = PaymentFileMapping.objects.select_related("payment_method").filter(name__iexact=name).first()
    if mapping is None:
        there = ", ".join(PaymentFileMapping.objects.order_by("name").values_list("name", flat=True)) or "none"
        raise CommandError(f"There is no file format “{name}”. Saved are: {there}. Nothing was booked.")
    return mapping


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BusinessError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from error
