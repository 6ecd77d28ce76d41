"""Which rows of a file were booked before, whatever their format says by then."""

import hashlib
import json
from collections import Counter

import pytest

from tests.factories import make_client, make_invoice, make_payment_method, usd
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes, refused
from transactions.models import FormerPaymentFormat, PaymentFileMapping, PaymentMethod, Transaction
from transactions.services.importing.book import import_payments, preview_payments
from transactions.services.importing.formats.saved import confirm_ids, delete_format, save_format
from transactions.services.importing.read import OWN_FORMAT
from transactions.services.importing.record_keys import LINE_DIGITS, key_of
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

HEADER = "Date;Amount;Name;Text;Ref\n"
OCTOBER = HEADER + (
    "01.10.2026;20,00;Müller;EXAMPLE HOSTING;A1\n01.10.2026;20,00;Müller;EXAMPLE HOSTING;A1\n"
    '02.10.2026;30,00;"Globex; Inc";"two\nlines";A2\n'
)


@pytest.fixture
def bank() -> PaymentFileMapping:
    return save_format(mapping=bank_format(), by=None)


def bank_format(**columns) -> PaymentFileMapping:
    method = PaymentMethod.objects.filter(name="Bank").first() or make_payment_method("Bank")
    usual = {
        "name": "Bank",
        "date_column": "Date",
        "amount_column": "Amount",
        "currency": "USD",
        "payment_method": method,
    }
    return PaymentFileMapping(**usual | columns)


def book(text: str, mapping: PaymentFileMapping, **options):
    return import_payments(name="bank.csv", content=text.encode(), mapping=mapping, by=None, **options)


def outcomes(text: str, mapping: PaymentFileMapping, **options) -> list[str]:
    run = preview_payments(name="bank.csv", content=text.encode(), mapping=mapping, **options)
    return [str(match.outcome) for match in run.matches]


@pytest.mark.parametrize(
    "changes",
    [
        {"text_column": "Text"},
        {"name_column": "Name", "text_column": "Text"},
        {"payer_reference_column": "Ref"},
        {"payment_method": "Other bank"},
        {"encoding": "cp1252"},
        {"delimiter": ","},
        {"lines_before_header": 0},
        {"date_order": "dmy", "decimal_sign": ","},
        {"currency": "EUR"},
        {"amount_column": "", "credit_column": "Amount"},
        {"fees_column": "", "name_column": "Text", "invoice_column": "Name"},
    ],
    ids=lambda changes: ", ".join(changes),
)
def test_no_change_of_the_format_books_a_row_again(bank, changes):
    assert book(OCTOBER, bank).imported == 3
    if name := changes.get("payment_method"):
        changes = {"payment_method": make_payment_method(name)}
    for name, value in changes.items():
        setattr(bank, name, value)
    save_format(mapping=bank, by=None)
    with nothing_changes():
        assert outcomes(OCTOBER, bank) == ["already"] * 3


def test_a_format_deleted_and_made_anew_books_nothing_again(bank):
    book(OCTOBER, bank)
    delete_format(mapping=bank, by=None)
    assert (
        outcomes(OCTOBER, save_format(mapping=bank_format(name="New", text_column="Text"), by=None)) == ["already"] * 3
    )


def test_a_line_is_the_same_in_any_file_as_often_as_it_was_booked(bank):
    book(HEADER + "01.10.2026;20,00;Ann;x;1\n", bank)
    later = HEADER + "01.09.2026;1,00;Bob;y;0\n" + "01.10.2026;20,00;Ann;x;1\n" * 2
    assert outcomes(later, bank) == ["unattached", "already", "unattached"]


def test_the_same_words_a_month_later_are_a_new_payment(bank):
    bank.payer_reference_column = "Text"
    book(OCTOBER, bank)
    assert outcomes(OCTOBER.replace(".10.", ".11."), bank) == ["unattached"] * 3


def test_an_unconfirmed_id_that_comes_again_is_asked_and_never_skipped(bank):
    PaymentFileMapping.objects.filter(pk=bank.pk).update(id_column="Text", id_confirmed=False)
    bank.refresh_from_db()
    book(HEADER + "01.10.2026;20,00;Ann;EXAMPLE HOSTING;1\n", bank)
    november = HEADER + "01.11.2026;20,00;Ann;EXAMPLE HOSTING;1\n"
    assert outcomes(november, bank) == ["bad"]
    confirm_ids(mapping=bank, never_twice=False, by=None)
    assert (bank.id_column, bank.payer_reference_column, bank.id_confirmed) == ("", "Text", True)
    assert outcomes(november, bank) == ["unattached"]


