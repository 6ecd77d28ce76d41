"""manage.py import_billable_items"""

import csv
import datetime
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from djmoney.money import Money

from billing_admin.staff.groups import BILLING, VIEWER
from clients.models import Activity, Client, ClientDeletion
from clients.services.merge.merge_clients import merge_clients
from invoices.models import BillableItem
from invoices.services import import_items
from tests.commands import Ran, run_command
from tests.factories import make_client, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parents[3] / "shared/data/cdnow_sample"
HEADER = "Client ID,Description,Quantity,Amount,Currency,Due Date"
FULL_HEADER = HEADER + ",Tax Rate,Cycle,End Date,Reference"
HOSTING = "501,Hosting,1,10.00,USD,2026-01-31"
DOMAIN = "501,Domain,2,7.50,USD,2026-02-01"

Import = Callable[..., Ran]


@pytest.fixture
def acme() -> Client:
    return make_client("Acme Ltd", number=501)


@pytest.fixture
def import_file(tmp_path: Path) -> Import:
    """Import these lines as `items.csv`."""

    def run(*lines: str, options: tuple[str, ...] = ()) -> Ran:
        path = tmp_path / "items.csv"
        path.write_text("".join(f"{line}\n" for line in lines))
        return run_command("import_billable_items", path, *options)

    return run


def test_the_sample_is_imported_and_the_second_time_adds_nothing():
    if not SAMPLE.exists():
        pytest.skip(f"the sample data are not beside the repository: {SAMPLE}")
    run_command("import_clients", SAMPLE / "clients.csv")
    ran = run_command("import_billable_items", SAMPLE / "billable_items.csv")
    identical = "21 rows are identical to an earlier row of the file; each counts as an item of its own."
    assert ran == Ran(
        [
            "6,919 billable items were imported from billable_items.csv.",
            "They come to 244,091.94 USD before tax.",
            identical,
        ],
        [],
        "",
        0,
    )
    assert BillableItem.objects.count() == 6919
    assert BillableItem.objects.filter(unit_price=0).count() == 8
    with nothing_changes():
        again = run_command("import_billable_items", SAMPLE / "billable_items.csv")
    assert again.printed == ["6,919 billable items are already there; nothing was changed.", identical]


def test_every_column_arrives(import_file, acme):
    ran = import_file(
        FULL_HEADER,
        '501,"Hosting, large",1.5,10.00,USD,2026-01-31,19.5,Monthly,2026-12-31,A-1',
        "501,Support,3,500,JPY,2026-02-01,,,,",
        "501,Backup,0.0001,0.125,KWD,2026-02-01,0,every two years,,A-2",
    )
    assert ran.printed == [
        "3 billable items were imported from items.csv.",
        "They come to 1,500 JPY, 0.000 KWD, 15.00 USD before tax.",
    ]
    hosting, support, backup = BillableItem.objects.order_by("pk")
    assert (hosting.client, hosting.description, hosting.quantity) == (acme, "Hosting, large", Decimal("1.5"))
    assert (hosting.unit_price, hosting.tax_rate, hosting.cycle) == (usd("10.00"), Decimal("19.5"), "monthly")
    assert hosting.starts_on == hosting.next_due_on == datetime.date(2026, 1, 31)
    assert (hosting.ends_on, hosting.periods_billed, hosting.paused) == (datetime.date(2026, 12, 31), 0, False)
    assert (support.unit_price, support.tax_rate, support.cycle, support.ends_on) == (
        Money(500, "JPY"),
        None,
        "once",
        None,
    )
    assert (backup.unit_price, backup.quantity, backup.cycle) == (
        Money("0.125", "KWD"), Decimal("0.0001"), "two_yearly",
    )  # fmt: skip
    imported = Activity.objects.filter(verb="billable_items.imported").order_by("pk")
    assert list(imported.values_list("client", "summary", "note", "actor_name")) == [
        (acme.pk, "3 billable items imported", "items.csv", "System"),
        (None, "3 billable items of 1,500 JPY, 0.000 KWD, 15.00 USD imported", "items.csv", "System"),
    ]


