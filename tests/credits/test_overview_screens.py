"""Credits of all clients: holders, expiring, ledger, liability, checks; Settings and Reports."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from billing_admin.staff.groups import BILLING, VIEWER
from clients.models import Activity, CreditUse
from credits.models import CreditSettings
from credits.services.adjust import adjust_balance
from credits.services.expire import expire_credit
from credits.services.invariants import INVARIANTS
from credits.services.release import release_credit
from credits.services.remove import remove_credit
from credits.services.take_back import reverse_grant
from credits.services.transfer import transfer_credit
from tests.factories import give_credit, make_client, make_invoice, make_staff, usd
from tests.jobs import do_jobs
from tests.pages import fill, get_page, parse, queries_of
from tests.raw_sql import triggers_off
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def billing(client):
    client.force_login(make_staff(BILLING, username="robin"))
    return client


def rows(page, table="tbody tr"):
    return [[cell.text for cell in row.all("th, td")] for row in page.all(table)]


def rows_of_csv(answer):
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))


# ── Holders, expiring, ledger ──


def test_who_holds_credit_per_currency_and_category(billing):
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    give_credit(acme, usd(10))
    give_credit(acme, usd(5), category="paid")
    give_credit(globex, Money(500, "JPY"))
    spent = make_client("Spent")
    give_credit(spent, usd(5))
    make_invoice(spent, usd(5))
    page = get_page(billing, reverse("credits:holders"))
    assert rows(page, "#held tbody tr") == [
        ["JPY", "Promotional", "1", "500 JPY"],
        ["USD", "Paid", "1", "5.00 USD"],
        ["USD", "Promotional", "1", "10.00 USD"],
    ]
    assert [row[::2] for row in rows(page)[3:]] == [["Globex", "500 JPY"], ["Acme Ltd", "15.00 USD"]]
    only = get_page(billing, reverse("credits:holders"), data={"currency": "USD"})
    assert [row[0] for row in rows(only)[3:]] == ["Acme Ltd"]


def test_nobody_holds_credit(billing):
    assert get_page(billing, reverse("credits:holders")).one(".empty p").text.startswith("No client holds credit.")


def test_what_expires_within_30_days_is_listed_soonest_first_and_on_home(billing, time_machine):
    acme = make_client("Acme Ltd")
    for day, amount in ((20, 2), (10, 1)):
        give_credit(acme, usd(amount), f"May {amount}", expires_on=datetime.date(2099, 5, day))
    give_credit(acme, usd(4), "June", expires_on=datetime.date(2099, 6, 30))
    time_machine.move_to("2099-05-01 12:00", tick=False)
    billing.force_login(make_staff(BILLING))
    page = get_page(billing, reverse("credits:expiring"))
    assert [row[::5] for row in rows(page)] == [["10 May 2099", "1.00 USD"], ["20 May 2099", "2.00 USD"]]
    home = get_page(billing, "/")
    assert home.one("#expiring .panel-note").text == "In all 3.00 USD of 1 client."
    summary = get_page(billing, reverse("clients:summary", args=[acme.number]))
    assert "Expires within 30 days 3.00 USD, the first on 10 May 2099" in summary.one("#credit").text


def test_the_ledger_of_all_is_narrowed_down_by_kind_and_day(billing):
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    give_credit(acme, usd(10))
    give_credit(globex, usd(7), category="paid")
    make_invoice(acme, usd(4))
    today = timezone.localdate().isoformat()
    assert len(rows(get_page(billing, reverse("credits:entries")))) == 3
    given = get_page(billing, reverse("credits:entries"), data={"kind": "grant", "from": today, "to": today})
    assert [row[1] for row in rows(given)] == ["Globex", "Acme Ltd"]
    assert "All listed come to 17.00 USD." in given.one(".panel").text
    paid = get_page(billing, reverse("credits:entries"), data={"category": "paid"})
    assert [row[1] for row in rows(paid)] == ["Globex"]
    none = get_page(billing, reverse("credits:entries"), data={"to": "2020-01-01"})
    assert none.one(".empty p").text == "No entry matches these filters."


# ── Liability ──


def a_year(time_machine):
    """Two clients, one movement of each kind, in June 2099; 100 given before."""
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    time_machine.move_to("2099-05-10 12:00", tick=False)
    give_credit(acme, usd(100), category="paid")
    time_machine.move_to("2099-06-10 12:00", tick=False)
    give_credit(acme, usd(40), expires_on=datetime.date(2099, 6, 20))
    invoice = make_invoice(acme, usd(30))
    release_credit(invoice=invoice, amount=usd(10), by=None)
    remove_credit(client=acme, amount=usd(5), description="Mistake", by=None)
    transfer_credit(source=acme, target=globex, amount=usd(20), category="paid", by=None)
    adjust_balance(client=globex, seen=usd(20), balance=usd(23), by=None)
    reverse_grant(grant=give_credit(globex, usd(2)), by=None)
    time_machine.move_to("2099-06-25 12:00", tick=False)
    expire_credit(as_of=datetime.date(2099, 6, 25), by=None)
    time_machine.move_to("2099-07-05 12:00", tick=False)
    give_credit(globex, usd(1))
    return acme, globex


JUNE = {"from": "2099-06-01", "to": "2099-06-30"}


def test_the_roll_forward_leads_from_opening_to_closing(billing, time_machine):
    a_year(time_machine)
    billing.force_login(make_staff(BILLING))
    page = get_page(billing, reverse("credits:liability"), data=JUNE)
    assert [[row[0].split(" before")[0].split(" 30")[0], *row[1:]] for row in rows(page)[:10]] == [
        ["Opening balance", "0.00", "100.00", "100.00 USD"],
        ["Issued", "42.00", "0.00", "42.00 USD"],
        ["Applied", "−30.00", "0.00", "−30.00 USD"],
        ["Released", "10.00", "0.00", "10.00 USD"],
        ["Removed", "−5.00", "0.00", "−5.00 USD"],
        ["Reversed", "−2.00", "0.00", "−2.00 USD"],
        ["Expired", "−15.00", "0.00", "−15.00 USD"],
        ["Adjusted", "3.00", "0.00", "3.00 USD"],
        ["Transferred", "0.00", "0.00", "0.00 USD"],
        ["Closing balance", "3.00", "100.00", "103.00 USD"],
    ]


def test_each_figure_leads_to_entries_that_add_up_to_it(billing, time_machine):
    a_year(time_machine)
    billing.force_login(make_staff(BILLING))
    page = get_page(billing, reverse("credits:liability"), data=JUNE)
    for row in page.all("tbody tr"):
        total = row.all("td")[-1].text
        if row in page.all(".chart tbody tr"):
            if total == "0.00":
                continue
            total = f"{total} USD"
        listed = get_page(billing, row.one("a")["href"])
        said = listed.texts(".panel-note")
        assert said == [f"All listed come to {total}."]


def test_the_roll_forward_and_the_holders_as_csv(billing, time_machine):
    acme, globex = a_year(time_machine)
    billing.force_login(make_staff(BILLING))
    answer = billing.post(reverse("credits:liability", query=JUNE))
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="credit-liability-2099-06-01-2099-06-30.csv"'
    )
    table = rows_of_csv(answer)
    assert table[0] == ["Currency", "Movement", "Promotional", "Paid", "Total"]
    assert table[1] == ["USD", "Opening balance", "0.00", "100.00", "100.00"]
    assert table[3] == ["USD", "Applied", "-30.00", "0.00", "-30.00"]
    held = rows_of_csv(billing.post(reverse("credits:liability", query=JUNE), {"file": "holders"}))
    assert held[1:] == [
        [str(acme.number), "Acme Ltd", "USD", "paid", "80.00"],
        [str(globex.number), "Globex", "USD", "paid", "20.00"],
        [str(globex.number), "Globex", "USD", "promotional", "3.00"],
    ]


def test_a_name_that_a_spreadsheet_would_compute_stays_text(billing):
    give_credit(make_client("=1+1"), usd(5))
    held = rows_of_csv(billing.post(reverse("credits:liability"), {"file": "holders"}))
    assert held[1][1] == "'=1+1"


def test_liability_before_anything_was_given(billing):
    page = get_page(billing, reverse("credits:liability"), data={"from": "2020-01-01", "to": "2020-01-31"})
    assert page.one(".empty p").text == "No credit had been given by then."


@pytest.mark.parametrize("name", ["holders", "expiring", "entries", "liability", "checks"])
def test_the_pages_cost_the_same_queries_with_one_row_and_with_fifty(billing, name):
    soon = timezone.localdate() + datetime.timedelta(days=5)
    give_credit(make_client(), usd(1), expires_on=soon)
    before = queries_of(billing, reverse(f"credits:{name}"))
    for _ in range(10):
        give_credit(make_client(), usd(1), expires_on=soon)
    assert queries_of(billing, reverse(f"credits:{name}")) == before


# ── Ledger check ──


def checked(browser, page):
    """The page when a worker has done the check that was asked for on it."""
    answer = fill(browser, page, "form[method=post].check")
    assert get_page(browser, answer.headers["Location"]).all("form.check") == []
    assert do_jobs() == 1
    return get_page(browser, answer.headers["Location"])


def test_a_check_in_the_browser_finds_what_was_corrupted(client):
    client.force_login(make_staff(username="olivia"))
    give_credit(make_client(), usd(10))
    page = get_page(client, reverse("credits:checks"))
    good = checked(client, page)
    assert good.one(".toast-good").text == f"The ledger is in order: {len(INVARIANTS)} rules checked, nothing found."
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute("UPDATE credits_creditaccount SET balance = 11")
    bad = checked(client, page)
    assert bad.one(".toast-danger").text == "2 discrepancies found. Nothing is repaired by itself."
    assert bad.texts(".activity .danger")[:2] == [
        "Credit balance of Acme Ltd in USD: balance 11.000, but its entries come to 10.000",
        "Credit balance of Acme Ltd in USD: balance 11.000, but its credits have 10.000 left",
    ]
    for address in bad.all(".activity")[0].links().values():
        get_page(client, address)


def test_checking_needs_the_right(billing):
    page = get_page(billing, reverse("credits:checks"))
    assert page.all("form.check") == []
    with nothing_changes():
        assert billing.post(reverse("credits:checks")).status_code == 403


# ── Settings and Reports ──


def test_an_owner_changes_how_the_system_uses_credit(client):
    client.force_login(make_staff(username="olivia"))
    page = get_page(client, reverse("settings"))
    assert page.one("[name=credit_use][checked]")["value"] == "always"
    answer = fill(client, page, "form:has([name=credit_use])", {"credit_use": "whole"}, follow=True)
    assert parse(answer).one(".toast-good").text == (
        "Automatic use of credit is “Only if it covers the whole invoice” from now on."
    )
    logged = Activity.objects.latest("pk")
    assert (logged.client, logged.actor_name, logged.words) == (
        None,
        "olivia",
        "Automatic use of credit changed from “Always” to “Only if it covers the whole invoice”",
    )
    acme = make_client()
    give_credit(acme, usd(5))
    invoice = make_invoice(acme, usd(10))
    assert invoice.credit_applied == usd(0)
    shown = get_page(client, reverse("invoices:detail", args=[invoice.pk]))
    assert "Only if it covers the whole invoice, set in the system settings" in shown.one("#settlement").text
    summary = get_page(client, reverse("clients:summary", args=[acme.number]))
    assert "Only if it covers the whole invoice (the system’s setting)" in summary.one("#credit").text


def test_setting_what_is_set_says_that_nothing_changed(client):
    client.force_login(make_staff())
    page = get_page(client, reverse("settings"))
    with nothing_changes():
        answer = fill(client, page, "form:has([name=credit_use])", {"credit_use": "always"}, follow=True)
    assert parse(answer).one(".toast").text == "Automatic use of credit already is “Always”; nothing was changed."


def test_others_see_the_setting_and_change_nothing(billing):
    page = get_page(billing, reverse("settings"))
    assert page.one(".facts").text == "Automatic use of credit Always Largest credit given without asking No limit"
    assert page.all("form.settings") == []
    assert billing.post(reverse("settings"), {"credit_use": CreditUse.NEVER}).status_code == 403
    assert CreditSettings.objects.count() == 0


def test_reports_lead_to_pages_that_are_there(client):
    client.force_login(make_staff(VIEWER))
    page = get_page(client, reverse("reports"))
    for link in page.all(".report-list a"):
        get_page(client, link["href"])
