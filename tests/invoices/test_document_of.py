"""The one document of an invoice or credit note: drawn once from what was said on the day, and as an e-invoice."""

import datetime
import io
import zipfile
from decimal import Decimal
from typing import Any

import pikepdf
import pytest
from djmoney.money import Money

from billing_admin.db.limits import Busy, held_up, limited_request
from billing_admin.documents import NotDrawn, Press
from clients.models import IssuedDocument
from clients.services.profile import edit_client
from invoices.models import Invoice
from invoices.services.cancel import cancel_invoice
from invoices.services.credit_notes import issue_credit_note
from invoices.services.documents import document_of, drawn_draft, e_invoice, file_name, write_zip
from invoices.services.issue import NewLine, bill_client, draft_invoice
from tests.factories import make_client, make_invoice, usd
from tests.invoices.companies import make_buyer, make_company
from tests.unchanged import nothing_changes, refused

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 29)
LINES = (NewLine("Hosting", Money(50, "EUR"), tax_rate=Decimal(20)),)


def billed(**about: Any) -> Invoice:
    return bill_client(client=about.pop("to", None) or make_buyer(), lines=list(LINES), by=None, on=TODAY, **about)


def attached(content: Any) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(bytes(content))) as pdf:
        return {name: file.get_file().read_bytes() for name, file in pdf.attachments.items()}


def test_the_document_of_an_invoice_is_its_e_invoice_too():
    make_company()
    kept = document_of(billed())
    assert (kept.kind, kept.name, kept.is_e_invoice, kept.left_out) == ("invoice", "INV-000001.pdf", True, "")
    (xml,) = attached(kept.content).values()
    assert b"INV-000001" in xml


def test_a_reprint_is_the_same_file_whatever_has_changed_since():
    make_company()
    acme = make_buyer()
    invoice = billed(to=acme)
    first = document_of(invoice)
    make_company(legal_name="Other GmbH", footer="New")
    edit_client(client=acme, by=None, last_name="Curie", city="Lyon")
    cancel_invoice(invoice=invoice, by=None)
    again = document_of(Invoice.objects.get())
    assert (again.pk, bytes(again.content)) == (first.pk, bytes(first.content))


def test_drawn_late_it_says_what_was_said_on_the_day():
    make_company()
    acme = make_buyer()
    invoice, twin = billed(to=acme), billed(to=acme)
    at_once = bytes(document_of(invoice).content)
    make_company(legal_name="Other GmbH")
    edit_client(client=acme, by=None, city="Lyon")
    twin.refresh_from_db()
    with pikepdf.open(io.BytesIO(bytes(document_of(twin).content))) as pdf, pikepdf.open(io.BytesIO(at_once)) as early:
        assert len(pdf.pages) == len(early.pages)
    (xml,) = attached(document_of(twin).content).values()
    assert b"Hoster GmbH" in xml
    assert b"Paris" in xml
    assert b"Lyon" not in xml


def test_a_credit_note_has_its_own():
    make_company()
    note = issue_credit_note(invoice=billed(), reason="Slow", by=None).note
    kept = document_of(note)
    assert (kept.kind, kept.subject_id, kept.name, kept.is_e_invoice) == ("credit_note", note.pk, "CN-000001.pdf", True)
    assert b"<cbc:CreditNoteTypeCode>381" in e_invoice(note, "ubl")


def test_what_was_issued_without_a_company_has_a_plain_document():
    invoice = make_invoice(make_client(), usd(10))
    kept = document_of(invoice)
    assert (kept.is_e_invoice, attached(kept.content)) == (False, {})
    with refused(
        "INV-000001 cannot be an e-invoice. It was issued before the company was filled in, and what is issued never "
        "changes."
    ):
        e_invoice(invoice, "ubl")


def test_an_e_invoice_that_lacks_something_says_all_of_it():
    make_company(registration="", vat_id="")
    invoice = billed()
    assert document_of(invoice).is_e_invoice is False
    with refused(
        "INV-000001 cannot be an e-invoice. The company has no VAT ID and no tax number. The company has no "
        "registration number."
    ):
        e_invoice(invoice, "cii")


def test_the_xml_is_of_the_profile_that_was_asked_for():
    make_company()
    invoice = billed(to=make_buyer(e_invoice="xrechnung"))
    assert b"xrechnung_3.0" in e_invoice(invoice, "ubl")
    (inside,) = attached(document_of(invoice).content).values()
    assert b"xrechnung" not in inside


def test_a_draft_is_drawn_and_not_kept():
    make_company()
    draft = draft_invoice(client=make_buyer(), lines=list(LINES), by=None)
    with nothing_changes():
        assert drawn_draft(draft, TODAY).content.startswith(b"%PDF")
        with refused("A draft has no document to keep; issue it first."):
            document_of(draft)
        with refused("A draft is no e-invoice; issue it first."):
            e_invoice(draft, "ubl")


def test_a_press_that_fails_keeps_nothing():
    invoice = make_invoice(make_client(), usd(10))
    with Press(0.001) as press, nothing_changes(), pytest.raises(NotDrawn):
        document_of(invoice, press)
    assert document_of(invoice).size > 1000


def test_letters_that_no_font_has_are_told():
    invoice = bill_client(client=make_client(), lines=[NewLine("Ring \U00012345", usd(5))], by=None)
    assert document_of(invoice).left_out == "\U00012345"


def test_the_name_of_a_file_has_nothing_that_no_name_has():
    assert file_name(Invoice(label="INV/2026/000123"), "pdf") == "INV-2026-000123.pdf"


def test_many_go_into_one_zip_with_their_e_invoices():
    old = make_invoice(make_client(), usd(10))
    make_company()
    invoice = billed()
    note = issue_credit_note(invoice=invoice, reason="Slow", by=None).note
    draft = draft_invoice(client=make_buyer(), lines=list(LINES), by=None)
    file, told = io.BytesIO(), list[int]()
    packed = write_zip([old, invoice, note, draft], file, ["ubl"], told.append)
    assert (packed.written, told) == (3, [1, 2, 3])
    assert [each.partition(":")[0] for each in packed.left_out] == ["INV-000001, UBL", "Draft"]
    zipped = zipfile.ZipFile(file)
    assert zipped.namelist() == [
        "INV-000001.pdf", "INV-000002.pdf", "INV-000002.ubl.xml", "CN-000001.pdf", "CN-000001.ubl.xml",
    ]  # fmt: skip
    kept = {document.name: bytes(document.content) for document in IssuedDocument.objects.all()}
    assert {name: zipped.read(name) for name in kept} == kept


def test_half_of_the_threads_answer_pages_while_the_others_draw():
    make_company()
    kept, invoice = billed(), billed()
    document_of(kept)
    with limited_request(), held_up("one"), held_up("another"):
        assert document_of(kept).name == "INV-000001.pdf"
        with nothing_changes(), pytest.raises(Busy, match="Other documents are being drawn"):
            document_of(invoice)
