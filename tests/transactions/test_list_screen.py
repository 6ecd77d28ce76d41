"""The Transactions list, everybody's and one client's, its sums and its CSV; the page of one transaction."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from djmoney.money import Money

from billing_admin.db import pagination
from billing_admin.db.triggers import maintenance
from billing_admin.staff.groups import BILLING, OWNER, VIEWER
from clients.models import Activity
from tests.factories import make_client, make_invoice, make_payment_method, make_staff, usd
from tests.pages import get_page, queries_of
from transactions.models import PaymentMethod, Transaction
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment
from transactions.services.reverse import reverse_payment

pytestmark = pytest.mark.django_db

LIST = "/transactions/"
DAY = datetime.date(2026, 3, 1)


@pytest.fixture
def billing(client):
    """A browser in which somebody of Billing is signed in."""
    client.force_login(make_staff(BILLING, username="robin"))
    return client


def receive(client, amount, *invoices, **details):
    details.setdefault("payment_method", PaymentMethod.objects.get(name="Card"))
    money = amount if isinstance(amount, Money) else usd(amount)
    return receive_payment(client=client, amount=money, invoices=invoices, by=None, **details).transaction


def of(acme):
    return reverse("transactions:of_client", args=[acme.number])


def page_of(row):
    return reverse("transactions:detail", args=[row.pk])


def descriptions(page):
    return page.texts("#transactions [aria-label=Transactions] tbody td.fill")


def sums(page):
    return page.texts("#sums tbody tr")


def test_each_row_has_day_client_what_it_is_method_reference_and_figures(billing):
    acme = make_client("Acme Ltd")
    invoice = make_invoice(acme, usd(1000))
    row = receive(acme, 1000, invoice, reference="ch_1", fees=usd("29.50"), on=DAY)
    page = get_page(billing, LIST)
    assert page.texts("[aria-label=Transactions] tbody td") == [
        "1 Mar 2026", "Acme Ltd", "Payment of INV-000001", "Card", "ch_1", "1,000.00 USD", "29.50", "0.00 USD",
    ]  # fmt: skip
    assert page.one("tbody .row-link")["href"] == page_of(row)
    assert page.links()["Acme Ltd"] == reverse("clients:summary", args=[acme.number])
    assert page.one(".pager").text == "1 transaction"
    assert set(page.texts("nav [aria-current=page]")) == {"Transactions"}


@pytest.fixture
def books():
    """Money in, out, moved, unattached; two methods, two currencies, three days."""
    acme, globex = make_client("Acme Ltd", number=4011), make_client("Globex", number=4012)
    bank = PaymentMethod.objects.get(name="Bank transfer")
    first = receive(acme, 100, make_invoice(acme, usd(100)), reference="ch_1", fees=usd(3), on=DAY, description="A")
    receive(
        globex, Money(50, "EUR"), make_invoice(globex, Money(50, "EUR")), payment_method=bank, description="B",
        on=DAY + datetime.timedelta(1),
    )  # fmt: skip
    receive(None, 7, reference="X-9", on=DAY + datetime.timedelta(2), description="C")
    later = DAY + datetime.timedelta(3)
    refund_payment(payment=first, amount=usd(20), to="method", by=None, on=later, description="D")
    refund_payment(payment=first, amount=usd(30), to="credit", by=None, on=later, description="E")
    return acme, globex


@pytest.mark.parametrize(
    ("query", "shown", "added"),
    [
        ({}, "EEDCBA", ["EUR 50.00 0.00 0.00 50.00", "USD 107.00 3.00 20.00 84.00"]),
        ({"show": "in"}, "CBA", ["EUR 50.00 0.00 0.00 50.00", "USD 107.00 3.00 0.00 104.00"]),
        ({"show": "out"}, "D", ["USD 0.00 0.00 20.00 −20.00"]),
        ({"show": "unattached"}, "C", ["USD 7.00 0.00 0.00 7.00"]),
        ({"currency": "EUR"}, "B", ["EUR 50.00 0.00 0.00 50.00"]),
        ({"since": "2026-03-02", "until": "2026-03-02"}, "B", ["EUR 50.00 0.00 0.00 50.00"]),
        ({"q": "CH_"}, "A", ["USD 100.00 3.00 0.00 97.00"]),
        ({"q": "globex"}, "B", ["EUR 50.00 0.00 0.00 50.00"]),
        ({"q": "#4012"}, "B", ["EUR 50.00 0.00 0.00 50.00"]),
        ({"show": "nonsense", "currency": "XXX", "since": "soon", "method": "x"}, "", []),
    ],
)  # fmt: skip
def test_filters_narrow_it_down_and_the_sums_follow(billing, books, query, shown, added):
    page = get_page(billing, LIST, data=query)
    assert [text[-1] for text in descriptions(page)] == list(shown)
    assert sums(page) == added


def test_the_method_filter(billing, books):
    bank = PaymentMethod.objects.get(name="Bank transfer")
    page = get_page(billing, LIST, data={"method": bank.pk})
    assert descriptions(page) == ["B"]
    assert page.one("select[name=method] option[selected]").text == "Bank transfer"


def test_a_clients_own_tab_has_only_its_rows(billing, books):
    acme, globex = books
    page = get_page(billing, of(globex))
    assert descriptions(page) == ["B"]
    assert page.one(".tabs [aria-current]").text == "Transactions"
    assert page.links()["Add Transaction"] == reverse("transactions:add_for_client", args=[4012])
    assert descriptions(get_page(billing, of(acme), data={"q": "globex"})) == []


def test_a_deleted_client_is_still_named_and_found_by_number(billing):
    acme = make_client("Acme Ltd", number=4011)
    row = receive(acme, 10)
    with maintenance("delete"):
        Transaction.objects.update(client=None)
    page = get_page(billing, LIST, data={"q": "4011"})
    assert page.one("[aria-label=Transactions] tbody tr").all("td")[1].text == "Acme Ltd 4011, deleted"
    assert "Acme Ltd (client 4011, deleted)" in get_page(billing, page_of(row)).one(".page-facts").text


def test_too_many_are_not_added_up(billing, books, monkeypatch):
    monkeypatch.setattr(pagination, "COUNTED_UP_TO", 5)
    page = get_page(billing, LIST)
    assert page.one(".panel-note").text == ("There are too many to add up here. Narrow the list down to see its sums.")


def test_nothing_found_and_nothing_there_say_so(billing):
    page = get_page(billing, LIST)
    assert page.one(".empty p").text == "No money has come in yet."
    page = get_page(billing, LIST, data={"q": "nothing"})
    assert page.one(".empty p").text == "No transaction matches these filters."


def test_the_file_has_what_the_list_shows(billing, books):
    receive(None, 1, description="=1+1", reference="+49", on=DAY - datetime.timedelta(1))
    answer = billing.post(LIST + "?until=2026-03-01")
    assert answer["Content-Disposition"] == 'attachment; filename="transactions.csv"'
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [row[:-1] for row in rows] == [
        ["Date", "Kind", "Client ID", "Client", "Invoice", "Method", "Reference", "Description", "Currency", "In",
         "Fees", "Out", "By"],
        ["2026-03-01", "Payment", "4011", "Acme Ltd", "INV-000001", "Card", "ch_1", "A", "USD", "100.00", "3.00",
         "0.00", "System"],
        ["2026-02-28", "Payment", "", "", "", "Card", "'+49", "'=1+1", "USD", "1.00", "0.00", "0.00", "System"],
    ]  # fmt: skip
    own = billing.post(of(books[1]))
    assert own["Content-Disposition"] == f'attachment; filename="transactions-of-client-{books[1].number}.csv"'
    assert len(list(own.streaming_content)) == 2
    written = Activity.objects.order_by("-pk").values_list("verb", "summary", "client", "actor_name")
    assert list(written[:2]) == [
        ("transactions.exported", "Transactions exported", books[1].pk, "robin"),
        ("transactions.exported", "Transactions that match filters exported", None, "robin"),
    ]


@pytest.mark.parametrize("portion", [2, 3, 100])
def test_the_file_follows_the_order_of_the_list_whole_in_portions(billing, monkeypatch, portion):
    monkeypatch.setattr(pagination, "PORTION", portion)
    for days in (2, 0, 1, 0, 2, 1):
        receive(None, 1, on=DAY + datetime.timedelta(days), description=f"No. {Transaction.objects.count()}")
    page = get_page(billing, LIST, data={"sort": "date", "q": ""})
    link = page.one("form[data-download]")["action"]
    for sort, listed in (("date", [1, 3, 2, 5, 0, 4]), ("-date", [4, 0, 5, 2, 3, 1]), ("nonsense", [4, 0, 5, 2, 3, 1])):
        answer = billing.post(LIST + link.replace("sort=date", f"sort={sort}"))
        lines = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
        assert [line["Description"] for line in lines] == [f"No. {number}" for number in listed]


def test_the_file_is_read_as_it_is_sent_a_portion_at_a_time(billing, monkeypatch):
    monkeypatch.setattr(pagination, "PORTION", 2)
    for _ in range(5):
        receive(None, 1)
    answer = billing.post(LIST)
    with CaptureQueriesContext(connection) as queries:
        lines = iter(answer.streaming_content)
        read = [len(queries) for _ in lines]
    assert read == [0, 1, 1, 2, 2, 3]


def test_pages_lead_on_and_back(billing):
    for number in range(53):
        receive(None, 1, on=DAY + datetime.timedelta(number % 5), description=f"No. {number}")
    first = get_page(billing, LIST)
    second = get_page(billing, LIST + first.one("a[rel=next]")["href"])
    assert (len(descriptions(first)), len(descriptions(second))) == (50, 3)
    assert len({*descriptions(first), *descriptions(second)}) == 53
    assert descriptions(get_page(billing, LIST + second.one("a[rel=prev]")["href"])) == descriptions(first)


def test_it_costs_as_many_queries_for_50_rows_as_for_1(billing):
    acme = make_client("Acme Ltd")
    receive(acme, 1)
    addresses = (LIST, of(acme), LIST + "?q=acme&show=in&since=2020-01-01")
    for_one = [queries_of(billing, address) for address in addresses]
    for number in range(49):
        receive(acme if number % 2 else make_client(f"Acme {number}"), 1, payment_method=make_payment_method())
    assert [queries_of(billing, address) for address in addresses] == for_one
    assert max(for_one) <= 15


@pytest.mark.parametrize("which", ["list", "of_client", "detail", "file"])
def test_it_needs_the_right_to_see_transactions(client, which):
    acme = make_client()
    row = receive(acme, 1)
    client.force_login(make_staff("Nobody"))
    addresses = {"list": LIST, "of_client": of(acme), "detail": page_of(row), "file": LIST}
    ask = client.post if which == "file" else client.get
    assert ask(addresses[which]).status_code == 403


# ── The page of one ──


def test_the_page_shows_what_was_paid_given_back_and_turned_into_credit(billing, books):
    first = Transaction.objects.get(reference="ch_1")
    page = get_page(billing, page_of(first))
    assert page.one("h1").text == "Payment “ch_1”"
    assert page.texts(".balance dd") == ["100.00 USD", "50.00 USD", "3.00 USD"]
    assert page.texts("#others tbody td.fill") == ["Refund D", "Moved E", "Moved E"]
    assert page.links()["INV-000001"] == reverse("invoices:detail", args=[first.invoice_id])
    moved_in = Transaction.objects.get(kind="moved", amount_in=usd(30).amount)
    page = get_page(billing, page_of(moved_in))
    assert page.texts("#grants tbody td") == ["E", "30.00 USD", "0.00", "30.00"]
    assert page.links()["Refund"] == reverse("transactions:refund", args=[moved_in.pk])


def test_the_page_costs_the_same_whatever_was_given_back(billing):
    acme = make_client()
    row = receive(acme, 100, make_invoice(acme, usd(100)))
    before = queries_of(billing, page_of(row))
    for _ in range(10):
        refund_payment(payment=row, amount=usd(1), to="credit", by=None)
    assert queries_of(billing, page_of(row)) == before


@pytest.mark.parametrize(
    ("group", "shown"),
    [(VIEWER, set()), (BILLING, {"Refund", "Reverse"}), (OWNER, {"Refund", "Reverse", "Delete"})],
)
def test_what_can_be_done_depends_on_the_group(client, group, shown):
    acme = make_client()
    row = receive(acme, 100, make_invoice(acme, usd(100)))
    client.force_login(make_staff(group))
    actions = {"Refund", "Reverse", "Delete", "Attach to a Client"}
    assert set(get_page(client, page_of(row)).links()) & actions == shown
    reverse_payment(payment=row, by=None)
    assert set(get_page(client, page_of(row)).links()) & actions == shown & {"Delete"}


def test_unattached_money_can_be_attached_and_by_an_owner_deleted(client):
    row = receive(None, 5)
    actions = {"Refund", "Reverse", "Delete", "Attach to a Client"}
    client.force_login(make_staff(OWNER))
    assert set(get_page(client, page_of(row)).links()) & actions == actions
    client.force_login(make_staff(BILLING))
    assert set(get_page(client, page_of(row)).links()) & actions == actions - {"Delete"}


def test_an_unknown_one_is_not_found(billing):
    get_page(billing, "/transactions/999999/", status=404)
