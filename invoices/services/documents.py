"""The documents of invoices and credit notes: drawn once and kept, as e-invoices, and many in a ZIP."""

import datetime
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, Literal, NamedTuple

from django.utils import timezone

from billing_admin.db.limits import held_up
from billing_admin.documents import BUSY, Drawn, Press
from billing_admin.errors import BusinessError
from clients.models import IssuedDocument
from invoices.documents.e_invoice import invoice_data, with_profile
from invoices.documents.letterhead import logo_of
from invoices.documents.missing import lacks, missing
from invoices.documents.paper import paper_of
from invoices.documents.snapshot import known_of, snapshot_of, snapshot_of_draft
from invoices.models import CreditNote, Invoice, SellerVersion

type Document = Invoice | CreditNote
type Syntax = Literal["cii", "ubl"]

SYNTAXES: tuple[Syntax, ...] = ("cii", "ubl")
DRAW = "invoices.draw"
# What has more lines is drawn by a queue worker: nobody waits for it in front of a screen.
MOST_LINES_AT_ONCE = 500


def kind_of(document: Document) -> IssuedDocument.Kind:
    """What it is kept as."""
    return IssuedDocument.Kind.CREDIT_NOTE if isinstance(document, CreditNote) else IssuedDocument.Kind.INVOICE


def file_name(document: Document, ending: str) -> str:
    """`INV-000123.pdf`: its number, without what no name of a file has."""
    return f"{re.sub(r'[^\w.-]+', '-', document.label)}.{ending}"


def kept_of(document: Document) -> IssuedDocument | None:
    """The document, if it was drawn already."""
    return IssuedDocument.objects.of(kind_of(document), document.pk)


def left_out_of(document: Document) -> str:
    """Letters that its document could not show, each once; none where it was not drawn yet."""
    kept = IssuedDocument.objects.filter(kind=kind_of(document), subject_id=document.pk)
    return kept.values_list("left_out", flat=True).first() or ""


def document_of(document: Document, press: Press | None = None) -> IssuedDocument:
    """The one document of an issued invoice or credit note: drawn at first need, and the same file ever after.

    It says what was said on the day, also where the invoice was cancelled since; where that suffices for an e-invoice
    its XML is inside. No row is locked while it is drawn.

    Raises BusinessError for a draft, NotDrawn, ClientGone, and Busy in a request.
    """
    _require_own(document, "A draft has no document to keep; issue it first.")
    return IssuedDocument.objects.keep(
        kind=kind_of(document),
        subject_id=document.pk,
        client_id=document.client_id,
        name=file_name(document, "pdf"),
        draw=lambda: _drawn(document, press),
    )


def drawn_draft(draft: Invoice, on: datetime.date) -> Drawn:
    """What a draft would look like if it were issued that day, marked as one. It is not kept.

    Raises NotDrawn, and Busy in a request.
    """
    sheet = paper_of(snapshot_of_draft(draft, on), logo_of(SellerVersion.objects.current()))
    with _at_press(None) as press:
        return press.draw(sheet)


def e_invoice(document: Document, syntax: Syntax, press: Press | None = None) -> bytes:
    """The invoice as XML alone, by the profile that its client was invoiced by.

    Raises BusinessError, which says all that is missing; NotDrawn; and Busy in a request.
    """
    _require_own(document, "A draft is no e-invoice; issue it first.")
    if lacking := lacks(document):
        said = " ".join(each.text for each in lacking)
        raise BusinessError(f"{document.label} cannot be an e-invoice. {said}")
    snapshot = snapshot_of(document)
    assert snapshot is not None
    with _at_press(press) as at:
        return with_profile(at.xml(invoice_data(snapshot), syntax), snapshot["profile"], syntax)


class Packed(NamedTuple):
    """How many documents are in a ZIP, and in words what is not, and why."""

    written: int
    left_out: list[str]


def write_zip(
    documents: Iterable[Document],
    file: IO[bytes],
    syntaxes: Sequence[Syntax] = (),
    told: Callable[[int], object] = lambda done: None,
) -> Packed:
    """Write the documents, one after the other, and beside each the e-invoices that are asked for, where it can be one.

    What cannot be drawn is left out and told; the others are there. `told` gets how many are written.
    """
    written, left_out = 0, list[str]()
    named: set[str] = set()
    with Press() as press, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for document in documents:
            try:
                kept = document_of(document, press)
            except BusinessError as error:
                left_out.append(f"{document.label}: {error}")
                continue
            stem = kept.name.removesuffix(".pdf")
            if stem.casefold() in named:  # two series may number alike, or in another case, which not every disk knows
                stem = f"{stem} {kept.kind} {document.pk}"
            named.add(stem.casefold())
            add_to_zip(zipped, f"{stem}.pdf", kept.content, kept.made_at, zipfile.ZIP_STORED)
            for syntax in syntaxes:
                try:
                    xml = e_invoice(document, syntax, press)
                except BusinessError as error:
                    left_out.append(f"{document.label}, {syntax.upper()}: {error}")
                else:
                    add_to_zip(zipped, f"{stem}.{syntax}.xml", xml, kept.made_at, zipfile.ZIP_DEFLATED)
            written += 1
            told(written)
    return Packed(written, left_out)


def add_to_zip(
    zipped: zipfile.ZipFile, name: str, content: bytes | memoryview, at: datetime.datetime, packed: int
) -> None:
    """Write a file into the ZIP, as if made at this moment."""
    info = zipfile.ZipInfo(name, timezone.localtime(at).timetuple()[:6])
    info.external_attr = 0o644 << 16
    zipped.writestr(info, bytes(content), packed)


def why_no_document(document: Document) -> str:
    """Why an issued invoice has no document of ours; empty where it can have one."""
    if document.number is not None:
        return ""
    return f"{document.label} was imported: its document is the one that was sent then."


def _require_own(document: Document, of_draft: str) -> None:
    if why := why_no_document(document):
        raise BusinessError(of_draft if isinstance(document, Invoice) and document.is_draft else why)


def _drawn(document: Document, press: Press | None) -> tuple[Drawn, bool]:
    """The document, and whether its XML is inside."""
    snapshot = snapshot_of(document)
    sheet = paper_of(snapshot or known_of(document), logo_of(document.seller))
    is_e_invoice = snapshot is not None and not missing(snapshot, "")
    if snapshot is not None and is_e_invoice:
        sheet = replace(sheet, invoice=invoice_data(snapshot))
    with _at_press(press) as at:
        return at.draw(sheet), is_e_invoice


@contextmanager
def _at_press(press: Press | None) -> Iterator[Press]:
    """The press that is given, else one of its own; half of the threads of a process may wait for one in requests."""
    with held_up(BUSY):
        if press is not None:
            yield press
        else:
            with Press() as own:
                yield own
