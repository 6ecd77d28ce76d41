"""manage.py import_clients"""

import datetime
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.utils import timezone

from billing_admin.staff.groups import BILLING, VIEWER
from clients.models import Activity, Client, ClientDeletion, ClientGroup, ClientNumberAlias
from clients.services.importing import staging
from clients.services.profile import edit_client
from tests.commands import Ran, run_command
from tests.factories import make_client, make_staff
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parents[3] / "shared/data/cdnow_sample/clients.csv"
HEADER = "Client ID,First Name,Last Name,Company Name,Email Address,Country,Currency,Status,Creation Date"
ADA = "7001,Ada,Lovelace,,ada@example.com,GB,GBP,Active,2020-02-29"
BLAISE = "7002,Blaise,Pascal,,blaise@example.com,FR,EUR,Active,2021-01-31"

Import = Callable[..., Ran]


@pytest.fixture(autouse=True)
def numbers_from_1(db):
    """A sequence stays where the test before has left it, which may be just before a number of these files."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('client_number_seq', 1, false)")


@pytest.fixture
def import_file(tmp_path: Path) -> Import:
    """Import the bytes, or the lines of text, as `clients.csv`."""

    def run(*lines: str | bytes, options: tuple[str, ...] = ()) -> Ran:
        path = tmp_path / "clients.csv"
        path.write_bytes(b"".join(line if isinstance(line, bytes) else f"{line}\n".encode() for line in lines))
        return run_command("import_clients", path, *options)

    return run


def last_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM client_number_seq")
        return cursor.fetchone()[0]


def test_the_sample_is_imported_and_the_second_time_changes_nothing():
    if not SAMPLE.exists():
        pytest.skip(f"the sample data are not beside the repository: {SAMPLE}")
    assert run_command("import_clients", SAMPLE) == Ran(["2,357 clients were imported from clients.csv."], [], "", 0)
    assert Client.objects.count() == 2357
    first = Client.objects.get(number=1)
    assert (first.name, first.email, first.currency) == ("Customer 0001", "customer0001@example.com", "USD")
    assert Activity.objects.filter(verb="client.imported").count() == 2357
    with nothing_changes():
        again = run_command("import_clients", SAMPLE)
    assert again == Ran(["2,357 clients are already there; nothing was changed."], [], "", 0)


def test_every_profile_field_arrives(import_file):
    ClientGroup.objects.create(name="Wholesale")
    ran = import_file(
        "client id, EMAIL ADDRESS ,Company Name,First Name,Last Name,Phone,Tax ID,Address,Address 2,City,Region,"
        "Postcode,Country,Currency,Status,Group,Tax Exempt,Automatic Credit,Language,Creation Date",
        '7001,ada@example.com,"Engines, Ltd",Ada,Lovelace,+44 20 1,GB123,1 Mill Lane,Flat 2,London,Greater London,'
        "N1 1AA,gb,GBP,inactive,Wholesale,Yes,only if it covers the whole invoice,en,1943-09-05",
        "7002,,Ünïcode شركة,,,,,,,,,,,JPY,,Retail,no,never,,",
        "7003,,,,Pascal,,,,,,,,,EUR,Closed,Retail,,,,",
    )
    assert ran == Ran(
        ["3 clients were imported from clients.csv.", "1 client group had to be added: Retail."], [], "", 0
    )
    ada, unicode, pascal = Client.objects.order_by("number")
    assert {field.name: getattr(ada, field.name) for field in Client._meta.fields if field.name[-3:] != "_at"} == {
        "id": ada.pk,
        "number": 7001,
        "first_name": "Ada",
        "last_name": "Lovelace",
        "company_name": "Engines, Ltd",
        "name": "Engines, Ltd",
        "email": "ada@example.com",
        "phone": "+44 20 1",
        "tax_id": "GB123",
        "address_1": "1 Mill Lane",
        "address_2": "Flat 2",
        "city": "London",
        "region": "Greater London",
        "postcode": "N1 1AA",
        "country": "GB",
        "currency": "GBP",
        "status": "inactive",
        "group": ClientGroup.objects.get(name="Wholesale"),
        "tax_exempt": True,
        "tax_rate": None,
        "credit_use": "whole",
        "po_number": "",
        "registration": "",
        "electronic_scheme": "",
        "electronic_address": "",
        "buyer_reference": "",
        "exemption": "",
        "exemption_reason": "",
        "e_invoice": "",
        "no_mail": False,
        "reminders_paused_until": None,
        "custom": {},
        "language": "en",
        "search_text": "ADA LOVELACE ENGINES, LTD ADA@EXAMPLE.COM",
        "sort_name": "ENGINES, LTD",
    }
    assert ada.created_at == datetime.datetime(1943, 9, 5, tzinfo=datetime.UTC)
    assert (unicode.name, unicode.status, unicode.credit_use, unicode.tax_exempt) == (
        "Ünïcode شركة", "active", "never", False,
    )  # fmt: skip
    assert timezone.localdate(unicode.created_at) == timezone.localdate()
    assert (pascal.name, pascal.status, pascal.group, pascal.credit_use) == ("Pascal", "closed", unicode.group, "")
    assert [activity.summary for activity in ada.activities.all()] == ["Client Engines, Ltd imported"]
    assert [activity.note for activity in ada.activities.all()] == ["clients.csv"]
    file = Activity.objects.get(client=None)
    assert (file.verb, file.words, file.actor_name) == (
        "clients.imported", "3 clients imported: clients.csv", "System",
    )  # fmt: skip
    assert file.data == {"imported": 3, "already_there": 0, "left_out": 0}


def test_a_file_with_old_and_new_rows_adds_the_new_ones(import_file):
    import_file(HEADER, ADA)
    ran = import_file(HEADER, ADA, BLAISE)
    assert ran == Ran(["1 client was imported from clients.csv. 1 client is already there."], [], "", 0)
    assert list(Client.objects.order_by("number").values_list("number", flat=True)) == [7001, 7002]


def test_clients_are_added_in_several_chunks(import_file, monkeypatch):
    monkeypatch.setattr(staging, "CHUNK", 2)
    ran = import_file(HEADER, *(ADA.replace("7001", str(number)) for number in range(7001, 7008)))
    assert ran.printed == ["7 clients were imported from clients.csv."]
    assert list(Client.objects.order_by("pk").values_list("number", flat=True)) == list(range(7001, 7008))


def test_a_client_with_other_values_is_a_bad_row_that_says_which(import_file):
    import_file(HEADER, ADA)
    ada = Client.objects.get(number=7001)
    edit_client(client=ada, by=None, status="closed", company_name="Engines", country="")
    with nothing_changes():
        ran = import_file(HEADER, ADA, BLAISE)
    assert ran.named == [
        (
            "Line 2: Client 7001 exists with other values: Company Name is “Engines” here and empty in the file; "
            "Country is empty here and “GB” in the file; Status is “Closed” here and “Active” in the file."
        )
    ]
    assert ran.error == (
        "1 of 2 rows is bad. Nothing was imported. Mend them and import the file again, or leave them out with "
        "--skip-bad."
    )


def test_an_empty_status_or_creation_date_is_not_compared(import_file):
    import_file(HEADER, ADA)
    Client.objects.update(status="closed")
    with nothing_changes():
        ran = import_file(HEADER, "7001,Ada,Lovelace,,ada@example.com,GB,GBP,,")
    assert ran.printed == ["1 client is already there; nothing was changed."]


def test_the_creation_date_is_a_day_of_the_time_zone_in_force(import_file, settings):
    settings.TIME_ZONE = "America/New_York"
    import_file(HEADER, ADA)
    assert Client.objects.get().created_at == datetime.datetime(2020, 2, 29, 5, tzinfo=datetime.UTC)
    assert import_file(HEADER, ADA).printed == ["1 client is already there; nothing was changed."]


BAD_ROWS = {
    ",Ada,,,,,USD,,": "Client ID is empty.",
    "x1,Ada,,,,,USD,,": "Client ID “x1” is not a number. Use digits only.",
    "-5,Ada,,,,,USD,,": "Client ID “-5” is not a number. Use digits only.",
    "٧,Ada,,,,,USD,,": "Client ID “٧” is not a number. Use digits only.",
    "1.5,Ada,,,,,USD,,": "Client ID “1.5” is not a number. Use digits only.",
    "0,Ada,,,,,USD,,": "Client ID “0” is not a client's number: 1 to 12 digits, above zero.",
    "1234567890123,Ada,,,,,USD,,": "Client ID “1234567890123” is not a client's number: 1 to 12 digits, above zero.",
    "5,,,,,,USD,,": "The client has no name: give a first name, a last name or a company name.",
    f"5,{'x' * 101},,,,,USD,,": "First Name has 101 characters; 100 fit.",
    "5,Ada,,,ada@,,USD,,": "Email Address “ada@” is not an e-mail address.",
    "5,Ada,,,,GBR,USD,,": "Country “GBR” is not the code or name of a country. Did you mean United Kingdom (GB)?",
    "5,Ada,,,,ß,USD,,": "Country “ß” is not the code or name of a country. Give one, as in US or Austria.",
    "5,Ada,,,,,,,": "Currency is empty.",
    "5,Ada,,,,,usd,,": "Currency “usd” is not a currency in use. Give an ISO code such as USD.",
    "5,Ada,,,,,DEM,,": "Currency “DEM” is not a currency in use. Give an ISO code such as USD.",
    "5,Ada,,,,,USD,Gone,": "Status “Gone” is none of: Active, Inactive, Closed.",
    "5,Ada,,,,,USD,,1.2.2020": "Creation Date “1.2.2020” is not a date. Write it as 2026-01-31.",
    "5,Ada,,,,,USD,,2021-02-29": "Creation Date “2021-02-29” is not a date. Write it as 2026-01-31.",
    "5,Ada,,,,,USD,,20210228": "Creation Date “20210228” is not a date. Write it as 2026-01-31.",
    "5,Ada,,,,,USD,,0197-01-01": "Creation Date 0197-01-01 is before 1900.",
    "5,Ada,,,,,USD,,9999-12-31": "Creation Date 9999-12-31 is after 9998.",
    "5,Ada,,,,,USD,": "The row has 8 values and the header 9 columns.",
    "5,Ada,,A, B and C,,,USD,,": "The row has 10 values and the header 9 columns. Is a value with a comma not "
    "in quotes?",
    '5,"Ada\nLovelace",,,,,USD,,': "First Name has a line break in it.",
    "5,Ada\0,,,,,USD,,": "First Name has a NUL byte in it.",
    "5,\x1b[31mAda,,,,,USD,,": "First Name has the control character U+001B in it.",
    '5,"Ada"x,,,,,USD,,': 'There is text after a closing quote. Write a quote inside a value twice, as in “4"" disc”.',
    "x,,,,ada,,XXX,,": "Client ID “x” is not a number. Use digits only. Email Address “ada” is not an e-mail address. "
    "Currency “XXX” is not a currency in use. Give an ISO code such as USD. "
    "The client has no name: give a first name, a last name or a company name.",
}  # fmt: skip


@pytest.mark.parametrize(("row", "reason"), BAD_ROWS.items(), ids=BAD_ROWS.values())
def test_a_bad_row_is_named_with_its_line_and_nothing_is_imported(import_file, row, reason):
    with nothing_changes():
        ran = import_file(HEADER, ADA, row, BLAISE)
    assert (ran.named, ran.exit_code) == ([f"Line 3: {reason}"], 1)
    assert ran.error.startswith("1 of 3 rows is bad. Nothing was imported.")
    assert ran.printed == []


def test_every_bad_row_is_named_with_the_physical_line_that_it_starts_on(import_file):
    with nothing_changes():
        ran = import_file(HEADER, "", '5,"Ada', 'Lovelace",,,,,USD,,', ",,,,,,,,", ADA, "x,Ada,,,,,USD,,", " ", "6,a,b")
    assert ran.named == [
        "Line 3: First Name has a line break in it.",
        "Line 7: Client ID “x” is not a number. Use digits only.",
        "Line 9: The row has 3 values and the header 9 columns.",
    ]
    assert ran.error.startswith("3 of 4 rows are bad.")


def test_bad_rows_may_be_left_out(import_file):
    ran = import_file(HEADER, ADA, "x,Ada,,,,,USD,,", BLAISE, options=("--skip-bad",))
    assert ran == Ran(
        ["2 clients were imported from clients.csv.", "1 bad row was left out."],
        ["Line 3: Client ID “x” is not a number. Use digits only."],
        "",
        0,
    )
    assert Activity.objects.get(client=None).data["left_out"] == 1


def test_a_file_of_bad_rows_alone_is_refused_in_any_case(import_file):
    with nothing_changes():
        ran = import_file(HEADER, "x,Ada,,,,,USD,,", options=("--skip-bad",))
    assert (ran.error, ran.exit_code) == ("1 of 1 row is bad. Nothing was imported.", 1)


def test_only_the_first_thousand_bad_rows_are_named(import_file):
    ran = import_file(HEADER, *["x,Ada,,,,,USD,,"] * 1_234)
    assert (len(ran.named), ran.named[999][:10], ran.named[-1]) == (1_001, "Line 1001:", "… and 234 more bad rows.")
    assert ran.error.startswith("1,234 of 1,234 rows are bad.")


def test_a_number_twice_in_the_file_names_both_lines(import_file):
    with nothing_changes():
        ran = import_file(HEADER, ADA, BLAISE, ADA, "007001,Other,,,,,USD,,")
    assert ran.named == ["Line 4: Client ID 7001 is on line 2 already.", "Line 5: Client ID 7001 is on line 2 already."]
    assert import_file(HEADER, ADA, BLAISE, ADA, options=("--skip-bad",)).printed[0] == (
        "2 clients were imported from clients.csv."
    )


def test_numbers_of_merged_and_deleted_clients_are_not_given_again(import_file):
    acme = make_client()
    ClientNumberAlias.objects.create(number=7001, client=acme)
    deleted_at = datetime.datetime(2026, 5, 3, 12, tzinfo=datetime.UTC)
    ClientDeletion.objects.create(number=7002, counts={}, totals={}, deleted_by_name="Anna", deleted_at=deleted_at)
    with nothing_changes():
        ran = import_file(HEADER, ADA, BLAISE)
    assert ran.named == [
        f"Line 2: Client 7001 was merged into client {acme.number}; the number is not given again.",
        "Line 3: Client 7002 was deleted on 3 May 2026; the number is not given again.",
    ]


WRONG_FILES = {
    b"": "clients.csv is empty.",
    b"\n \n": "clients.csv is empty.",
    b"\xef\xbb\xbf": "clients.csv is empty.",
    f"{HEADER}\n\n".encode(): "clients.csv has a header and no rows: there is nothing to import.",
    f"{HEADER}\n{ADA}\n".encode("utf-16"): "clients.csv is UTF-16: save it as UTF-8 and import that.",
    f"{HEADER}\n{ADA}\n".encode("utf-16-le"): "clients.csv has NUL bytes in it: it is damaged, or not a text file.",
    f"{HEADER}\n{ADA}\n7002,Bläise,,,,,EUR,,\n".encode("latin-1"): (
        "Line 3 of clients.csv is not UTF-8 (byte 0xE4). Save the file as UTF-8 and import that."
    ),
    b"PK\x03\x04....": "clients.csv is a workbook or an archive: save the sheet as CSV (UTF-8) and import that.",
    f"{HEADER}\n{ADA}\n".replace(",", ";").encode(): (
        "The values of clients.csv are separated by “;”. Save it with commas."
    ),
    ('"' + HEADER.replace(",", '";"') + f'"\n{ADA}\n').encode(): (
        "The values of clients.csv are separated by “;”. Save it with commas."
    ),
    f"{HEADER}\n{ADA}\n".replace(",", "\t").encode(): (
        "The values of clients.csv are separated by tabs. Save it with commas."
    ),
    f'{HEADER}\n{ADA}\n7002,"Blaise,,,,,EUR,,\n'.encode(): (
        "clients.csv: a quote that is opened in the row on line 3 is never closed."
    ),
    f'{HEADER}\n{ADA}\n7002,"{("x" * 99 + chr(10)) * 2_000}",,,,,EUR,,\n'.encode(): (
        "clients.csv: a value in the row on line 3 is longer than 131,072 characters. Is a closing quote missing?"
    ),
    f"{HEADER}\n{ADA}\n".encode() + b"x" * 1_000_001: (
        "Line 3 of clients.csv is longer than 1,000,000 bytes. Is it a CSV file?"
    ),
}


@pytest.mark.parametrize(("content", "reason"), WRONG_FILES.items(), ids=WRONG_FILES.values())
@pytest.mark.parametrize("options", [(), ("--skip-bad",)])
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(import_file, content, reason, options):
    with nothing_changes():
        ran = import_file(content, options=options)
    assert ran == Ran([], [], reason, 1)


@pytest.mark.parametrize(
    ("header", "faults"),
    [
        (HEADER + ",Emial Address", "“Emial Address” is not a column that is known. Did you mean “Email Address”?"),
        (HEADER + ",Shoe Size", "“Shoe Size” is not a column that is known."),
        (HEADER + ",,", "Column 10 has no name. Column 11 has no name."),
        (HEADER + ",currency, Currency", "“Currency” is there 3 times."),
        (HEADER + ",Status", "“Status” is there twice."),
        ("First Name,Creation Date", "“Client ID” is missing. “Currency” is missing."),
    ],
)
def test_a_wrong_header_is_refused_with_all_its_faults(import_file, header, faults):
    with nothing_changes():
        ran = import_file(header, ADA)
    assert ran.error == (
        f"The header of clients.csv is not right. {faults} The columns are: Client ID, First Name, Last Name, "
        "Company Name, Email Address, Phone, Tax ID, Address, Address 2, City, Region, Postcode, Country, Currency, "
        "Status, Group, Tax Exempt, Automatic Credit, Language, Purchase Order, "
        "Registration, Electronic Scheme, Electronic Address, Buyer Reference, Exemption, Exemption Reason, E-invoice, "
        "No Mail, Creation Date."
    )


def test_a_header_without_any_name_is_refused(import_file):
    assert import_file("Client ID,Currency", "7001,USD").error == (
        "The header of clients.csv is not right. Give at least one of: First Name, Last Name, Company Name."
    )


def test_a_file_that_is_not_there_is_refused_in_a_sentence(tmp_path):
    missing = tmp_path / "none.csv"
    assert run_command("import_clients", missing).error == f"{missing} cannot be read: no such file or directory."
    assert run_command("import_clients", tmp_path).error == f"{tmp_path} cannot be read: is a directory."


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_line_ends_and_the_byte_order_mark_do_not_matter(import_file, line_end, encoding):
    quoted = '7003,"Joan ""J.""","Clarke, Murray",,,,GBP,,'
    content = line_end.join([HEADER, ADA, quoted, "x,Ada,,,,,USD,,"])
    ran = import_file(content.encode(encoding), options=("--skip-bad",))
    assert ran.printed[0] == "2 clients were imported from clients.csv."
    assert ran.named == ["Line 4: Client ID “x” is not a number. Use digits only."]
    assert Client.objects.get(number=7003).name == 'Joan "J." Clarke, Murray'


