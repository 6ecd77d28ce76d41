"""manage.py import_payments: reading, matching, booking, and the same file again."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from djmoney.money import Money

from billing_admin.staff.groups import BILLING, VIEWER
from clients.models import Activity
from credits.models import CreditAccount
from invoices.models import Invoice
from invoices.services.issue import NewLine, draft_invoice
from tests.commands import Ran, run_command
from tests.factories import make_client, make_invoice, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes
from transactions.models import PaymentFileMapping, PaymentMethod, Transaction
from transactions.services.importing import read
from transactions.services.importing.match import match_payments
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

HEADER = "Date,Amount,Currency,Method,Reference,Invoice,Name,Description,Fees"

Import = Callable[..., Ran]


@pytest.fixture
def import_file(tmp_path: Path) -> Import:
    """Import these lines as `bank.csv`, below our own header unless there is another."""

    def run(*lines: str, options: tuple[str, ...] = (), header: str = HEADER, encoding: str = "utf-8") -> Ran:
        path = tmp_path / "bank.csv"
        path.write_bytes("".join(f"{line}\n" for line in (header, *lines)).encode(encoding))
        return run_command("import_payments", path, *options)

    return run


@pytest.fixture
def preview(import_file: Import) -> Callable[..., list[str]]:
    """What would become of each row; nothing is booked."""

    def run(*lines: str, **details) -> list[str]:
        options = details.pop("options", ())
        with nothing_changes():
            ran = import_file(*lines, options=(*options, "--preview"), **details)
        assert (ran.error, ran.printed[-1:]) == ("", ["Nothing was booked: this is a preview."])
        return ran.printed[:-1]

    return run


def due() -> list[str]:
    return [f"{invoice.due.amount:f}" for invoice in Invoice.objects.order_by("number")]


def test_rows_are_matched_by_number_then_by_name_and_the_rest_waits(import_file):
    acme, maria = make_client("Acme Ltd"), make_client("", first_name="Maria", last_name="Keller")
    make_invoice(acme, usd(100))
    make_invoice(maria, usd(30))
    make_invoice(acme, usd(50))
    ran = import_file(
        "2026-03-01,100.00,USD,Card,ch_1,INV-000001,,,2.90",
        "2026-03-02,30.00,USD,Bank transfer,T1,,maria KELLER,,",
        "2026-03-03,60.00,USD,Bank transfer,,,ACME Ltd.,Invoice inv 3 thanks,",
        "2026-03-04,7.00,USD,Bank transfer,T2,,Nobody,hello,",
        "2026-03-05,-5.00,USD,Bank transfer,T3,,,charges,",
    )
    assert (ran.named, ran.error) == ([], "")
    assert ran.printed == [
        "4 payments were imported from bank.csv.",
        "They come to 197.00 USD.",
        "1 payment could not be matched and waits unattached: 7.00 USD.",
        "1 row was left out: it is no payment.",
    ]
    assert due() == ["0.000", "0.000", "0.000"]
    assert CreditAccount.objects.get().balance == usd(10)
    first = Transaction.objects.get(reference="ch_1")
    assert (first.fees, first.date.isoformat(), first.client_name) == (usd("2.90"), "2026-03-01", "Acme Ltd")
    waiting = Transaction.objects.get(client_number=None)
    assert (waiting.reference, waiting.note, waiting.amount_in) == ("T2", "Nobody · hello", usd(7))
    activity = Activity.objects.filter(verb="payments.imported").get()
    assert activity.words == "4 payments of 197.00 USD imported: bank.csv"
    assert_invariants()


def test_the_same_file_again_books_nothing(import_file):
    acme = make_client("Acme Ltd")
    make_invoice(acme, usd(100))
    make_invoice(acme, usd(30))
    lines = (
        "2026-03-01,100.00,USD,Card,ch_1,INV-000001,,,",
        "2026-03-02,10.00,USD,Cash,,INV-000002,,,",
        "2026-03-02,10.00,USD,Cash,,INV-000002,,,",
        "2026-03-02,7.00,USD,Cash,,,Nobody,,",
        "2026-03-02,7.00,USD,Cash,,,Nobody,,",
    )
    import_file(*lines)
    assert (due(), Transaction.objects.count()) == (["0.000", "10.000"], 5)
    with nothing_changes():
        again = import_file(*lines)
    assert again.printed == ["5 payments are already there; nothing was changed."]
    more = import_file(*lines, lines[1])
    assert more.printed[0] == "1 payment was imported from bank.csv. 5 payments are already there."
    assert due() == ["0.000", "0.000"]
    assert_invariants()


def test_what_the_screen_booked_under_a_reference_is_known(import_file):
    acme, card = make_client("Acme Ltd"), PaymentMethod.objects.get(name="Card")
    make_invoice(acme, usd(100))
    receive_payment(client=acme, amount=usd(130), invoices=Invoice.objects.all(), payment_method=card, by=None,
                   reference="ch_1")  # fmt: skip
    with nothing_changes():
        assert import_file("2026-03-01,130.00,USD,card,ch_1,,,,").printed == [
            "1 payment is already there; nothing was changed."
        ]
        ran = import_file("2026-03-01,131.00,USD,Card,ch_1,,,,", "2026-03-01,1.00,USD,Card,,,,,")
    assert ran.named == ["Line 2: Card “ch_1” was booked before with 130.00 USD; the file says 131.00 USD."]
    assert ran.error == (
        "1 of 2 rows is bad. Nothing was imported. Mend them and import the file again, or leave them out with "
        "--skip-bad."
    )


def test_bad_rows_are_left_out_where_that_is_asked_for(import_file):
    ran = import_file("2026-03-01,x,USD,Card,,,,,", "2026-03-01,1.00,USD,Card,,,,,", options=("--skip-bad",))
    assert ran.printed[0] == "1 payment was imported from bank.csv."
    assert Transaction.objects.get().amount_in == usd(1)


# ── Matching ──


@pytest.mark.parametrize(
    ("column", "text", "found"),
    [
        ("INV-000012", "", "INV-000012"),
        ("12", "", "INV-000012"),
        ("inv 12", "", "INV-000012"),
        ("", "Re: inv-12.", "INV-000012"),
        ("", "INV000012/March", "INV-000012"),
        ("", "pay 12", ""),
        ("", "XINV-12", ""),
        ("", "INV-120", ""),
        ("99", "", ""),
        ("", "INV-2026-000011", "INV-2026-000011"),
        ("", "INV-11 and INV-12", "INV-000011, INV-000012"),
        ("INV-12,INV-11", "", "INV-000012, INV-000011"),
    ],
)
def test_invoice_numbers_are_found_as_people_write_them(preview, column, text, found):
    acme = make_client("Acme Ltd")
    for _ in range(12):
        make_invoice(acme, usd(1))
    number(acme, "INV-", 2026)
    number(acme, "INV-2026-", 11)
    due = max(1, len(found.split(", ")))
    (said,) = preview(f'2026-03-01,{due}.00,USD,Card,,"{column}",,{text},')
    if found:
        assert said == f"Line 2: pays: {found} of Acme Ltd"
    else:
        assert said == "Line 2: unattached: No invoice number is in it, and no name."


def number(acme, prefix: str, number: int) -> None:
    """Issue an invoice under a number of another series, as one for each year has."""
    draft = draft_invoice(client=acme, lines=[NewLine("Hosting", usd(1))], by=None)
    day = datetime.date(2026, 1, 1)
    Invoice.objects.filter(pk=draft.pk).update(
        status="unpaid", number_prefix=prefix, number=number, issued_on=day, due_on=day
    )


def test_why_a_row_finds_no_invoice_is_said(preview):
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    card = PaymentMethod.objects.get(name="Card")
    paid = make_invoice(acme, usd(100))
    receive_payment(client=acme, amount=usd(100), invoices=[paid], payment_method=card, by=None)
    make_invoice(acme, Money(100, "EUR"))
    make_invoice(acme, usd(40))
    make_invoice(globex, usd(40))
    said = preview(
        "2026-03-01,100.00,USD,Card,,INV-1,,,",
        "2026-03-01,100.00,USD,Card,,INV-2,,,",
        "2026-03-01,80.00,USD,Card,,INV-3 INV-4,,,",
        "2026-03-01,45.00,USD,Card,,INV-3,,,",
        "2026-03-01,45.00,USD,Card,,INV-3,Somebody Else,,",
        "2026-03-01,45.00,USD,Card,,INV-3,Globex,,",
        "2026-03-01,45.00,USD,Card,,INV-3,Acme Ltd,,",
        "2026-03-01,40.00,USD,Card,,INV-3,,,",
        "2026-03-01,41.00,USD,Card,,,Globex,,",
        "2026-03-01,40.00,USD,Card,,,Globex,,",
        "2026-03-01,40.00,USD,Card,,,Globex,,",
    )
    assert said == [
        "Line 2: unattached: INV-000001 is Paid already.",
        "Line 3: unattached: INV-000002 is in EUR.",
        "Line 4: unattached: INV-000003, INV-000004 belong to several clients.",
        "Line 5: unattached: 40.00 USD is due on INV-000003 of Acme Ltd, and nothing else says whose payment it is.",
        "Line 6: unattached: 40.00 USD is due on INV-000003 of Acme Ltd, and no client is called Somebody Else.",
        "Line 7: unattached: It speaks for Acme Ltd and for Globex.",
        "Line 8: pays: INV-000003 of Acme Ltd; 5.00 USD becomes credit",
        "Line 9: unattached: INV-000003 is paid by line 8 of this file.",
        "Line 10: unattached: No invoice number is in it, and Globex owes no invoice of 41.00 USD.",
        "Line 11: pays: INV-000004 of Globex, by name and amount",
        "Line 12: unattached: No invoice number is in it, and Globex owes no invoice of 40.00 USD.",
    ]


def test_of_several_invoices_of_one_amount_the_oldest_is_paid_first(preview):
    acme, twins = make_client("Acme Ltd"), [make_client("Twin Ltd") for _ in range(2)]
    for owner in (acme, acme, *twins):
        make_invoice(owner, usd(40))
    said = preview(
        "2026-03-01,40.00,USD,Card,,,ACME LTD,,",
        "2026-03-02,40.00,USD,Card,,,Acme Ltd,,",
        "2026-03-01,40.00,USD,Card,,,Twin Ltd,,",
    )
    assert said == [
        "Line 2: pays: INV-000001 of Acme Ltd, by name and amount",
        "Line 3: pays: INV-000002 of Acme Ltd, by name and amount",
        "Line 4: unattached: Several clients are called Twin Ltd.",
    ]


def test_rows_that_share_invoices_are_booked_as_they_come(import_file):
    acme = make_client("Acme Ltd")
    for amount in (100, 100):
        make_invoice(acme, usd(amount))
    ran = import_file(
        "2026-03-01,120.00,USD,Card,a,INV-1 INV-2,Acme Ltd,,",
        "2026-03-02,30.00,USD,Card,b,INV-2,Acme Ltd,,",
        "2026-03-03,60.00,USD,Card,c,INV-2,Acme Ltd,,",
    )
    assert ran.printed == ["3 payments were imported from bank.csv.", "They come to 210.00 USD."]
    assert (due(), CreditAccount.objects.get().balance) == (["0.000", "0.000"], usd(10))
    assert_invariants()


def test_the_queries_do_not_grow_with_the_rows():
    acme = make_client("Acme Ltd")
    for _ in range(20):
        make_invoice(acme, usd(40))

    def queries(count: int) -> int:
        lines = [
            f"2026-03-01,40.00,USD,Card,r{n},{f'INV-{n}' if n % 2 else ''},Acme Ltd,," for n in range(1, count + 1)
        ]
        rows = read.read_payments("f", "\n".join([HEADER, *lines]).encode(), read.OWN_FORMAT).rows
        with CaptureQueriesContext(connection) as captured:
            matches = list(match_payments(rows))
        assert {match.outcome for match in matches} == {"pays"}
        return len(captured)

    assert queries(2) == queries(20)


# ── Reading: a saved format, and what is no payment ──


def bank_format(**details) -> PaymentFileMapping:
    return PaymentFileMapping.objects.create(
        **{
            "name": "House bank",
            "delimiter": ";",
            "date_order": "dmy",
            "decimal_sign": ",",
            "encoding": "cp1252",
            "date_column": "Buchungstag",
            "amount_column": "Betrag",
            "name_column": "Auftraggeber",
            "text_column": "Verwendungszweck",
            "payment_method": PaymentMethod.objects.get(name="Bank transfer"),
            "currency": "EUR",
            **details,
        }
    )


def test_an_export_is_read_as_its_saved_format_says(import_file):
    bank_format()
    make_invoice(make_client("Müller & Söhne"), Money("1234.50", "EUR"))
    ran = import_file(
        "28.02.2026;Müller & Söhne;INV-000001;1.234,50;x",
        '01.03.2026;Jemand;"zwei',
        'Zeilen";0,07;x',
        header="Buchungstag;Auftraggeber;Verwendungszweck;Betrag;Saldo",
        options=("--format", "house BANK"),
        encoding="cp1252",
    )
    assert (ran.named, ran.error) == ([], "")
    assert ran.printed[1] == "They come to 1,234.57 EUR."
    assert due() == ["0.000"]
    row = Transaction.objects.get(client_number=None)
    assert (row.note, row.amount_in) == ("Jemand · zwei Zeilen", Money("0.07", "EUR"))


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("12.50", "“12.50” is not an amount with a decimal comma."),
        ("1,5,0", "“1,5,0” is not an amount"),
        ("1.23,45", "“1.23,45” is not an amount"),
        ("0,001", "EUR has 2 decimal places; “0,001” has more."),
        ("NaN", "“NaN” is not an amount"),
        ("Infinity", "“Infinity” is not an amount"),
        ("1e400", "“1e400” is not an amount"),
        ("9" * 20, "is not an amount"),
        ("", "Betrag is empty."),
    ],
)
def test_what_is_no_amount_of_the_format_is_a_bad_row(import_file, amount, said):
    bank_format()
    with nothing_changes():
        ran = import_file(f"28.02.2026;a;b;{amount}", header="Buchungstag;Auftraggeber;Verwendungszweck;Betrag",
                          options=("--format", "House bank"))  # fmt: skip
    assert ran.exit_code == 1
    assert said in ran.named[0]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('2026-03-01,"1,5",USD,Card,,,,,', "is not an amount"),
        ("2026-03-01,0.5,JPY,Card,,,,,", "JPY has no decimal places; “0.5” has more."),
        ("2026-03-01,5,XXX,Card,,,,,", "“XXX” is not a currency in use."),
        ("2026-03-01,5,,Card,,,,,", "The row has no currency, and its format names none."),
        ("2026-03-01,5,USD,,,,,,", "The row has no payment method, and its format names none."),
        ("2026-03-01,5,USD,Barter,,,,,", "There is no payment method “Barter”."),
        ("01.03.2026,5,USD,Card,,,,,", "Date “01.03.2026” is not a date that can be read (year, month, day)."),
        (",5,USD,Card,,,,,", "Date is empty."),
        ("2999-01-01,5,USD,Card,,,,,", "1 Jan 2999 (“2999-01-01”) is yet to come."),
        ("2026-03-01,5,USD,Card,,,,,5.01", "Fees of 5.01 USD do not fit a payment of 5.00 USD."),
        ("2026-03-01,5,USD,Card,,,,,-1", "Fees are “-1”. Say in the format that fees have a minus, if so."),
        ("2026-03-01,5,USD,Card,,,,a\x07b,", "Description has a control character in it."),
    ],
)
def test_a_row_that_cannot_be_read_is_named_with_its_line(import_file, line, said):
    with nothing_changes():
        ran = import_file("2026-03-01,1,USD,Card,,,,,", line)
    assert ran.exit_code == 1
    assert ran.named[0].startswith("Line 3: ")
    assert said in ran.named[0]


def test_a_reference_that_is_twice_in_the_file_is_bad(import_file):
    ran = import_file("2026-03-01,1,USD,Card,a,,,,", "2026-03-01,1,USD,Card,a,,,,", "2026-03-01,1,USD,Cash,a,,,,")
    assert ran.named == ["Line 3: Reference “a” is on line 2 already."]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (
            "Day,Amount,Method",
            (
                "“Date”, “Currency” are missing in the header of bank.csv. Its columns are: Day, Amount, Method. "
                "The format “Billing Admin” does not fit it: choose another (on the page; --format NAME), or make one "
                "with Add File Format."
            ),
        ),
        ("Date,Amount,Currency,Method,amount", "The header of bank.csv is not right: “Amount” is there 2 times."),
        ("Date,Amount,Currency,Method", "bank.csv has a header and no rows: there is nothing to import."),
    ],
)
def test_a_file_that_does_not_fit_is_refused(import_file, header, said):
    with nothing_changes():
        assert import_file(header=header).error == said


@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_the_separator_is_told_by_looking(import_file, separator, quote):
    header, line = (
        separator.join(f"{quote}{cell}{quote}" for cell in cells.split(","))
        for cells in ("Date,Amount,Currency,Method", "2026-03-01,1.00,USD,Card")
    )
    ran = import_file(line, header=header)
    assert (ran.error, ran.printed[0]) == ("", "1 payment was imported from bank.csv.")


def test_a_file_in_another_character_set_is_read_and_that_is_said(import_file):
    ran = import_file("2026-03-01,1,USD,Card,,,Müller &amp; Co,,", encoding="cp1252")
    assert ran.printed[-2:] == ["The file was read as CP1252.", "1 cell was mended; --preview lists them."]
    assert Transaction.objects.get().payer_name == "Müller & Co"


@pytest.mark.parametrize(
    ("line", "option", "said"),
    [
        (
            "03/04/2026;1",
            ("--date-order", "dmy"),
            (
                "“03/04/2026” on line 2 of bank.csv is 3 Apr 2026 or 4 Mar 2026. Say which it is: --date-order dmy or "
                "--date-order mdy. Nothing was booked."
            ),
        ),
        (
            "2026-03-01;1,234",
            ("--decimal-sign", "."),
            (
                "“1,234” on line 2 of bank.csv is 1234.0 or 1.234. Say which it is: --decimal-sign . or "
                "--decimal-sign ,. Nothing was booked."
            ),
        ),
    ],
)
def test_what_a_file_leaves_open_is_asked_with_the_flag_to_give(import_file, line, option, said):
    bank_format(date_order="", decimal_sign="", name_column="", text_column="")
    read_by = {"header": "Buchungstag;Betrag", "options": ("--format", "House bank")}
    with nothing_changes():
        assert import_file(line, **read_by).error == said
    read_by["options"] += option
    assert import_file(line, **read_by).error == ""
    assert str(Transaction.objects.get().date) in ("2026-04-03", "2026-03-01")


def test_the_method_is_given_where_neither_file_nor_format_says_it(import_file):
    asked = import_file("2026-03-01,1,USD", header="Date,Amount,Currency", options=("--method", "Barter"))
    assert asked.error == (
        "There is no payment method “Barter”. There are: Bank transfer, Card, PayPal, Cash. Nothing was booked."
    )
    ran = import_file("2026-03-01,1,USD,", header="Date,Amount,Currency,Method", options=("--method", "cash"))
    assert (ran.error, Transaction.objects.get().payment_method.name) == ("", "Cash")


def test_rows_that_resemble_others_are_matched_where_that_is_accepted(import_file):
    make_invoice(make_client("Acme Ltd"), usd(100))
    import_file("2026-03-01,100.00,USD,Cash,,,Acme Ltd,first,")
    make_invoice(make_client("Globex Inc"), usd(100))
    again = "2026-03-01,100.00,USD,Cash,,INV-000002,Acme Ltd,second,"
    assert import_file(again, options=("--preview",)).printed[0].startswith("Line 2: resembles another: It resembles")
    assert due() == ["0.000", "100.000"]
    accepted = import_file(again, options=("--preview", "--accept-similar"))
    assert accepted.printed[0].startswith("Line 2: unattached: ")


def test_an_unknown_format_is_refused_with_those_that_there_are(import_file):
    bank_format()
    ran = import_file("x", options=("--format", "Other"))
    assert ran.error == "There is no file format “Other”. Saved are: House bank. Nothing was booked."


def test_who_imports_needs_the_right_to_record_payments(import_file):
    make_staff(VIEWER, username="vic")
    make_staff(BILLING, username="bo")
    line = "2026-03-01,1,USD,Card,,,,,"
    assert "transactions.record_payment is missing" in import_file(line, options=("--as", "vic")).error
    assert import_file(line, options=("--as", "bo")).error == ""
    assert Transaction.objects.get().created_by_name == "bo"