def test_items_are_added_in_several_chunks(import_file, acme, monkeypatch):
    monkeypatch.setattr(import_items, "CHUNK", 2)
    import_file(HEADER, *(f"501,Hosting {number},1,{number}.00,USD,2026-01-31" for number in range(1, 8)))
    assert [item.unit_price for item in BillableItem.objects.order_by("pk")] == [usd(number) for number in range(1, 8)]


def test_identical_rows_are_items_of_their_own(import_file, acme):
    ran = import_file(HEADER, HOSTING, HOSTING, DOMAIN, "0501, Hosting ,1.0,10,USD,2026-01-31")
    assert ran.printed == [
        "4 billable items were imported from items.csv.",
        "They come to 45.00 USD before tax.",
        "2 rows are identical to an earlier row of the file; each counts as an item of its own.",
    ]
    assert BillableItem.objects.filter(description="Hosting", unit_price=10).count() == 3
    with nothing_changes():
        again = import_file(HEADER, DOMAIN, HOSTING, HOSTING)
    assert again.printed == [
        "3 billable items are already there; nothing was changed.",
        "1 row is identical to an earlier row of the file; each counts as an item of its own.",
    ]


def test_a_file_with_old_and_new_rows_imports_the_new_ones(import_file, acme):
    import_file(HEADER, HOSTING)
    ran = import_file(HEADER, HOSTING, DOMAIN, HOSTING)
    assert ran.printed[0] == "2 billable items were imported from items.csv. 1 billable item is already there."
    assert list(BillableItem.objects.order_by("pk").values_list("description", flat=True)) == [
        "Hosting", "Domain", "Hosting",
    ]  # fmt: skip


def test_an_item_that_staff_changed_since_stays_as_it_is(import_file, acme):
    import_file(HEADER, HOSTING)
    BillableItem.objects.update(description="Hosting, small", unit_price=usd(8), quantity=2)
    with nothing_changes():
        assert import_file(HEADER, HOSTING).printed == ["1 billable item is already there; nothing was changed."]


def test_a_row_imported_before_with_other_tax_or_end_is_bad(import_file, acme):
    import_file(HEADER, HOSTING)
    with nothing_changes():
        ran = import_file(FULL_HEADER, HOSTING + ",20,,2026-12-31,")
    assert ran.named == [
        (
            "Line 2: This row was imported before with other values: Tax Rate is empty here and “20” in the file; "
            "End Date is empty here and “2026-12-31” in the file."
        )
    ]


def test_a_reference_twice_in_the_file_names_both_lines(import_file, acme):
    with nothing_changes():
        ran = import_file(FULL_HEADER, HOSTING + ",,,,A-1", DOMAIN + ",,,,A-2", DOMAIN + ",,,,A-1")
    assert ran.named == ["Line 4: Reference “A-1” is on line 2 already."]


def test_a_reference_is_imported_once_and_refused_with_other_figures(import_file, acme):
    import_file(FULL_HEADER, HOSTING + ",,,,A-1", HOSTING + ",,,,A-2")
    assert BillableItem.objects.count() == 2
    make_client("Globex", number=502)
    with nothing_changes():
        same = import_file(FULL_HEADER, HOSTING + ",,,,A-2", HOSTING + ",,,,A-1")
        other = import_file(
            FULL_HEADER, "502,Domain,2,9.99,EUR,2026-02-01,20,Monthly,2026-12-31,A-1", HOSTING + ",,,,A-2"
        )
    assert same.printed == ["2 billable items are already there; nothing was changed."]
    assert other.named == [
        (
            "Line 2: This Reference was imported before with other values: Client ID is “501” here and “502” in the "
            "file; Description is “Hosting” here and “Domain” in the file; Quantity is “1” here and “2” in the file; "
            "Amount is “10.00” here and “9.99” in the file; Currency is “USD” here and “EUR” in the file; Due Date is "
            "“2026-01-31” here and “2026-02-01” in the file; Tax Rate is empty here and “20” in the file; Cycle is "
            "“Once” here and “Monthly” in the file; End Date is empty here and “2026-12-31” in the file."
        )
    ]


