"""manage.py generate_invoices"""

import datetime
import re
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from djmoney.money import Money

from billing_admin.staff.groups import BILLING, VIEWER
from invoices.models import Invoice, InvoiceRun
from tests.commands import Ran, run_command
from tests.factories import give_credit, make_client, make_item, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parents[3] / "shared/data/cdnow_sample"
NEW_YEAR = datetime.date(2026, 1, 1)


def generate(*arguments: object) -> Ran:
    return run_command("generate_invoices", *arguments)


def test_the_sample_is_billed_to_the_cent_and_once():
    if not SAMPLE.exists():
        pytest.skip(f"the sample data are not beside the repository: {SAMPLE}")
    run_command("import_clients", SAMPLE / "clients.csv")
    run_command("import_billable_items", SAMPLE / "billable_items.csv")
    assert generate("--as-of", "1998-07-01") == Ran(
        [
            "Invoices of 1 Jul 1998",
            "USD: 2,357 invoices, total 244,091.94, credit applied 0.00, 8 paid at once",
        ],
        [],
        "",
        0,
    )
    assert Invoice.objects.values("client").distinct().count() == 2357
    assert sum(Invoice.objects.values_list("total", flat=True)) == Decimal("244091.94")
    with nothing_changes():
        assert generate("--as-of", "1998-07-01") == Ran(
            ["Nothing is due by 1 Jul 1998; no invoice was made."], [], "", 0
        )
    assert_invariants()


def test_the_summary_keeps_currencies_apart():
    acme, globex = make_client(), make_client("Globex")
    make_item(acme, usd("1000.50"), due=NEW_YEAR)
    make_item(acme, Money(500, "JPY"), due=NEW_YEAR)
    make_item(globex, usd("9.50"), due=NEW_YEAR)
    make_item(globex, usd("1.00"), due=NEW_YEAR, paused=True)
    give_credit(globex, usd("20.00"))
    give_credit(acme, usd("0.50"))
    assert generate("--as-of", "2026-01-01", "--chunk-size", "1").printed == [
        "Invoices of 1 Jan 2026",
        "JPY: 1 invoice, total 500, credit applied 0, 0 paid at once",
        "USD: 2 invoices, total 1,010.00, credit applied 10.00, 1 paid at once",
        "Left alone: 1 due item that is paused or of a client that is not active.",
    ]
    assert_invariants()


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("no_color", [False, True])
def test_a_terminal_sees_a_bar_and_a_table(monkeypatch, no_color):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    make_item(make_client(), usd("1000.50"), due=NEW_YEAR)
    terminal = Terminal()
    call_command("generate_invoices", as_of="2026-01-01", no_color=no_color, stdout=terminal)
    seen = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", terminal.getvalue())
    assert "Billing clients" in seen
    assert "│ USD      │        1 │ 1,000.50 │           0.00 │            0 │" in seen
    assert (re.search(r"\x1b\[[0-9;]*3[0-9]", terminal.getvalue()) is None) == no_color


def test_without_a_date_it_bills_what_is_due_today():
    today = timezone.localdate()
    make_item(make_client(), usd(10), due=today)
    make_item(make_client(), usd(10), due=today + datetime.timedelta(days=1))
    generate()
    assert Invoice.objects.get().issued_on == today


