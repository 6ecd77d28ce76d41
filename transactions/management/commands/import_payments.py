"""Bring in the payments of a bank's or gateway's export."""

from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser

from billing_admin.csv_files.imports import Import, Progress
from billing_admin.csv_files.open_questions import NeedsAnswer
from billing_admin.csv_files.rows import content_of
from billing_admin.management.import_command import ImportCommand
from billing_admin.money.currencies import CURRENCIES
from billing_admin.text import pluralize
from transactions.models import DateOrder, DecimalSign, PaymentFileMapping, PaymentMethod
from transactions.services.importing.book import PaymentImport, import_payments, preview_payments
from transactions.services.importing.read import answered
from transactions.services.importing.recognise import Recognised, format_with_code, recognise


class Command(ImportCommand):
    help = (
        "Bring in the payments of a bank's or gateway's export: CSV, CAMT.053, MT940 or OFX, recognised by what is in "
        "it; a file of your own has the columns Date, Amount, Currency and Method, and where there are any Reference, "
        "Invoice, Name, Description and Fees. A row that was booked before is known again and skipped; the others are "
        "matched by the invoice numbers, the payer and the amount in them, or wait unattached for staff. The same file "
        "again books nothing, whatever its format says by then."
    )
    required_permission = "transactions.record_payment"
    kept = "Nothing was booked: a file is booked whole or not at all."
    what = "payment"
    mapping: PaymentFileMapping
    recognised: str
    accept_similar: bool

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--format", metavar="NAME", help="a saved file format, or a ready one; else it is recognised"
        )
        parser.add_argument("--method", metavar="NAME", help="the payment method, where the rows do not say it")
        parser.add_argument("--currency", choices=CURRENCIES, metavar="CODE", help="where the file does not say it")
        parser.add_argument("--date-order", choices=DateOrder.values, help="where the file leaves it open")
        parser.add_argument("--decimal-sign", choices=DecimalSign.values, help="where the file leaves it open")
        parser.add_argument(
            "--accept-similar",
            action="store_true",
            help="let rows pay too that have the day, amount and payer of another payment; else they wait",
        )
        parser.add_argument("--preview", action="store_true", help="say what would become of each row, book nothing")

    def act(self, *, by: User | None, **options: Any) -> None:
        recognised = _recognised(options["file"], options["format"])
        self.recognised = "" if options["format"] else recognised.words
        self.mapping = answered(
            recognised.mapping,
            method=_method(options["method"]),
            currency=options["currency"] or "",
            date_order=options["date_order"] or "",
            decimal_sign=options["decimal_sign"] or "",
        )
        self.accept_similar = options["accept_similar"]
        try:
            if options["preview"]:
                self._preview(options["file"])
            else:
                super().act(by=by, **options)
        except NeedsAnswer as error:
            raise CommandError(f"{error} {_flag(error)} Nothing was booked.") from error

    def import_file(self, *, path: Path, by: User | None, skip_bad: bool, progress: Progress) -> Import:
        run = import_payments(
            name=path.name,
            content=content_of(path),
            mapping=self.mapping,
            by=by,
            skip_bad=skip_bad,
            accept_similar=self.accept_similar,
            progress=progress,
        )
        run.notices += [*filter(None, [self.recognised]), *_how_read(run)]
        return run

    def _preview(self, path: Path) -> None:
        run = preview_payments(
            name=path.name, content=content_of(path), mapping=self.mapping, accept_similar=self.accept_similar
        )
        for match in run.matches:
            self.say(f"Line {match.line}: {match.outcome}: {match.note}")
        for cell in run.read.mended:
            self.say(f"Line {cell.line}: “{cell.was}” is read as “{cell.now}”.")
        for notice in filter(None, [self.recognised, *_how_read(run)]):
            self.say(notice)
        self.say("Nothing was booked: this is a preview.")


def _how_read(run: PaymentImport) -> list[str]:
    """What of the file was not as it should be, and was read all the same."""
    said = [] if run.read.encoding == "utf-8" else [f"The file was read as {run.read.encoding.upper()}."]
    if lines := len(run.read.lines_mended):
        was = "was" if lines == 1 else "were"
        said.append(f"{pluralize(lines, 'line')} {was} in another character set than the rest.")
    if cells := run.read.mended_count:
        said.append(f"{pluralize(cells, 'cell')} {'was' if cells == 1 else 'were'} mended; --preview lists them.")
    return said


def _flag(error: NeedsAnswer) -> str:
    if error.question == "payment_method":
        return "Give one with --method NAME."
    if error.question == "currency":
        return "Give it with --currency CODE."
    flag = f"--{error.question.replace('_', '-')}"
    return f"Say which it is: {' or '.join(f'{flag} {value}' for value, _ in error.choices)}."


def _method(name: str | None) -> PaymentMethod | None:
    if name is None:
        return None
    method = PaymentMethod.objects.filter(active=True, name__iexact=name).first()
    if method is None:
        there = ", ".join(PaymentMethod.objects.filter(active=True).order_by("pk").values_list("name", flat=True))
        raise CommandError(f"There is no payment method “{name}”. There are: {there}. Nothing was booked.")
    return method


def _recognised(path: Path, name: str | None) -> Recognised:
    """The format that was given, or the one that the file has."""
    if name is None:
        return recognise(path.name, content_of(path))
    mapping = PaymentFileMapping.objects.select_related("payment_method").filter(name__iexact=name).first()
    mapping = mapping or format_with_code(name)
    if mapping is None:
        there = ", ".join(PaymentFileMapping.objects.order_by("name").values_list("name", flat=True)) or "none"
        raise CommandError(f"There is no file format “{name}”. Saved are: {there}. Nothing was booked.")
    return Recognised(mapping)
