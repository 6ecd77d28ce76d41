"""Save documents and e-invoices, one or many."""

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser

from billing_admin.documents import Press
from billing_admin.errors import BusinessError
from billing_admin.management.staff_command import StaffCommand
from billing_admin.text import pluralize
from invoices.documents.missing import lacks
from invoices.models import CreditNote, Invoice
from invoices.selectors.documents import documents_of
from invoices.services.documents import SYNTAXES, Document, Syntax, document_of, e_invoice, file_name, write_zip
from invoices.services.hand_over import hand_over, put_in_place

_NUMBER = re.compile(r".*?(?P<digits>[0-9]{1,18})", re.ASCII)


class Command(StaffCommand):
    help = (
        "Save the documents of issued invoices and credit notes: one as PDF or as e-invoice, many into a ZIP, or "
        "e-invoices into a folder that another program sends them from. A document is drawn once and kept."
    )
    required_permission = "invoices.view_invoice"
    kept = "What was written stays; what was drawn is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("numbers", nargs="*", metavar="NUMBER", help="as printed: INV-000123, CN-000045")
        parser.add_argument(
            "--from", dest="listed", type=Path, metavar="FILE", help="a file with a number in each line"
        )
        parser.add_argument("--all", action="store_true", help="all that were ever issued")
        parser.add_argument("--pdf", type=Path, metavar="FILE", help="save the document of one")
        parser.add_argument("--xml", type=Path, metavar="FILE", help="save the e-invoice of one")
        parser.add_argument("--zip", type=Path, metavar="FILE", help="save the documents in a ZIP")
        parser.add_argument("--with-xml", action="store_true", help="put the e-invoices into the ZIP, too")
        parser.add_argument("--folder", type=Path, metavar="DIR", help="write e-invoices that are not there yet")
        parser.add_argument("--check", action="store_true", help="only say what is missing for an e-invoice")
        parser.add_argument("--syntax", choices=SYNTAXES, default="ubl", help="of e-invoices (default: ubl)")

    def act(self, *, by: User | None, **options: Any) -> None:
        chosen = [name for name in ("pdf", "xml", "zip", "folder", "check") if options[name]]
        if not chosen:
            raise CommandError("Say what to save: --pdf FILE, --xml FILE, --zip FILE or --folder DIR; or --check.")
        if len(chosen) > 1 and set(chosen) != {"pdf", "xml"}:
            raise CommandError("One of --zip, --folder and --check at a time, and each without --pdf and --xml.")
        total, documents = self._documents(options)
        if options["pdf"] or options["xml"]:
            return self._one(total, documents, options)
        if options["zip"]:
            return self._zip(total, documents, options)
        if options["folder"]:
            return self._folder(total, documents, options)
        return self._check(documents)

    def _documents(self, options: dict[str, Any]) -> tuple[int, Iterator[Document]]:
        """How many there are, and what is asked for, one after the other."""
        if sum(map(bool, (options["numbers"], options["listed"], options["all"]))) != 1:
            raise CommandError("Name the documents: their numbers, or --from FILE, or --all.")
        if options["all"]:
            issued = Invoice.objects.exclude(status=Invoice.Status.DRAFT).order_by("pk")
            ids = list(issued.values_list("pk", flat=True))
            return len(ids) + CreditNote.objects.count(), documents_of(Invoice, ids)
        numbers = options["numbers"] or _numbers_in(options["listed"])
        found = [_found(number) for number in dict.fromkeys(numbers)]
        return len(found), (document for model, pk in found for document in _alone(model, pk))

    def _one(self, total: int, documents: Iterator[Document], options: dict[str, Any]) -> None:
        if total != 1:
            raise CommandError("--pdf and --xml are of one document; for many there is --zip.")
        (document,) = documents
        if target := options["pdf"]:
            kept = document_of(document)
            put_in_place(target, bytes(kept.content), over=True)
            self.say(f"{document.label} saved as {target}.")
            if kept.left_out:
                self.stderr.write(f"The document could not show: {kept.left_out}")
        if target := options["xml"]:
            put_in_place(target, e_invoice(document, options["syntax"]), over=True)
            self.say(f"{document.label} saved as {target} ({options['syntax'].upper()}).")

    def _zip(self, total: int, documents: Iterator[Document], options: dict[str, Any]) -> None:
        target: Path = options["zip"]
        syntaxes: tuple[Syntax, ...] = (options["syntax"],) if options["with_xml"] else ()
        try:
            file = tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".part", delete=False)  # noqa: SIM115
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}.") from error
        part = Path(file.name)
        try:
            with file, self.progress() as progress:
                packed = write_zip(
                    documents, file, syntaxes, told=lambda done: progress("Saving documents", done, total)
                )
            part.chmod(0o644)
            os.replace(part, target)
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}.") from error
        finally:
            part.unlink(missing_ok=True)
        self.say(f"{pluralize(packed.written, 'document')} saved as {target}.")
        self._fail(packed.left_out)

    def _folder(self, total: int, documents: Iterator[Document], options: dict[str, Any]) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}. Nothing was written.")
        written, there, left_out = 0, 0, list[str]()
        names: dict[str, Document] = {}
        with Press() as press, self.progress() as progress:
            for done, document in enumerate(documents, 1):
                name = file_name(document, "xml")
                first = names.setdefault(name.casefold(), document)
                try:
                    if first != document:
                        raise BusinessError(
                            f"{document.label}: {first.label} has the file {name}; save it on its page."
                        )
                    if hand_over(document, folder, options["syntax"], press):
                        written += 1
                    else:
                        there += 1
                except BusinessError as error:
                    left_out.append(str(error))
                progress("Writing e-invoices", done, total)
        self.say(f"{pluralize(written, 'e-invoice')} written to {folder}; {there:,} there already.")
        self._fail(left_out)

    def _check(self, documents: Iterator[Document]) -> None:
        good, bad = 0, list[str]()
        for document in documents:
            if lacking := lacks(document):
                bad.append(f"{document.label}: {' '.join(each.text for each in lacking)}")
            else:
                good += 1
        self.say(f"{pluralize(good, 'document')} can be an e-invoice." if good == 1 else f"{good:,} can be e-invoices.")
        self._fail(bad, "cannot be")

    def _fail(self, left_out: list[str], became: str = "left out") -> None:
        """Name what could not be made, and fail.

        Raises CommandError.
        """
        for reason in left_out:
            self.stderr.write(reason)
        if left_out:
            raise CommandError(f"{len(left_out):,} {became}; the reasons stand above.")


def _numbers_in(file: Path) -> list[str]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}.") from error
    if numbers := [line.strip() for line in lines if line.strip()]:
        return numbers
    raise CommandError(f"{file} names no document.")


def _found(number: str) -> tuple[type[Document], int]:
    """What bears this number."""
    match = _NUMBER.fullmatch(number)
    found: list[tuple[type[Document], int]] = [
        (model, document.pk)
        for model in (Invoice, CreditNote)
        for document in (model.objects.filter(number=int(match["digits"])) if match else ())
        if document.label == number
    ]
    if not found:
        raise CommandError(f"No invoice and no credit note has the number “{number}”. Nothing was written.")
    if len(found) > 1:
        raise CommandError(f"An invoice and a credit note have the number “{number}”. Save them on their pages.")
    return found[0]


def _alone(model: type[Document], pk: int) -> Iterator[Document]:
    """The document that is meant, without its credit notes."""
    return (document for document in documents_of(model, [pk]) if isinstance(document, model))
