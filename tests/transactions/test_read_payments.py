"""Files of banks and gateways as they are: what counts as a payment, and how its cells are read."""

import datetime
from decimal import Decimal

import pytest

from billing_admin.csv_files.open_questions import NeedsAnswer
from billing_admin.csv_files.rows import BadRow
from tests.factories import make_payment_method
from transactions.models import PaymentFileMapping
from transactions.services.importing.read import answered, read_payments
from transactions.services.importing.rows import LeftOut, PaymentRow, ReadFile

pytestmark = pytest.mark.django_db


def format_with(**columns) -> PaymentFileMapping:
    """A saved format of a column Date, one Amount, in EUR, unless said otherwise."""
    usual = {
        "name": "Bank",
        "date_column": "Date",
        "amount_column": "Amount",
        "currency": "EUR",
        "payment_method": make_payment_method("Bank"),
    }
    return PaymentFileMapping.objects.create(**usual | columns)


def read(text: str | bytes, mapping: PaymentFileMapping) -> ReadFile:
    return read_payments("bank.csv", text.encode() if isinstance(text, str) else text, mapping)


def told(rows: list) -> list[str]:
    """`12.50` of a payment, `left out: …` or `bad: …` with the reason."""
    return [
        f"{row.amount.amount}"
        if isinstance(row, PaymentRow)
        else f"{'left out' if isinstance(row, LeftOut) else 'bad'}: {row.reason}"
        for row in rows
    ]


def test_rows_that_failed_or_are_no_payments_are_left_out_with_the_reason():
    mapping = format_with(
        status_column="Status", paid_statuses="Paid; Succeeded", other_statuses="Failed;Pending;Refunded",
        type_column="Type", payment_types="charge", other_types="*",
    )  # fmt: skip
    text = (
        "Date,Amount,Status,Type\n2026-03-01,10.00,paid,Charge\n2026-03-01,11.00,Failed,charge\n"
        "2026-03-01,12.00, Pending ,charge\n2026-03-01,nonsense,Refunded,charge\n"
        "2026-03-01,13.00,Paid,Currency conversion\n2026-03-01,14.00,on hold,charge\n2026-03-01,15.00,,charge\n"
    )
    unsaid = (
        "bad: Status is {}, and the format does not say what that means. Add it to the values of this column that are "
        "payments or to those that are not."
    )
    assert told(read(text, mapping).rows) == [
        "10.00",
        "left out: Its status is “Failed”.",
        "left out: Its status is “Pending”.",
        "left out: Its status is “Refunded”.",
        "left out: It is “Currency conversion”, no payment.",
        unsaid.format("“on hold”"),
        unsaid.format("empty"),
    ]


def test_a_direction_of_out_is_left_out():
    mapping = format_with(
        direction_column="Af Bij", incoming_values="Bij", outgoing_values="Af", amount_column="Bedrag"
    )
    text = '"Date";"Af Bij";"Bedrag"\n"20260301";"Bij";"1.234,50"\n"20260302";"Af";"9,99"\n"20260303";"Bij";"-3,00"\n'
    assert told(read(text, mapping).rows) == [
        "1234.50",
        "left out: It is money that went out (“Af”).",
        "left out: 3.00 EUR went out; only money that came in is booked.",
    ]


def test_columns_of_money_in_and_out_make_no_bad_rows():
    mapping = format_with(amount_column="", credit_column="In", debit_column="Out")
    text = (
        "Date,In,Out\n2026-03-01,10.00,\n2026-03-02,,5.00\n2026-03-03,0.00,0.00\n2026-03-04,,-6.00\n2026-03-05,1.00,1.00\n"
        ",,\n"
    )
    assert told(read(text, mapping).rows) == [
        "10.00",
        "left out: 5.00 EUR went out; only money that came in is booked.",
        "left out: The amount is zero.",
        "left out: 6.00 EUR went out; only money that came in is booked.",
        "bad: In and Out both have an amount.",
    ]


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("+12.50", "12.50"),
        ("1'240.00", "1240.00"),
        ("$12.50", "12.50"),
        ("USD 12.50", "12.50"),
        ("1 240.00", "1240.00"),
        ("(12.50)", None),
        ("12.50-", None),
        ("−12.50", None),
        ("12.50 DR", None),
    ],
)
def test_amounts_are_read_as_they_are_spelled(cell, amount):
    (row,) = read(f'Date,Amount\n2026-03-01,"{cell}"\n', format_with(currency="USD")).rows
    assert told([row]) == [amount or "left out: 12.50 USD went out; only money that came in is booked."]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("12.5.0", "Amount “12.5.0” is not an amount with a decimal point."),
        ("12.505", "EUR has 2 decimal places; “12.505” has more."),
        ("$12.50", "The amount is in $, and the currency of the row is EUR."),
    ],
)
def test_what_cannot_be_read_is_quoted_as_it_stands(cell, said):
    rows = read(f"Date,Amount\n2026-03-01,{cell}\n2026-03-01,1.00\n", format_with(decimal_sign=".")).rows
    assert told(rows) == [f"bad: {said}", "1.00"]
    assert isinstance(rows[0], BadRow)
    assert rows[0].line == 2