def test_the_number_of_a_merged_client_finds_the_kept_one(import_file, acme):
    merge_clients(kept=acme, discarded=make_client("Globex", number=502), by=None)
    import_file(HEADER, HOSTING.replace("501", "502"))
    assert BillableItem.objects.get().client == acme


def test_a_file_imported_before_a_merge_adds_nothing_after_it(import_file, acme):
    globex = make_client("Globex", number=502)
    rows = (
        FULL_HEADER,
        HOSTING + ",,,,",
        HOSTING.replace("501", "502") + ",,,,",
        DOMAIN.replace("501", "502") + ",,,,R",
    )
    import_file(*rows)
    merge_clients(kept=acme, discarded=globex, by=None)
    with nothing_changes():
        assert import_file(*rows).printed == ["3 billable items are already there; nothing was changed."]


def test_items_of_nobody_and_of_deleted_clients_are_bad(import_file, acme):
    deleted_at = datetime.datetime(2026, 5, 3, 12, tzinfo=datetime.UTC)
    ClientDeletion.objects.create(number=502, counts={}, totals={}, deleted_by_name="Anna", deleted_at=deleted_at)
    with nothing_changes():
        ran = import_file(HEADER, HOSTING.replace("501", "503"), HOSTING, HOSTING.replace("501", "502"))
    assert ran.named == ["Line 2: There is no client 503.", "Line 4: Client 502 was deleted on 3 May 2026."]
    assert ran.error.startswith("2 of 3 rows are bad. Nothing was imported.")


def test_bad_rows_may_be_left_out(import_file, acme):
    ran = import_file(HEADER, HOSTING, "501,Domain,1,1.005,USD,2026-01-31", "9,Domain,1,1,USD,2026-01-31",
        options=("--skip-bad",),
    )  # fmt: skip
    assert ran == Ran(
        [
            "1 billable item was imported from items.csv.",
            "2 bad rows were left out.",
            "They come to 10.00 USD before tax.",
        ],
        ["Line 3: Amount: USD has 2 decimal places; 1.005 has more.", "Line 4: There is no client 9."],
        "",
        0,
    )
    assert BillableItem.objects.get().unit_price == usd(10)


PLAIN = "is not a plain number. Use digits and a decimal point, as in 1.5."


def not_an_amount(text: str, example: str = "12.50") -> str:
    return f"Amount: “{text}” is not an amount. Use digits and a decimal point, as in {example}."