def test_an_id_a_month_later_is_bad_and_within_days_is_known():
    mapping = bank_format(id_column="Ref")
    book(HEADER + "02.10.2026;20,00;Ann;x;A1\n", mapping)
    assert outcomes(HEADER + "01.10.2026;20,00;Ann;x;A1\n", mapping) == ["already"]
    assert outcomes(HEADER + "13.11.2026;20,00;Ann;x;A1\n", mapping) == ["bad"]


def test_a_row_that_resembles_another_line_waits_unless_accepted(bank):
    acme = make_client("Acme Ltd")
    make_invoice(acme, usd(20))
    make_invoice(acme, usd(20))
    bank.name_column = "Name"
    book(HEADER + "01.10.2026;20,00;Acme Ltd;x;1\n", bank)
    other = HEADER + "01.10.2026;20,00;ACME ltd;x;2\n"
    assert outcomes(other, bank) == ["resembles another"]
    assert outcomes(other, bank, accept_similar=True) == ["pays"]
    book(other, bank)
    waiting = Transaction.objects.get(client_number=None)
    assert waiting.description.startswith("Payment, not attached yet. It resembles Transaction ")
    assert outcomes(HEADER + "02.10.2026;5,00;Bob;x;1\n02.10.2026;5,00;Bob;x;2\n", bank) == [
        "unattached", "resembles another",
    ]  # fmt: skip
    assert_invariants()


def test_what_0_1_0_booked_is_known_by_its_formats(bank):
    """By the hash of what it read, and with a reference by that, the day and the amount."""
    former = {
        "name": "Bank", "delimiter": ";", "encoding": "utf-8", "date_format": "%d.%m.%Y", "decimal_comma": True,
        "date_column": "Date", "amount_column": "Amount", "reference_column": "", "invoice_column": "",
        "name_column": "Name", "text_column": "Text", "fees_column": "", "currency_column": "", "method_column": "",
        "currency": "USD", "payment_method_id": bank.payment_method_id,
    }  # fmt: skip
    FormerPaymentFormat.objects.create(columns=former)
    FormerPaymentFormat.objects.create(columns=former | {"name": "By reference", "reference_column": "Ref"})
    # Its hash of this row, taken down from 0.1.0.
    key = former_hash(bank.payment_method_id, "2026-10-01", "20.00", "0", "USD", "", "Müller", "EXAMPLE HOSTING")
    receive_payment(amount=usd(20), payment_method=bank.payment_method, by=None, on="2026-10-01", file_key=key)
    receive_payment(amount=usd(30), payment_method=bank.payment_method, by=None, on="2026-10-02", reference="A2")
    # The second of the equal lines says of whom it is as little as what was booked does.
    assert outcomes(OCTOBER, bank) == ["already", "resembles another", "already"]
    FormerPaymentFormat.objects.all().delete()
    assert outcomes(OCTOBER, bank) == ["resembles another", "resembles another", "unattached"]


def former_hash(*parts) -> str:
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()


def test_more_equal_lines_than_four_digits_count_have_keys_of_their_own():
    seen: Counter[bytes] = Counter()
    keys = [key_of(b"2026-03-02,5.00,USD,Cash", seen) for _ in range(0x10002)]
    assert len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {64}
    assert keys[0][:LINE_DIGITS] == keys[0xFFFE][:LINE_DIGITS]


def test_a_part_payment_without_a_payer_resembles_itself_in_quotes():
    acme = make_client("Acme Ltd")
    invoice = make_invoice(acme, usd(30))
    make_payment_method("Cash register")
    rows = f"Date,Amount,Currency,Method,Invoice\n2026-03-02,10.00,USD,Cash register,{invoice.label}\n"
    book(rows, OWN_FORMAT)
    again = rows.replace("10.00", '"10.00"')
    assert outcomes(again, OWN_FORMAT) == ["resembles another"]
    book(again, OWN_FORMAT)
    invoice.refresh_from_db()
    assert (invoice.due, Transaction.objects.filter(invoice=invoice).count()) == (usd(20), 1)
    assert_invariants()


def test_an_id_that_is_booked_elsewhere_meanwhile_is_told_in_words():
    invoice = make_invoice(make_client("Acme Ltd"), usd(30))
    card = PaymentMethod.objects.get(name="Card")

    def callback(doing, done, total):
        if doing.startswith("Booking"):
            receive_payment(amount=usd(5), payment_method=card, by=None, reference="ch_2")

    rows = (
        "Date,Amount,Currency,Method,Reference,Invoice\n"
        f"2026-03-02,30.00,USD,Card,ch_1,{invoice.label}\n2026-03-02,5.00,USD,Card,ch_2,\n"
    )
    with refused(
        "A payment of the file was booked elsewhere at this moment. Nothing of the file was booked. Try again."
    ):
        book(rows, OWN_FORMAT, progress=callback)