def test_currencies_are_read_in_any_case_and_by_their_sign():
    mapping = format_with(currency="", currency_column="Currency")
    text = "Date,Amount,Currency\n2026-03-01,1.00,usd\n2026-03-01,2.00,€\n2026-03-01,3.00,xxx\n2026-03-01,4.00 GBP,\n"
    rows = read(text, mapping).rows
    assert [row.amount.currency.code for row in rows if isinstance(row, PaymentRow)] == ["USD", "EUR", "GBP"]
    assert told(rows)[2] == "bad: “xxx” is not a currency in use."


def test_negative_fees_are_fees_where_the_format_says_so():
    text = "Date,Amount,Fee\n2026-03-01,10.00,-0.65\n2026-03-01,5.00,0.00\n"
    mapping = format_with(fees_column="Fee", fees_negative=True)
    assert [row.fees.amount for row in read(text, mapping).rows] == [Decimal("0.65"), Decimal(0)]
    mapping.fees_negative = False
    assert (
        told(read(text, mapping).rows)[0] == "bad: Fees are “-0.65”. Say in the format that fees have a minus, if so."
    )


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["2021-02-03 13:12"], ["2021-02-03"]),
        (["2/3/21", "2/13/21"], ["2021-02-03", "2021-02-13"]),
        (["03-02-2021", "13-02-2021"], ["2021-02-03", "2021-02-13"]),
        (["31.12.20"], ["2020-12-31"]),
        (["3 Feb 2021"], ["2021-02-03"]),
        (["2021-02-03T23:30:00-02:00"], ["2021-02-04"]),
    ],
)
def test_the_order_of_dates_is_told_by_the_whole_column(cells, days):
    rows = read("Date,Amount\n" + "".join(f"{cell},1.00\n" for cell in cells), format_with()).rows
    assert [row.on.isoformat() for row in rows] == days


def test_an_open_date_is_asked_and_read_as_answered():
    mapping, text = format_with(), "Date,Amount\n03/04/2021,1.00\n05/05/2021,1.00\n"
    with pytest.raises(NeedsAnswer) as asked:
        read(text, mapping)
    assert (asked.value.question, str(asked.value)) == (
        "date_order", "“03/04/2021” on line 2 of bank.csv is 3 Apr 2021 or 4 Mar 2021.",
    )  # fmt: skip
    (first, _) = read(text, answered(mapping, date_order="mdy")).rows
    assert first.on == datetime.date(2021, 3, 4)


def test_an_open_decimal_sign_is_asked_and_read_as_answered():
    mapping, text = format_with(), "Date;Amount\n2026-03-01;1,234\n2026-03-01;2\n"
    with pytest.raises(NeedsAnswer) as asked:
        read(text, mapping)
    assert (asked.value.question, asked.value.choices) == ("decimal_sign", [(".", "1234.0"), (",", "1.234")])
    assert told(read(text, answered(mapping, decimal_sign=".")).rows) == ["1234.00", "2.00"]
    assert told(read(text + "2026-03-01;7,5\n", mapping).rows)[0].startswith("bad: EUR has 2 decimal places")


def test_lines_before_the_header_and_at_the_end_are_no_rows():
    mapping = format_with(lines_at_end=1)
    text = "Account;DE00\nFrom;2026-03-01\n\nDate;Amount\n2026-03-01;1,50\n2026-03-02;2,50\nTotal;4,00\n"
    rows = read(text, mapping).rows
    assert told(rows) == ["1.50", "2.50"]
    assert [row.line for row in rows] == [5, 6]
    mapping.lines_before_header = 3
    assert told(read(text, mapping).rows) == ["1.50", "2.50"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("said", ["", "utf-8", "cp1252"])
def test_the_character_set_is_told_by_the_bytes(encoding, said):
    mapping = format_with(name_column="Name", encoding=said)
    found = read("Date,Amount,Name\n2026-03-01,1.00,Jürgen Müller\n".encode(encoding), mapping)
    assert [row.name for row in found.rows] == ["Jürgen Müller"]
    assert found.encoding.startswith(encoding.removesuffix("-sig"))
    assert not found.mended_count


def test_garbled_cells_are_mended_and_listed():
    mapping = format_with(name_column="Name", text_column="Text")
    text = "Date,Amount,Name,Text\n2026-03-01,1.00,MÃ¼ller,Smith &amp; Sons&#039; bill\n2026-03-01,2.00,Ann,plain\n"
    found = read(text, mapping)
    assert [(row.name, row.text) for row in found.rows] == [("Müller", "Smith & Sons' bill"), ("Ann", "plain")]
    assert [(cell.line, cell.was, cell.now) for cell in found.mended] == [
        (2, "MÃ¼ller", "Müller"),
        (2, "Smith &amp; Sons&#039; bill", "Smith & Sons' bill"),
    ]


def test_the_payers_account_and_reference_stand_beside_the_id():
    mapping = format_with(id_column="ID", payer_reference_column="Ref", account_column="IBAN")
    (row,) = read("Date,Amount,ID,Ref,IBAN\n2026-03-01,1.00,tx_1,RENT,DE89 3704 0044\n", mapping).rows
    assert (row.reference, row.payer_reference, row.account) == ("tx_1", "RENT", "DE8937040044")


def test_a_row_with_more_values_than_columns_is_bad():
    rows = read("Date;Amount;Name\n2026-03-01;1.00;Smith &amp; Sons\n2026-03-01;2.00;Ann;\n", format_with()).rows
    assert told(rows) == ["bad: The row has 4 values and the header 3 columns. Is a value not in quotes?", "2.00"]