@pytest.mark.parametrize("ahead", [1, 3, 999, 1_001, 50_000])
def test_clients_opened_later_get_numbers_after_the_highest_of_the_file(import_file, ahead):
    highest = make_client().number + ahead
    import_file(HEADER, ADA.replace("7001", str(highest)))
    assert make_client().number == highest + 1


def test_the_number_sequence_never_goes_back(import_file):
    import_file(HEADER, ADA.replace("7001", "500000"))
    import_file(HEADER, BLAISE)
    assert last_number() == 500_000


def test_a_person_may_be_named_who_imports(import_file):
    anna = make_staff(BILLING, username="anna")
    import_file(HEADER, ADA, options=("--as", "anna"))
    assert list(Activity.objects.values_list("actor", "actor_name")) == [(anna.pk, "anna")] * 2


def test_who_is_unknown_inactive_or_not_allowed_imports_nothing(import_file):
    make_staff(VIEWER, username="viewer")
    make_staff(BILLING, username="former")
    User.objects.filter(username="former").update(is_active=False)
    with nothing_changes():
        errors = [import_file(HEADER, ADA, options=("--as", name)).error for name in ("nobody", "former", "viewer")]
    assert errors == [
        "There is nobody with the username “nobody”. Nothing was changed.",
        "former is not active any more and cannot act. Nothing was changed.",
        "viewer may not do this: the permission clients.add_client is missing. Nothing was changed.",
    ]


