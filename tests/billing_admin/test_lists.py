"""Every list: a filter that cannot be read lists nothing and says so, and every order it offers has an index."""

import csv
import datetime
import io
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from billing_admin.web.filter_kinds import AmountFilter, ChoiceFilter, DayFilter, LinksFilter
from billing_admin.web.lists import Listing
from clients.lists import ActivityList, ApprovalList, ClientList, MailList
from clients.models import Activity, Client
from credits.lists import BatchList, EntryList, ExpiringList, GrantList, HolderList, LedgerList
from invoices.lists import BillableItemList, CreditNoteList, InvoiceList, ReminderList, RunList
from invoices.services.credit_notes import issue_credit_note
from tests.benchmarks.pages.walking import Query, explain
from tests.factories import give_credit, make_client, make_invoice, make_item, make_payment_method, make_staff, usd
from tests.mails import make_message
from tests.pages import get_page
from tests.reminders import overdue
from tests.spreadsheets import read_sheet
from transactions.lists import TransactionList
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

# List → its page.
PAGES: dict[type[Listing], str] = {
    ClientList: "clients:list",
    InvoiceList: "invoices:list",
    CreditNoteList: "invoices:credit_notes",
    BillableItemList: "invoices:billable_items",
    TransactionList: "transactions:list",
    HolderList: "credits:holders",
    ExpiringList: "credits:expiring",
    EntryList: "credits:entries",
    BatchList: "credits:batches",
    RunList: "invoices:runs",
    ReminderList: "invoices:reminders_due",
    GrantList: "credits:of_client",
    LedgerList: "credits:of_client",
    ActivityList: "clients:activity",
    MailList: "mail:list",
    ApprovalList: "approvals",
}
OF_A_CLIENT = (GrantList, LedgerList, ActivityList)
READ = {ChoiceFilter: "nonsense", DayFilter: "soon", AmountFilter: "12,50"}
UNREADABLE = [
    (listing, name, unreadable)
    for listing in PAGES
    for name, each in listing.filters_class.base_filters.items()
    for kind, unreadable in READ.items()
    if isinstance(each, kind)
]


@pytest.fixture
def signed_in(client):
    client.force_login(make_staff())
    return client


@pytest.fixture
def a_row_in_each():
    acme = make_client()
    give_credit(acme, usd(5))
    make_invoice(acme, usd(10))
    make_item(acme, usd(20), due=acme.created_at.date())
    make_message(acme)
    overdue(9, acme)
    return acme


def test_every_list_is_here():
    assert {each.__name__ for each in Listing.__subclasses__()} == {each.__name__ for each in PAGES}


def test_every_filter_but_a_search_is_tried():
    named = {(listing, name) for listing in PAGES for name in listing.filters_class.base_filters}
    untried = {name for _, name in named - {(listing, name) for listing, name, _ in UNREADABLE}}
    assert untried == {"q", "client", "place"}


@pytest.mark.parametrize(("listing", "name", "unreadable"), UNREADABLE)
def test_an_unreadable_filter_lists_nothing(signed_in, a_row_in_each, listing, name, unreadable):
    path = reverse(PAGES[listing], args=[a_row_in_each.number] if listing in OF_A_CLIENT else [])
    shown = {"show": "ledger"} if listing is LedgerList else {}
    if name.startswith(("amount_", "total_")):
        shown["currency"] = "USD"
    page = get_page(signed_in, path, data={**shown, name: unreadable})
    filters = page.one(".filters")
    (error,) = filters.texts(".field-error")
    assert f"“{unreadable}”" in error
    if controls := filters.all(f"select[name={name}], input[type=date][name={name}]"):
        assert controls[0]["aria-describedby"] == filters.one(".field-error")["id"]
    panel = page.all(".panel")[-1]
    assert panel.all("tbody tr") == []
    assert panel.one(".empty p").text == "Nothing is listed while a filter cannot be read."
    assert panel.one(".empty a")["href"] == path
    if listing.file_name:
        answer = signed_in.post(f"{path}?{urlencode({**shown, name: unreadable})}")
        assert (answer.status_code, answer.content.decode()) == (422, error)


def test_a_clients_own_file_refuses_too(signed_in, a_row_in_each):
    own = reverse("transactions:of_client", args=[a_row_in_each.number], query={"since": "soon"})
    answer = signed_in.post(own)
    assert (answer.status_code, answer.content.decode()) == (422, "“soon” is not a day. Give one as 2026-11-30.")


CURSORS = {
    "clients:list": [
        *("nonsense", "[" * 20_000, "[]", "{}", "1", "[1,2,3]", '["1",Infinity]', '["1",1e999]', '["1",true]'),
        *('["1",99999999999999999999]', '["1",-1]', f'["1",{"9" * 5_000}]', '["x",1]', '["99999999999999999999",1]'),
    ],
    "clients:list?sort=name": ['["\\u0000",1]', '["\\ud800",1]', '["\u0000",1]', "[1,1]", "[null,1]"],
    "clients:list?sort=since": ['["2026-01-01T00:00:00",1]', '["0001-01-01T00:00:00+14:00",1]', '["9999-99-99",1]'],
    "transactions:list": ['["2026-02-30",1]', '["",1]'],
}


