"""`manage.py document`: one or many, as PDF, XML, ZIP or files of a folder that another program sends."""

import datetime
import io
import zipfile
from decimal import Decimal
from typing import Any

import pikepdf
import pytest
from djmoney.money import Money

from clients.models import IssuedDocument
from invoices.models import Invoice
from invoices.models.number_series import Document as NumberedDocument
from invoices.services.credit_notes import issue_credit_note
from invoices.services.issue import NewLine, bill_client
from invoices.services.numbering import set_prefix
from tests.commands import run_command
from tests.factories import make_client, make_invoice, make_staff, person_with, usd
from tests.invoices.companies import make_buyer, make_company

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 29)
NO_SNAPSHOT = "It was issued before the company was filled in, and what is issued never changes."


def billed(**about: Any) -> Invoice:
    lines = [NewLine("Hosting", Money(50, "EUR"), tax_rate=Decimal(20))]
    return bill_client(client=make_buyer(**about), lines=lines, by=None, on=TODAY)


@pytest.fixture
def three():
    """INV-000001, which is too old for an e-invoice, INV-000002 and its credit note CN-000001."""
    old = make_invoice(make_client(), usd(10))
    make_company()
    invoice = billed()
    return [old, invoice, issue_credit_note(invoice=invoice, reason="Slow", by=None).note]


def test_one_is_saved_as_pdf_and_as_xml(tmp_path, three):
    pdf, xml = tmp_path / "i.pdf", tmp_path / "i.xml"
    ran = run_command("document", "INV-000002", "--pdf", pdf, "--xml", xml)
    assert (ran.error, ran.printed) == ("", [f"INV-000002 saved as {pdf}.", f"INV-000002 saved as {xml} (UBL)."])
    assert pdf.read_bytes() == bytes(IssuedDocument.objects.get().content)
    assert b"<Invoice" in xml.read_bytes()
    run_command("document", "CN-000001", "--xml", xml, "--syntax", "cii")
    assert b"CrossIndustryInvoice" in xml.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["i.pdf", "i.xml"]


def test_many_are_saved_in_a_zip(tmp_path, three):
    numbers, file = tmp_path / "numbers.txt", tmp_path / "all.zip"
    numbers.write_text("INV-000002\n\nCN-000001\nINV-000002\n")
    ran = run_command("document", "--from", numbers, "--zip", file, "--with-xml", "--syntax", "cii")
    assert (ran.error, ran.printed) == ("", [f"2 documents saved as {file}."])
    assert zipfile.ZipFile(file).namelist() == [
        "INV-000002.pdf", "INV-000002.cii.xml", "CN-000001.pdf", "CN-000001.cii.xml",
    ]  # fmt: skip
    ran = run_command("document", "--all", "--zip", file)
    assert (ran.error, ran.printed) == ("", [f"3 documents saved as {file}."])
    with pikepdf.open(io.BytesIO(zipfile.ZipFile(file).read("INV-000001.pdf"))) as pdf:
        assert len(pdf.pages) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.zip", "numbers.txt"]


def test_what_is_left_out_of_a_zip_fails_with_its_reason(tmp_path, three):
    ran = run_command("document", "--all", "--zip", tmp_path / "all.zip", "--with-xml")
    assert ran.named == [f"INV-000001, UBL: INV-000001 cannot be an e-invoice. {NO_SNAPSHOT}"]
    assert (ran.error, ran.exit_code) == ("1 left out; the reasons stand above.", 1)
    assert len(zipfile.ZipFile(tmp_path / "all.zip").namelist()) == 5