def test_who_could_not_be_billed_is_listed_and_the_exit_code_is_1():
    acme, globex = make_client(), make_client("Globex")
    make_item(acme, usd("999999999999999.99"), due=NEW_YEAR, quantity=Decimal(1000))
    make_item(globex, usd("10.00"), due=NEW_YEAR)
    ran = generate("--as-of", "2026-01-01")
    assert ran == Ran(
        ["Invoices of 1 Jan 2026", "USD: 1 invoice, total 10.00, credit applied 0.00, 0 paid at once"],
        [
            (
                f"Client {acme.number}: The database refused it: numeric field overflow. A field with precision 18, "
                "scale 3 must round to an absolute value less than 10^15."
            )
        ],
        "1 client could not be billed. The others were. Mend the cause and run it again with the same --as-of, or "
        "use Try again on the run’s page.",
        1,
    )


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--as-of", "1.7.1998"), "--as-of “1.7.1998” is not a date. Write it as 2026-01-31."),
        (("--as-of", "1998-7-1"), "--as-of “1998-7-1” is not a date. Write it as 2026-01-31."),
        (("--as-of", "2026-02-30"), "--as-of “2026-02-30” is not a date. Write it as 2026-01-31."),
        (("--as-of", "٢٠٢٦-٠١-٠١"), "--as-of “٢٠٢٦-٠١-٠١” is not a date. Write it as 2026-01-31."),
        (("--as-of", ""), "--as-of is empty."),
        (("--as-of", "0026-01-01"), "--as-of 0026-01-01 is before 1900."),
        (
            ("--as-of", "9999-12-31"),
            (
                "31 Dec 9999 is more than a year ahead, and all invoices would be issued on that day. "
                "If that is meant, add --force."
            ),
        ),
        (("--chunk-size", "0"), "--chunk-size is a number from 1 to 50,000; “0” is not."),
        (("--chunk-size", "-1"), "--chunk-size is a number from 1 to 50,000; “-1” is not."),
        (("--chunk-size", "many"), "--chunk-size is a number from 1 to 50,000; “many” is not."),
        (("--chunk-size", "50001"), "--chunk-size is a number from 1 to 50,000; “50001” is not."),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(arguments, error):
    make_item(make_client(), usd(10), due=NEW_YEAR)
    with nothing_changes():
        assert generate(*(f"{arguments[0]}={arguments[1]}",)) == Ran([], [], error, 1)


def test_a_far_day_is_billed_where_it_is_meant():
    make_item(make_client(), usd(10), due=NEW_YEAR)
    far = timezone.localdate() + datetime.timedelta(days=400)
    assert generate(f"--as-of={far}").exit_code == 1
    assert generate(f"--as-of={far}", "--force").exit_code == 0
    assert Invoice.objects.get().issued_on == far


def test_a_person_may_be_named_who_runs_it():
    anna = make_staff(BILLING, username="anna")
    make_item(make_client(), usd(10), due=NEW_YEAR)
    generate("--as-of", "2026-01-01", "--as", "anna")
    assert (InvoiceRun.objects.get().started_by, Invoice.objects.get().created_by) == (anna, anna)


def test_who_may_not_run_invoices_bills_nothing():
    make_staff(VIEWER, username="viewer")
    make_item(make_client(), usd(10), due=NEW_YEAR)
    with nothing_changes():
        ran = generate("--as-of", "2026-01-01", "--as", "viewer")
    assert ran.error == (
        "viewer may not do this: the permission invoices.generate_invoices is missing. Nothing was changed."
    )


def test_ctrl_c_keeps_whole_chunks_and_says_so():
    for _ in range(3):
        make_item(make_client(), usd(10), due=NEW_YEAR)

    def press_ctrl_c(execute, sql, params, many, context):
        if "INSERT INTO invoices_invoiceline" in sql and Invoice.objects.count() == 2:
            raise KeyboardInterrupt
        return execute(sql, params, many, context)

    with connection.execute_wrapper(press_ctrl_c):
        ran = generate("--as-of", "2026-01-01", "--chunk-size", "1")
    assert (ran.error, ran.exit_code) == (
        (
            "Stopped. The invoices issued so far are complete and stay; run it again with the same --as-of to bill the "
            "rest."
        ),
        130,
    )
    assert (Invoice.objects.count(), InvoiceRun.objects.get().state) == (1, "cancelled")
    assert_invariants()
    generate("--as-of", "2026-01-01")
    assert Invoice.objects.count() == 3
    assert_invariants()


def test_a_run_that_is_cancelled_before_its_first_chunk_says_only_that():
    make_item(make_client(), usd(10), due=NEW_YEAR)

    def cancel_in_time(execute, sql, params, many, context):
        if '"cancel_asked" AND' in sql:
            InvoiceRun.objects.update(cancel_asked=True)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(cancel_in_time):
        ran = generate("--as-of", "2026-01-01")
    assert ran.printed == [
        (
            "The run was cancelled on its page. The invoices issued so far are complete and stay; run it again with "
            "the same --as-of to bill the rest."
        )
    ]
    assert (Invoice.objects.count(), InvoiceRun.objects.get().state) == (0, "cancelled")
