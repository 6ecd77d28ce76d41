"""A file of each format that is known: recognised, read, matched. Made after the vendors’ words, with nobody’s data."""

from pathlib import Path

import pytest
from djmoney.money import Money

from tests.commands import run_command
from tests.factories import make_client, make_invoice, make_payment_method
from transactions.models import PaymentFileMapping, PaymentMethod, Transaction
from transactions.services.importing.book import PaymentImport, preview_payments
from transactions.services.importing.formats.ready import READY_FORMATS
from transactions.services.importing.match import WAITING, Outcome
from transactions.services.importing.read import answered
from transactions.services.importing.read_file import read_file
from transactions.services.importing.readers.statements import STATEMENTS
from transactions.services.importing.recognise import recognise
from transactions.services.importing.rows import PaymentRow

pytestmark = pytest.mark.django_db

FILES = Path(__file__).with_name("payment_files")
# File → the code of its format and its currency, and how many of its rows pay, wait, are left out and are bad.
TABLE = {
    "adyen.csv": ("adyen", "EUR", 1, 1, 3, 0),
    "barclays.csv": ("barclays", "GBP", 1, 1, 1, 0),
    "camt_053_02.xml": ("camt", "EUR", 2, 1, 3, 2),
    "camt_053_08.xml": ("camt", "EUR", 1, 1, 2, 0),
    "deutsche_bank.csv": ("deutsche_bank", "EUR", 1, 1, 2, 0),
    "deutsche_bank_iban.csv": ("deutsche_bank_iban", "EUR", 1, 1, 2, 0),
    "gocardless.csv": ("gocardless", "GBP", 2, 1, 2, 0),
    "ing_en.csv": ("ing_en", "EUR", 1, 0, 1, 0),
    "ing_nl.csv": ("ing_nl", "EUR", 2, 1, 1, 0),
    "mollie.csv": ("mollie", "EUR", 2, 1, 2, 0),
    "mt940_de.sta": ("mt940", "EUR", 1, 1, 2, 1),
    "mt940_nl.940": ("mt940", "EUR", 2, 0, 1, 0),
    "n26.csv": ("n26", "EUR", 2, 1, 1, 0),
    "n26_old.csv": ("n26_old", "EUR", 1, 0, 1, 0),
    "n26_old_de.csv": ("n26_old_de", "EUR", 1, 0, 1, 0),
    "ofx_1.ofx": ("ofx", "USD", 2, 1, 2, 1),
    "ofx_2.ofx": ("ofx", "USD", 1, 0, 1, 0),
    "paypal_de.csv": ("paypal_de", "EUR", 1, 1, 3, 0),
    "paypal_de_impact.csv": ("paypal_de_impact", "EUR", 1, 1, 3, 0),
    "paypal_de_statement.csv": ("paypal_de_statement", "EUR", 1, 1, 1, 0),
    "paypal_en.csv": ("paypal_en", "EUR", 2, 1, 4, 1),
    "paypal_en_impact.csv": ("paypal_en_impact", "GBP", 1, 0, 2, 0),
    "paypal_en_statement.csv": ("paypal_en_statement", "GBP", 1, 0, 2, 0),
    "paypal_es.csv": ("paypal_es_impact", "EUR", 1, 1, 3, 0),
    "paypal_es_plain.csv": ("paypal_es", "EUR", 1, 0, 1, 0),
    "paypal_es_statement.csv": ("paypal_es_statement", "EUR", 1, 0, 1, 0),
    "paypal_es_tarifa.csv": ("paypal_es_tarifa", "EUR", 1, 0, 1, 0),
    "revolut_business.csv": ("revolut_business", "GBP", 1, 1, 3, 0),
    "sparkasse.csv": ("sparkasse", "EUR", 1, 1, 2, 1),
    "stripe_balance.csv": ("stripe_balance", "USD", 1, 1, 3, 0),
    "stripe_balance_report.csv": ("stripe_balance_report", "USD", 2, 0, 2, 0),
    "stripe_payments.csv": ("stripe_payments_2", "USD", 2, 1, 2, 1),
    "stripe_payments_old.csv": ("stripe_payments", "USD", 2, 1, 2, 1),
    "sumup.csv": ("sumup", "EUR", 1, 1, 2, 0),
    "sumup_de.csv": ("sumup_de", "EUR", 1, 1, 2, 0),
    "wise.csv": ("wise", "EUR", 1, 1, 2, 0),
    "wise_type.csv": ("wise_type", "EUR", 1, 0, 1, 0),
    "xero.csv": ("xero", "GBP", 2, 0, 1, 0),
    "xero_plain.csv": ("xero_plain", "GBP", 1, 0, 1, 0),
}


def two_invoices_due(currency: str) -> None:
    """INV-000001 of 120.00 to Northwind Supplies Ltd and INV-000002 of 75.50 to Ada Fernweh."""
    make_invoice(make_client("Northwind Supplies Ltd", currency=currency), Money("120.00", currency))
    ada = make_client("", first_name="Ada", last_name="Fernweh", currency=currency)
    make_invoice(ada, Money("75.50", currency))


def preview(name: str, currency: str = "EUR") -> PaymentImport:
    content = (FILES / name).read_bytes()
    mapping = answered(recognise(name, content).mapping, method=make_payment_method(), currency=currency)
    return preview_payments(name=name, content=content, mapping=mapping)


def rows(name: str) -> dict[int, PaymentRow]:
    return {match.line: match.row for match in preview(name).matches if match.row}