def test_a_folder_gets_each_e_invoice_once(tmp_path, three):
    (tmp_path / "CN-000001.xml").write_text("theirs")
    ran = run_command("document", "--all", "--folder", tmp_path)
    assert ran.printed == [f"1 e-invoice written to {tmp_path}; 1 there already."]
    assert (ran.named, ran.exit_code) == ([f"INV-000001 cannot be an e-invoice. {NO_SNAPSHOT}"], 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["CN-000001.xml", "INV-000002.xml"]
    assert (tmp_path / "CN-000001.xml").read_text() == "theirs"
    ran = run_command("document", "INV-000002", "--folder", tmp_path)
    assert (ran.error, ran.printed) == ("", [f"0 e-invoices written to {tmp_path}; 1 there already."])


def test_of_two_with_one_name_each_is_saved_or_told(tmp_path):
    make_company()
    set_prefix(document=NumberedDocument.INVOICE, prefix="cn-", by=None)
    invoice = billed()
    note = issue_credit_note(invoice=invoice, reason="Slow", by=None).note
    assert (invoice.label, note.label) == ("cn-000001", "CN-000001")
    run_command("document", "--all", "--zip", tmp_path / "all.zip")
    names = zipfile.ZipFile(tmp_path / "all.zip").namelist()
    assert names == ["cn-000001.pdf", f"CN-000001 credit_note {note.pk}.pdf"]
    ran = run_command("document", "--all", "--folder", tmp_path)
    assert ran.printed == [f"1 e-invoice written to {tmp_path}; 0 there already."]
    assert ran.named == ["CN-000001: cn-000001 has the file CN-000001.xml; save it on its page."]
    assert b"<Invoice" in (tmp_path / "cn-000001.xml").read_bytes()


def test_what_is_missing_is_said_without_drawing(three):
    ran = run_command("document", "--all", "--check")
    assert (ran.printed, ran.named) == (["2 can be e-invoices."], [f"INV-000001: {NO_SNAPSHOT}"])
    assert (ran.error, ran.exit_code) == ("1 cannot be; the reasons stand above.", 1)
    assert run_command("document", "INV-000002", "--check").printed == ["1 document can be an e-invoice."]
    assert not IssuedDocument.objects.exists()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("INV-000001",), "Say what to save: --pdf FILE, --xml FILE, --zip FILE or --folder DIR; or --check."),
        (("INV-000001", "--zip", "x", "--check"), "One of --zip, --folder and --check at a time,"),
        (("--check",), "Name the documents: their numbers, or --from FILE, or --all."),
        (("INV-000001", "--all", "--check"), "Name the documents: their numbers, or --from FILE, or --all."),
        (("--all", "--pdf", "x"), "--pdf and --xml are of one document; for many there is --zip."),
        (("INV-000009", "--check"), "No invoice and no credit note has the number “INV-000009”. Nothing was written."),
        (("Draft", "--check"), "No invoice and no credit note has the number “Draft”. Nothing was written."),
        (("2", "--check"), "No invoice and no credit note has the number “2”. Nothing was written."),
        (("INV-000001", "--pdf", "/nowhere/x.pdf"), "/nowhere/x.pdf cannot be written: No such file or directory."),
        (("INV-000001", "--zip", "/nowhere/x.zip"), "/nowhere/x.zip cannot be written: No such file or directory."),
        (("INV-000001", "--folder", "/nowhere"), "There is no folder /nowhere. Nothing was written."),
        (("--from", "/nowhere", "--check"), "/nowhere cannot be read: No such file or directory."),
        (("INV-000001", "--xml", "x"), f"INV-000001 cannot be an e-invoice. {NO_SNAPSHOT}"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_words(tmp_path, monkeypatch, three, asked, said):
    monkeypatch.chdir(tmp_path)
    ran = run_command("document", *asked)
    assert (ran.error[: len(said)], ran.exit_code, list(tmp_path.iterdir())) == (said, 1, [])


def test_a_file_without_a_number_is_refused(tmp_path):
    (tmp_path / "empty").write_text("\n")
    assert run_command("document", "--from", tmp_path / "empty", "--check").error == (
        f"{tmp_path / 'empty'} names no document."
    )


def test_who_acts_must_be_allowed_to_see_invoices(three):
    make_staff(username="ann")
    stranger = person_with("view_client")
    assert run_command("document", "INV-000002", "--check", "--as", "ann").error == ""
    ran = run_command("document", "INV-000002", "--check", "--as", stranger.username)
    assert "the permission invoices.view_invoice is missing" in ran.error