@pytest.mark.parametrize(("page", "cursor"), [(page, each) for page, cursors in CURSORS.items() for each in cursors])
def test_a_cursor_that_no_link_has_is_a_bad_request(signed_in, page, cursor):
    name, _, sort = page.partition("?sort=")
    for way in ("after", "before"):
        assert signed_in.get(reverse(name), {"sort": sort, way: cursor}).status_code == 400


def test_a_link_with_a_currency_that_nobody_has_now_lists_nothing(signed_in, a_row_in_each):
    for name in {page for listing, page in PAGES.items() if "currency" in listing.filters_class.base_filters}:
        path = reverse(name, args=[a_row_in_each.number] if name == "credits:of_client" else [])
        page = get_page(signed_in, path, data={"currency": "CHF"})
        drawn = page.all(".filters option[selected], .filters [aria-current], .filters [type=hidden][name=currency]")
        assert "CHF" in [each.text or each["value"] for each in drawn]
        assert (page.all(".field-error"), page.all(".panel")[-1].all("tbody tr")) == ([], [])
        assert get_page(signed_in, path, data={"currency": "XXX"}).all(".field-error")


@pytest.mark.parametrize("listing", PAGES)
def test_an_index_serves_every_order(listing):
    """With sorting made dear, PostgreSQL still sorts where no index gives the order: then a page reads all rows."""
    with connection.cursor() as cursor:
        for way in ("seqscan", "sort", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    sorting, looked_at = {}, 0
    for asked in _clicks(listing):
        for key in _asked(listing, asked).sorts:
            for sort in (key, f"-{key}"):
                found = _asked(listing, {**asked, "sort": sort}).page.listed[:51]
                query = Query(*found.query.sql_with_params())
                explain(query, analyze=False)
                looked_at += 1
                if query.sorted_rows:
                    sorting[str(asked), sort] = query.plan
    assert sorting == {}
    assert looked_at >= 2


def _clicks(listing):
    """What can be asked for by a click on a word above the list, alone."""
    yield {}
    for name, each in listing.filters_class.base_filters.items():
        if isinstance(each, LinksFilter):
            yield from ({name: value} for value, _ in each.extra["choices"])
        if isinstance(each, ChoiceFilter) and each.can_be_not and each.extra["choices"]:
            yield from ({f"{name}-not": value} for value, _ in each.extra["choices"])


def _asked(listing, asked):
    of = Client(pk=1, number=1) if listing in OF_A_CLIENT else None
    return listing(User(is_superuser=True), QueryDict(urlencode(asked)), of)


FILES = [listing for listing in PAGES if listing.file_name]


def test_every_list_but_three_is_saved_as_a_file():
    assert set(PAGES) - set(FILES) == {ApprovalList, BatchList, RunList}


@pytest.mark.parametrize("listing", FILES)
def test_a_file_holds_what_is_listed_and_says_who_saved_it(client, a_row_in_each, listing):
    ann = make_staff(username="ann")
    client.force_login(ann)
    invoice = make_invoice(a_row_in_each, usd(30))
    issue_credit_note(invoice=invoice, reason="Wrong", by=ann)
    unpaid = make_invoice(a_row_in_each, usd(40))
    receive_payment(invoices=[unpaid], amount=usd(40), payment_method=make_payment_method(), by=ann)
    give_credit(a_row_in_each, usd(7), expires_on=timezone.localdate() + datetime.timedelta(days=9))
    path = reverse(PAGES[listing], args=[a_row_in_each.number] if listing in OF_A_CLIENT else [])
    asked = {"show": "ledger"} if listing is LedgerList else {}
    address = f"{path}?{urlencode(asked)}"
    listed = listing(ann, QueryDict(urlencode(asked)), a_row_in_each if listing in OF_A_CLIENT else None)
    headings = [column.heading for column in listed.file_columns([])]
    lines = [[str("" if value is None else value) for value in line] for line in listed.file_rows()]
    assert len(lines) >= 1
    answer = client.post(address)
    also = int(listing is ActivityList)  # that it was saved
    saved = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert (saved[0], saved[1 + also :]) == (headings, lines)
    latest = Activity.objects.order_by("-pk")[0]
    assert (latest.summary, latest.actor) == (f"{listing.label} exported", ann)
    assert latest in Activity.objects.visible_to(ann)
    sheet = read_sheet(client.post(address, {"file": "xlsx"}))
    assert (len(sheet), sheet[0]) == (1 + 2 * also + len(lines), headings)
    assert (
        len(
            {*get_page(client, address).texts(".filters form[data-download] button")}
            & {"Save as CSV", "Save for Excel"}
        )
        == 2
    )