@pytest.mark.parametrize(
    ("met", "told"),
    [
        (
            psycopg.OperationalError("server closed the connection unexpectedly\n\tThis probably means ..."),
            "The database does not answer: server closed the connection unexpectedly.",
        ),
        (
            psycopg.errors.DiskFull("could not extend file"),
            "The disk of the server is full, so nothing can be saved until somebody makes room on it.",
        ),
    ],
)
def test_an_outage_of_the_database_is_told_in_a_sentence(import_file, met, told):
    def meet(execute, sql, params, many, context):
        if "INSERT INTO clients_client (" in sql:
            raise OperationalError(str(met)) from met
        return execute(sql, params, many, context)

    with nothing_changes(), connection.execute_wrapper(meet):
        ran = import_file(HEADER, ADA)
    assert ran.exit_code == 1
    assert ran.error == f"{told} Nothing was imported: a file is imported whole or not at all."


def test_ctrl_c_leaves_nothing_and_says_so(import_file):
    def press_ctrl_c(execute, sql, params, many, context):
        if "INSERT INTO clients_client (" in sql:
            raise KeyboardInterrupt
        return execute(sql, params, many, context)

    with nothing_changes(), connection.execute_wrapper(press_ctrl_c):
        ran = import_file(HEADER, ADA)
    assert (ran.error, ran.exit_code) == ("Stopped. Nothing was imported: a file is imported whole or not at all.", 130)