BAD_VALUES = {
    # acceptance 24, in the amount
    ("Amount", "-1", "USD"): "Amount: The amount must not be negative.",
    ("Amount", "−1", "USD"): "Amount: The amount must not be negative.",
    ("Amount", "", "USD"): "Amount: Enter an amount.",
    ("Amount", "NaN", "USD"): not_an_amount("NaN"),
    ("Amount", "Infinity", "USD"): not_an_amount("Infinity"),
    ("Amount", "1e400", "USD"): not_an_amount("1e400"),
    ("Amount", "1E2", "USD"): not_an_amount("1E2"),
    ("Amount", '"1,5"', "USD"): "Amount: “1,5” is not an amount: is 15.00 or 1.50 meant? Type that.",
    ("Amount", "+ 5", "USD"): not_an_amount("+ 5"),
    ("Amount", "$5", "USD"): not_an_amount("$5"),
    ("Amount", ".5", "USD"): not_an_amount(".5"),
    ("Amount", "٥", "USD"): not_an_amount("٥"),
    ("Amount", "５", "USD"): not_an_amount("５"),
    ("Amount", "1_000", "USD"): not_an_amount("1_000"),
    ("Amount", "0.001", "USD"): "Amount: USD has 2 decimal places; 0.001 has more.",
    ("Amount", "0.5", "JPY"): "Amount: JPY has no decimal places; 0.5 has more.",
    ("Amount", "0.0005", "KWD"): "Amount: KWD has 3 decimal places; 0.0005 has more.",
    ("Amount", "1" * 20, "USD"): "Amount: The amount has more than 15 digits before the decimal point.",
    # and in the quantity
    ("Quantity", "0", "USD"): "Quantity must be above zero.",
    ("Quantity", "0.0000", "USD"): "Quantity must be above zero.",
    ("Quantity", "-1", "USD"): f"Quantity “-1” {PLAIN}",
    ("Quantity", "", "USD"): "Quantity is empty.",
    ("Quantity", "NaN", "USD"): f"Quantity “NaN” {PLAIN}",
    ("Quantity", "Infinity", "USD"): f"Quantity “Infinity” {PLAIN}",
    ("Quantity", "1e400", "USD"): f"Quantity “1e400” {PLAIN}",
    ("Quantity", '"1,5"', "USD"): f"Quantity “1,5” {PLAIN}",
    ("Quantity", "+ 5", "USD"): f"Quantity “+ 5” {PLAIN}",
    ("Quantity", "٥", "USD"): f"Quantity “٥” {PLAIN}",
    ("Quantity", "0.00001", "USD"): "Quantity “0.00001” has more than 4 decimal places.",
    ("Quantity", "1" * 20, "USD"): f"Quantity “{'1' * 20}” has more than 8 digits before the decimal point.",
    ("Tax Rate", "-1", "USD"): f"Tax Rate “-1” {PLAIN}",
    ("Tax Rate", "100.001", "USD"): "Tax Rate “100.001” is more than 100 percent.",
    ("Tax Rate", "7.0001", "USD"): "Tax Rate “7.0001” has more than 3 decimal places.",
    ("Tax Rate", "NaN", "USD"): f"Tax Rate “NaN” {PLAIN}",
    # the rest
    ("Client ID", "abc", "USD"): "Client ID “abc” is not a number. Use digits only.",
    ("Description", "", "USD"): "Description is empty.",
    ("Description", "x" * 501, "USD"): "Description has 501 characters; 500 fit.",
    ("Due Date", "31.01.2026", "USD"): "Due Date “31.01.2026” is not a date. Write it as 2026-01-31.",
    ("Due Date", "", "USD"): "Due Date is empty.",
    ("Due Date", "1899-12-31", "USD"): "Due Date 1899-12-31 is before 1900.",
    ("End Date", "2026-01-30", "USD"): "End Date 2026-01-30 is before Due Date 2026-01-31.",
    ("Cycle", "Daily", "USD"): "Cycle “Daily” is none of: Once, Weekly, Monthly, Quarterly, Half-yearly, Yearly, "
    "Every two years, Every three years.",
    ("Amount", "10.00", "XBT"): "Currency “XBT” is not a currency in use. Give an ISO code such as USD.",
    ("Reference", "x" * 201, "USD"): "Reference has 201 characters; 200 fit.",
}  # fmt: skip


@pytest.mark.parametrize(("given", "reason"), BAD_VALUES.items(), ids=["-".join(given)[:40] for given in BAD_VALUES])
def test_a_bad_value_is_named_with_its_line_and_nothing_is_imported(import_file, acme, given, reason):
    column, value, currency = given
    row = {
        "Client ID": "501", "Description": "Hosting", "Quantity": "1", "Amount": "10", "Currency": currency,
        "Due Date": "2026-01-31", "Tax Rate": "", "Cycle": "", "End Date": "", "Reference": "", column: value,
    }  # fmt: skip
    with nothing_changes():
        ran = import_file(FULL_HEADER, DOMAIN + ",,,,", ",".join(row[name] for name in FULL_HEADER.split(",")))
    assert (ran.named, ran.printed, ran.exit_code) == ([f"Line 3: {reason}"], [], 1)
    assert_invariants()