@pytest.mark.parametrize("name", TABLE)
def test_a_file_of_each_format_is_recognised_and_read(name):
    code, currency, *expected = TABLE[name]
    two_invoices_due(currency)
    assert recognise(name, (FILES / name).read_bytes()).ready_format == code
    run = preview(name, currency)
    waiting = sum(run.count(outcome) for outcome in WAITING)
    counts = [run.count(Outcome.PAYS), waiting, run.count(Outcome.LEFT_OUT), run.count(Outcome.BAD)]
    assert counts == expected, [f"{match.line} {match.outcome} {match.note}" for match in run.matches]


def test_each_ready_format_has_a_file():
    assert {code for code, *_ in TABLE.values()} == {*STATEMENTS, *(ready.code for ready in READY_FORMATS)}
    assert set(TABLE) == {path.name for path in FILES.iterdir()}


@pytest.mark.parametrize("ready", READY_FORMATS, ids=lambda ready: ready.code)
def test_a_ready_format_is_one_that_staff_could_save(ready):
    ready.mapping().full_clean()


def test_what_is_read_of_gateways():
    paypal, stripe = rows("paypal_en.csv")[2], rows("stripe_balance.csv")[2]
    assert (str(paypal.fees.amount), paypal.reference, paypal.invoice) == ("4.43", "4AA11111AA111111A", "INV-000001")
    assert (str(stripe.fees.amount), stripe.reference) == ("3.78", "ch_3QbbbbbbbbbbbbB1")


def test_a_batch_in_camt_is_as_many_payments_each_with_its_payer():
    found = rows("camt_053_02.xml")
    assert [
        (row.name, row.account, str(row.amount.amount), row.payer_reference, row.reference, row.text)
        for row in (found[1], found[2], found[3])
    ] == [
        ("Northwind Supplies Ltd", "DE02500105170137075030", "120.00", "NW-4711", "2026101400001",
         "Rechnung INV-000001 · vielen Dank"),
        ("Ada Fernweh", "DE02200505501015871393", "75.50", "", "2026101400002-1", "Hosting"),
        ("Jörg Bädeker & Söhne", "DE02100100100006820101", "33.00", "", "2026101400002-2", "danke"),
    ]  # fmt: skip


def test_structured_references_are_the_text_of_invoices():
    row = rows("camt_053_08.xml")[1]
    assert (row.invoice, row.account) == ("INV-000001 · RF18539007547034", "CH9300762011623852957")


@pytest.mark.parametrize(
    ("name", "line", "expected"),
    [
        ("mt940_de.sta", 5, ("Northwind Supplies Ltd", "DE02500105170137075030", "NW-4711", "Rechnung INV-000001")),
        ("mt940_nl.940", 8, ("Northwind Supplies Ltd", "NL91ABNA0417164300", "", "factuur INV-000001")),
        ("ofx_1.ofx", 5, ("Smith & Sons", "", "", "thanks")),
    ],
)
def test_the_payer_is_read_of_a_statement(name, line, expected):
    row = rows(name)[line]
    assert (row.name, row.account, row.payer_reference, row.text) == expected


@pytest.mark.parametrize("name", ["camt_053_02.xml", "mt940_de.sta", "ofx_1.ofx"])
def test_keys_of_a_statement_are_of_its_bookings_alone(name):
    """Another statement of the same account with the same bookings below other ones."""
    content = (FILES / name).read_bytes()
    method = make_payment_method()
    before = {row.key for row in rows_of(name, content, method)}
    for was, now in (
        (b"STMT-10", b"STMT-11"),
        (b"camt.053.001.02", b"camt.053.001.04"),
        (b":28C:00010", b":28C:00011"),
        (b"\r\n", b"\n"),
        (b"<NtryRef>1<", b"<NtryRef>77<"),
        (b"20261031120000", b"20261101120000"),
    ):
        content = content.replace(was, now)
    assert content != (FILES / name).read_bytes()
    assert {row.key for row in rows_of(name, content, method)} == before


def rows_of(name: str, content: bytes, method: PaymentMethod) -> list[PaymentRow]:
    mapping = answered(recognise(name, content).mapping, method=method)
    return [row for row in read_file(name, content, mapping).rows if isinstance(row, PaymentRow)]


def test_the_command_says_what_a_file_is_and_books_it_once():
    two_invoices_due("EUR")
    path = FILES / "paypal_de.csv"
    ran = run_command("import_payments", path)
    assert (ran.named, ran.error) == ([], "")
    assert any("recognised as PayPal activity (German)." in line for line in ran.printed), ran.printed
    assert list(Transaction.objects.values_list("payment_method__name", flat=True)) == ["PayPal"] * 2
    run_command("import_payments", path)
    assert Transaction.objects.count() == 2


def test_a_currency_that_no_column_has_is_asked():
    path = FILES / "xero.csv"
    assert "Give it with --currency CODE." in run_command("import_payments", path).error
    assert run_command("import_payments", path, "--currency", "GBP", "--preview").error == ""


def test_a_format_that_staff_saved_goes_before_a_ready_one():
    saved = PaymentFileMapping.objects.create(
        name="Our ING", date_column="Datum", amount_column="Bedrag (EUR)", direction_column="Af Bij",
        incoming_values="Bij", outgoing_values="Af", currency="EUR", name_column="Naam / Omschrijving",
        payment_method=make_payment_method("ING"),
    )  # fmt: skip
    recognised = recognise("export.csv", (FILES / "ing_nl.csv").read_bytes())
    assert (recognised.mapping, recognised.ready_format) == (saved, "")


def test_a_file_in_no_format_says_which_columns_it_has(tmp_path):
    path = tmp_path / "unknown.csv"
    path.write_text("Wann,Wieviel,Wer\n2026-10-14,12.00,Ada\n")
    assert "Its columns are: Wann, Wieviel, Wer." in run_command("import_payments", path).error
