"""The statement of a client: on the screen and as CSV."""

import csv
import datetime
import io

import pytest
from django.urls import reverse
from djmoney.money import Money

from billing_admin.staff.groups import BILLING
from credits.services.apply import apply_credit
from credits.services.release import release_credit
from invoices.services.cancel import cancel_invoice
from invoices.services.credit_notes import CreditLine, issue_credit_note
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, usd
from tests.pages import get_page, queries_of
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment

pytestmark = pytest.mark.django_db

JUNE = {"from": "2099-06-01", "to": "2099-06-30"}


@pytest.fixture
def acme(time_machine):
    """May: an invoice of 100, of which 40 was paid. June: credit, an invoice, payments, credit taken off."""
    acme = make_client("Acme Ltd")
    bank = make_payment_method("Bank")

    def on(month, day):
        time_machine.move_to(f"2099-{month:02}-{day:02} 12:00", tick=False)
        return datetime.date(2099, month, day)

    day = on(5, 10)
    first = make_invoice(acme, usd(100), on=day)
    receive_payment(invoices=[first], amount=usd(40), payment_method=bank, by=None, on=day, reference="T1")
    on(6, 5)
    give_credit(acme, usd(25), "Downtime")
    day = on(6, 10)
    second = make_invoice(acme, usd(30), on=day)
    day = on(6, 12)
    receive_payment(invoices=[first], amount=usd(70), payment_method=bank, by=None, on=day, reference="T2")
    on(6, 14)
    release_credit(invoice=second, amount=usd(5), by=None)
    on(6, 15)
    apply_credit(invoice=second, amount=usd(2), by=None)
    day = on(7, 2)
    make_invoice(acme, usd(7), on=day)
    return acme


@pytest.fixture
def billing(client, acme):
    client.force_login(make_staff(BILLING))
    return client


def page_rows(page, account):
    table = page.one(f"section[aria-labelledby={account}-USD]")
    return [[cell.text for cell in row.all("td")] for row in table.all("tbody tr")]


def url_of(acme):
    return reverse("clients:statement", args=[acme.number])


def test_what_is_owed_runs_from_the_balance_before_to_the_one_after(billing, acme):
    page = get_page(billing, url_of(acme), data=JUNE)
    assert page_rows(page, "owed") == [
        ["1 Jun 2099", "Owed before", "", "", "60.00"],
        ["10 Jun 2099", "Invoice INV-000002", "30.00", "", "90.00"],
        ["10 Jun 2099", "Credit applied to INV-000002", "", "25.00", "65.00"],
        ["12 Jun 2099", "Payment of INV-000001 · T2", "", "60.00", "5.00"],
        ["14 Jun 2099", "Credit taken off INV-000002", "5.00", "", "10.00"],
        ["15 Jun 2099", "Credit applied to INV-000002", "", "2.00", "8.00"],
        ["30 Jun 2099", "Owed", "", "", "8.00 USD"],
    ]


def test_credit_runs_from_the_balance_before_to_the_one_after(billing, acme):
    assert page_rows(get_page(billing, url_of(acme), data=JUNE), "held") == [
        ["1 Jun 2099", "Credit before", "", "0.00"],
        ["5 Jun 2099", "Downtime", "25.00", "25.00"],
        ["10 Jun 2099", "Applied automatically", "−25.00", "0.00"],
        ["12 Jun 2099", "Overpayment of INV-000001", "10.00", "10.00"],
        ["14 Jun 2099", "Released from INV-000002", "5.00", "15.00"],
        ["15 Jun 2099", "Applied by hand", "−2.00", "13.00"],
        ["30 Jun 2099", "Credit", "", "13.00 USD"],
    ]


def test_the_next_statement_begins_where_this_one_ends(billing, acme):
    july = get_page(billing, url_of(acme), data={"from": "2099-07-01", "to": "2099-07-31"})
    assert page_rows(july, "owed")[0][-1] == "8.00"
    assert page_rows(july, "held")[0][-1] == "13.00"
    assert page_rows(july, "owed")[-1][-1] == "8.00 USD"
    assert page_rows(july, "held")[-1][-1] == "6.00 USD"