def test_what_no_invoice_could_hold_is_refused(import_file, acme):
    with nothing_changes():
        ran = import_file(HEADER, "501,Hosting,10000000,999999999.99,USD,2026-01-31")
    assert ran.named == ["Line 2: Quantity × Amount has more than 15 digits before the decimal point."]


def test_all_faults_of_a_row_are_named_at_once(import_file):
    ran = import_file(HEADER, "x,,0,-5,USD,soon")
    assert ran.named == [
        (
            "Line 2: Client ID “x” is not a number. Use digits only. Description is empty. "
            "Quantity must be above zero. Due Date “soon” is not a date. Write it as 2026-01-31. "
            "Amount: The amount must not be negative."
        )
    ]


def test_an_amount_of_zero_is_allowed(import_file, acme):
    assert import_file(HEADER, "501,Gift,1,0.00,USD,2026-01-31").exit_code == 0
    assert BillableItem.objects.get().unit_price == usd(0)


def test_items_of_clients_that_are_not_active_are_mentioned(import_file, acme):
    make_client("Closed Ltd", number=502, status="closed")
    closed = HOSTING.replace("501", "502")
    assert import_file(HEADER, closed, DOMAIN, closed).printed[-1] == (
        "2 items of 1 client will not be billed while those are not active."
    )


def test_a_person_may_be_named_who_imports(import_file, acme):
    anna = make_staff(BILLING, username="anna")
    import_file(HEADER, HOSTING, options=("--as", "anna"))
    imported = Activity.objects.filter(verb="billable_items.imported")
    assert list(imported.values_list("actor", "actor_name")) == [(anna.pk, "anna")] * 2


def test_who_may_not_add_items_imports_nothing(import_file, acme):
    make_staff(VIEWER, username="viewer")
    with nothing_changes():
        ran = import_file(HEADER, HOSTING, options=("--as", "viewer"))
    assert ran.error == (
        "viewer may not do this: the permission invoices.add_billableitem is missing. Nothing was changed."
    )


def test_a_missing_column_is_refused(import_file):
    assert import_file("Client ID,Description,Amount,Due", "501,Hosting,1,2026-01-31").error == (
        "The header of items.csv is not right. “Due” is not a column that is known. “Quantity” is missing. “Currency” "
        "is missing. “Due Date” is missing. The columns are: Client ID, Description, Quantity, Amount, Currency, "
        "Due Date, Tax Rate, Cycle, End Date, Reference, Unit, Tax Category, Purchase Order."
    )


def test_the_number_of_statements_does_not_grow_with_the_file(import_file, acme):
    def statements(rows: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            import_file(HEADER, *(f"501,Hosting {rows} {n},1,1.00,USD,2026-01-31" for n in range(rows)))
        return len(seen)

    assert statements(1) == statements(200)


def test_a_purchase_order_is_imported_and_known_again(acme, import_file):
    header = f"{HEADER},Purchase Order"
    import_file(header, f"{HOSTING},PO 7", f"{DOMAIN},")
    assert list(acme.billable_items.order_by("pk").values_list("po_number", flat=True)) == ["PO 7", ""]
    assert "2 billable items are already there" in str(import_file(header, f"{HOSTING},PO 7", f"{DOMAIN},"))
    assert "Purchase Order is “PO 7” here and “PO 8” in the file" in str(import_file(header, f"{HOSTING},PO 8"))
    assert "already there" in str(import_file(HEADER, HOSTING))


def test_the_file_of_the_list_has_purchase_orders(acme, import_file, client):
    import_file(f"{HEADER},Purchase Order", f"{HOSTING},PO 7")
    client.force_login(make_staff())
    (row,) = csv.DictReader(io.StringIO(b"".join(client.post("/billable-items/")).decode("utf-8-sig")))
    assert row["Purchase Order"] == "PO 7"