def test_what_is_owed_is_what_the_invoices_have_due(billing, acme):
    due = sum((invoice.due for invoice in acme.invoices.all()), usd(0))
    assert page_rows(get_page(billing, url_of(acme)), "owed")[-1][-1] == f"{due.amount:.2f} USD"


def test_each_currency_has_its_own_accounts(billing, acme):
    make_invoice(acme, Money(500, "JPY"))
    page = get_page(billing, url_of(acme))
    assert [heading.text for heading in page.all("section.panel h2")] == [
        "Invoices and payments, USD", "Credit, USD", "Invoices and payments, JPY", "Credit, JPY"
    ]  # fmt: skip


def test_it_can_be_saved_as_csv(billing, acme):
    form = get_page(billing, url_of(acme), data=JUNE).one("form[data-download][action^='?']")
    answer = billing.post(url_of(acme) + form["action"])
    exported = "Statement from 1 Jun 2099 to 30 Jun 2099 exported"
    assert acme.activities.filter(verb="statement.exported").get().summary == exported
    table = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert table[:3] == [
        ["Account", "Currency", "Date", "Description", "Change", "Balance"],
        ["Owed", "USD", "", "Balance before", "", "60.00"],
        ["Owed", "USD", "2099-06-10", "Invoice INV-000002", "30.00", "90.00"],
    ]
    assert table[-1] == ["Credit", "USD", "2099-06-15", "Applied by hand", "-2.00", "13.00"]


def test_a_client_with_nothing_has_an_empty_statement(billing):
    page = get_page(billing, url_of(make_client("Globex")))
    assert page.one(".empty p").text == "Nothing was charged, paid or credited up to then."


def test_it_costs_the_same_queries_with_one_line_and_with_fifty(billing, acme):
    globex = make_client("Globex")
    make_invoice(globex, usd(1))
    before = queries_of(billing, url_of(globex))
    for _ in range(10):
        make_invoice(globex, usd(1))
    assert queries_of(billing, url_of(globex)) == before


def test_the_balance_on_any_day_is_on_the_credits_tab(billing, acme):
    tab = reverse("credits:of_client", args=[acme.number])
    page = get_page(billing, tab, data={"on": "2099-06-12"})
    assert page.one(".alert p").text.startswith("At the end of 12 Jun 2099 the balance was 10.00 USD.")
    ledger = get_page(billing, tab, data={"on": "2099-06-12", "show": "ledger"})
    shown = [[cell.text for cell in row.all("td")] for row in ledger.all("tbody tr")]
    assert [row[5:7] for row in shown] == [["10.00 USD", "10.00"], ["−25.00 USD", "0.00"], ["25.00 USD", "25.00"]]


def test_corrections_stand_beside_their_invoices_and_owe_nothing(client, time_machine):
    time_machine.move_to("2099-06-10 12:00", tick=False)
    globex, bank = make_client("Globex"), make_payment_method("Bank")
    in_part, refunded, cancelled = (make_invoice(globex, usd(amount)) for amount in (30, 20, 10))
    payment = receive_payment(invoices=[refunded], amount=usd(20), payment_method=bank, by=None).transaction
    time_machine.move_to("2099-06-12 12:00", tick=False)
    (line,) = in_part.lines.all()
    issue_credit_note(invoice=in_part, reason="Slow", by=None, lines=[CreditLine(line.pk, gross=usd(5))])
    refund_payment(payment=payment, amount=usd(20), to="method", by=None, close_invoice=True)
    cancel_invoice(invoice=cancelled, by=None)
    client.force_login(make_staff(BILLING))
    shown = page_rows(get_page(client, url_of(globex), data=JUNE), "owed")
    assert [row[1:] for row in shown[5:]] == [
        ["Refund of INV-000002", "20.00", "", "60.00"],
        ["Credit note CN-000001 for INV-000001", "", "5.00", "55.00"],
        ["Invoice INV-000002 marked Refunded", "", "20.00", "35.00"],
        ["Invoice INV-000003 cancelled", "", "10.00", "25.00"],
        ["Owed", "", "", "25.00 USD"],
    ]
