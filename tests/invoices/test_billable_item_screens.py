"""Billable items: the client's tab, the global list, and the popups."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from billing_admin.staff.groups import BILLING, VIEWER
from invoices.models import BillableItem, TaxRate
from invoices.services.billable_items import end_item, pause_item
from invoices.services.runs.generate import generate_invoices
from tests.credits.refused_amounts import REFUSED
from tests.factories import make_client, make_item, make_staff, usd
from tests.pages import fill, get_page, parse, queries_of, values_of
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}
LIST = "/billable-items/"
TODAY = timezone.localdate
DAY = datetime.timedelta(days=1)


@pytest.fixture
def billing(client):
    """A browser in which somebody of Billing is signed in."""
    client.force_login(make_staff(BILLING))
    return client


def of(acme):
    return reverse("invoices:billable_items_of_client", args=[acme.number])


def at(name, item):
    return reverse(f"invoices:{name}", args=[item.pk])


def form_at(url):
    return f'form[action="{url}"]'


def add(browser, acme, **typed):
    url = reverse("invoices:add_item", args=[acme.number])
    typed = {"description": "Hosting", "unit_price": "10.00", "starts_on": "2099-01-31", **typed}
    headers = typed.pop("headers", {})
    return fill(browser, get_page(browser, url), form_at(url), typed, headers=headers)


def rows(page):
    return page.texts("tbody tr td .cut")


@pytest.fixture
def several():
    """One coming, one due, one paused, one ended."""
    acme = make_client("Acme Ltd")
    items = [
        make_item(acme, usd(10), due=TODAY() + DAY, description="Coming", cycle="monthly"),
        make_item(acme, usd(20), due=TODAY() - DAY, description="Due", cycle="yearly"),
        make_item(acme, usd(30), due=TODAY() - DAY, description="Paused", cycle="monthly"),
        make_item(acme, usd(40), due=TODAY() - 2 * DAY, description="Ended", cycle="monthly", ends_on=TODAY()),
    ]
    pause_item(item=items[2], by=None)
    BillableItem.objects.filter(pk=items[3].pk).update(next_due_on=None)
    return acme


# ── Lists ──


def test_a_row_says_what_is_billed_when_and_for_how_much(billing):
    acme = make_client("Acme Ltd")
    make_item(acme, usd("1234.50"), due=datetime.date(2099, 1, 31), cycle="monthly", quantity=2, tax_rate=20)
    page = get_page(billing, LIST)
    assert page.texts("tbody td") == [
        "", "Hosting", "Acme Ltd", "Monthly", "2", "1,234.50 USD", "20%", "31 Jan 2099", "–", "Active",
    ]  # fmt: skip
    assert page.one("h1").text == "Billable Items"
    own = get_page(billing, of(acme))
    assert own.texts("tbody td")[:2] == ["", "Hosting"]
    assert own.one(".tabs [aria-current]").text == "Billable Items"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, ["Ended", "Paused", "Due", "Coming"]),
        ({"state": "due"}, ["Due"]),
        ({"state": "paused"}, ["Paused"]),
        ({"state": "ended"}, ["Ended"]),
        ({"cycle": "monthly"}, ["Ended", "Paused", "Coming"]),
        ({"cycle": "monthly", "state": "paused"}, ["Paused"]),
        ({"cycle": "weekly"}, []),
    ],
)
def test_filters_narrow_it_down(billing, several, query, shown):
    page = get_page(billing, of(several), data=query)
    assert rows(page) == shown
    if not shown:
        assert page.one(".empty p").text == "No billable item matches these filters."
    assert [text for text in rows(get_page(billing, LIST, data=query)) if text != "Acme Ltd"] == shown


def test_an_unreadable_filter_lists_nothing(billing, several):
    page = get_page(billing, of(several), data={"state": "nonsense", "cycle": "nonsense"})
    assert rows(page) == []
    assert page.texts(".field-error") == ["There is no state “nonsense” here.", "There is no cycle “nonsense” here."]


def test_the_states_are_words(billing, several):
    assert get_page(billing, of(several)).texts("tbody .badge") == ["Ended", "Paused", "Due", "Active"]


def test_the_global_list_finds_a_clients_items(billing, several):
    make_item(make_client("Globex"), usd(1), due=TODAY(), description="Theirs")
    assert rows(get_page(billing, LIST, data={"q": "globex"})) == ["Theirs", "Globex"]


def test_pages_lead_on_by_due_date(billing):
    acme = make_client()
    for number in range(53):
        make_item(acme, usd(1), due=TODAY() - (number % 5) * DAY, description=f"No. {number}")
    first = get_page(billing, LIST + "?state=due")
    second = get_page(billing, LIST + first.one("a[rel=next]")["href"])
    shown = [text for page in (first, second) for text in page.texts("tbody .row-link")]
    assert (len(shown), len(set(shown))) == (53, 53)
    assert first.one("th[aria-sort]").text == "Next due"


def test_it_costs_as_many_queries_for_50_rows_as_for_1(billing):
    acme = make_client()
    make_item(acme, usd(1), due=TODAY())
    addresses = (LIST, of(acme), LIST + "?q=acme&state=due")
    for_one = [queries_of(billing, address) for address in addresses]
    for number in range(49):
        make_item(acme if number % 2 else make_client(f"Acme {number}"), usd(1), due=TODAY())
    assert [queries_of(billing, address) for address in addresses] == for_one


def test_an_empty_tab_offers_to_add_the_first_and_the_summary_has_the_link(billing):
    acme = make_client()
    page = get_page(billing, of(acme))
    url = reverse("invoices:add_item", args=[acme.number])
    assert page.one(".empty p").text == "No billable items yet. Invoice runs bill them, once or each cycle."
    assert page.one(".empty a")["href"] == url
    assert get_page(billing, reverse("clients:summary", args=[acme.number])).links()["Add Billable Item"] == url


# ── Adding and changing ──


@pytest.mark.parametrize("headers", [{}, DIALOG])
def test_adding_says_what_the_next_invoice_bills(billing, headers):
    acme = make_client("Acme Ltd", country="DE")
    TaxRate.objects.create(country="DE", name="MwSt", rate=19)
    answer = add(billing, acme, cycle="monthly", prices="included", headers=headers)
    item = BillableItem.objects.get()
    assert (item.cycle, item.tax_rate, item.tax_included, item.next_due_on) == (
        "monthly", None, True, datetime.date(2099, 1, 31),
    )  # fmt: skip
    said = (
        "“Hosting” added. The first invoice run on or after 31 Jan 2099 bills one period: 10.00 USD, of which 1.60 USD "
        "is tax at 19%."
    )
    if headers:
        assert answer.status_code == 204
        assert "itemsChanged" in answer.headers["HX-Trigger"]
    else:
        assert answer.headers["Location"] == of(acme)
        assert get_page(billing, of(acme)).one("#toasts p").text == said


def test_the_same_form_twice_adds_one_and_says_so(billing):
    acme = make_client()
    url = reverse("invoices:add_item", args=[acme.number])
    page = get_page(billing, url)
    typed = {"description": "Hosting", "unit_price": "10.00"}
    fill(billing, page, form_at(url), typed, headers=DIALOG)
    with nothing_changes():
        again = fill(billing, page, form_at(url), typed, headers=DIALOG)
    assert (again.status_code, '"attention"' in again.headers["HX-Trigger"]) == (204, True)
    with nothing_changes():
        assert fill(billing, page, form_at(url), typed | {"unit_price": "11.00"}).status_code == 422


@pytest.mark.parametrize(("typed", "currency", "said"), REFUSED)
def test_what_is_no_amount_is_refused_beside_the_field(billing, typed, currency, said):
    acme = make_client()
    with nothing_changes():
        answer = add(billing, acme, unit_price=typed, currency=currency)
    assert answer.status_code == 422
    assert said in parse(answer).one("#id_unit_price_error").text
    price = Money(1, currency)
    item = make_item(make_client("Globex"), price, due=TODAY())
    page = get_page(billing, at("edit_item", item))
    with nothing_changes():
        answer = fill(billing, page, form_at(at("edit_item", item)), {"unit_price": typed})
    assert said in parse(answer).one("#id_unit_price_error").text


@pytest.mark.parametrize(
    ("name", "typed"), [("quantity", "0"), ("quantity", "1e3"), ("tax_rate", "-1"), ("tax_rate", "101"),
                        ("ends_on", "2026-01-01"), ("description", ""), ("starts_on", "31.1.2026")],
)  # fmt: skip
def test_other_faults_stand_beside_their_fields(billing, name, typed):
    acme = make_client()
    with nothing_changes():
        answer = add(billing, acme, **{name: typed})
    assert (answer.status_code, len(parse(answer).all(f"#id_{name}_error"))) == (422, 1)


def test_the_popup_of_an_item_says_what_comes_and_changes_it(billing):
    item = make_item(make_client(), usd(10), due=datetime.date(2099, 1, 31), cycle="monthly")
    page = get_page(billing, at("edit_item", item))
    assert page.texts("#outlook p") == [
        "The first invoice run on or after 31 Jan 2099 bills one period: 10.00 USD.",
        "Each period is billed whole, never by the day.",
    ]
    assert list(page.one(".popup").links())[:3] == ["Pause", "End", "Delete"]
    answer = fill(billing, page, form_at(at("edit_item", item)), {"unit_price": "12.00"}, headers=DIALOG)
    assert answer.status_code == 204
    assert BillableItem.objects.get().unit_price == usd(12)
    with nothing_changes():
        moved = fill(billing, page, form_at(at("edit_item", item)), {"unit_price": "13.00"})
    assert "changed by somebody else" in parse(moved).one("[data-error-summary]").text
    fill(billing, parse(moved), form_at(at("edit_item", item)))
    assert BillableItem.objects.get().unit_price == usd(13)


def test_one_that_was_billed_keeps_its_cycle_and_first_day_on_the_form(billing):
    item = make_item(make_client(), usd(10), due=TODAY(), cycle="monthly")
    generate_invoices(as_of=TODAY(), by=None)
    page = get_page(billing, at("edit_item", item))
    assert {"cycle", "starts_on", "currency"}.isdisjoint(values_of(page.one(form_at(at("edit_item", item)))))
    assert "Delete" not in page.one(".popup").links()
    fill(billing, page, form_at(at("edit_item", item)), {"description": "Hosting, large", "cycle": "yearly"})
    item.refresh_from_db()
    assert (item.description, item.cycle) == ("Hosting, large", "monthly")


# ── Pause, resume, end, delete ──


def test_pausing_and_resuming_with_what_was_missed_left_out(billing):
    item = make_item(make_client(), usd(10), due=TODAY() - 20 * DAY, cycle="weekly")
    fill(billing, get_page(billing, at("pause_item", item)), form_at(at("pause_item", item)))
    assert BillableItem.objects.get().paused
    page = get_page(billing, at("resume_item", item))
    assert page.texts("#outlook p")[0] == "It is paused: nothing is billed until it is resumed."
    assert [radio["value"] for radio in page.all("input[name=missed]")] == ["bill", "skip"]
    fill(billing, page, form_at(at("resume_item", item)), {"missed": "skip"})
    item.refresh_from_db()
    assert (item.paused, item.periods_billed, item.next_due_on) == (False, 3, TODAY() + DAY)
    with nothing_changes():
        again = billing.post(at("resume_item", item))
    assert "is not paused; nothing was done." in parse(again).one("[data-error-summary]").text


def test_ending_and_deleting(billing):
    item = make_item(make_client(), usd(10), due=TODAY() + DAY, cycle="weekly")
    page = get_page(billing, at("end_item", item))
    answer = fill(billing, page, form_at(at("end_item", item)), {"last_day": "2099-01-01"}, follow=True)
    assert parse(answer).one("#toasts p").text.startswith("“Hosting” ends on 1 Jan 2099. The first invoice run on")
    with nothing_changes():
        bad = fill(billing, page, form_at(at("end_item", item)), {"last_day": "2001-01-01"})
    assert parse(bad).one("#id_last_day_error").text.endswith("is before that. Use Delete instead.")
    page = get_page(billing, at("delete_item", item))
    fill(billing, page, form_at(at("delete_item", item)))
    assert BillableItem.objects.count() == 0
    get_page(billing, at("edit_item", item), status=404)


def test_one_that_was_billed_is_not_deleted_and_the_popup_says_so(billing):
    item = make_item(make_client(), usd(10), due=TODAY())
    generate_invoices(as_of=TODAY(), by=None)
    assert "so it is not deleted; use End instead." in get_page(billing, at("delete_item", item)).one(".prose").text
    with nothing_changes():
        assert billing.post(at("delete_item", item)).status_code == 422


def test_who_may_only_look_changes_nothing(client):
    acme = make_client()
    item = make_item(acme, usd(10), due=TODAY())
    end_item(item=item, by=None, last_day=TODAY())
    client.force_login(make_staff(VIEWER))
    page = get_page(client, of(acme))
    assert page.all("tbody a, .filters a.btn-primary") == []
    urls = [at(name, item) for name in ("edit_item", "pause_item", "resume_item", "end_item", "delete_item")]
    for url in (*urls, reverse("invoices:add_item", args=[acme.number])):
        get_page(client, url, status=403)
        with nothing_changes():
            assert client.post(url).status_code == 403


def test_it_needs_the_right_to_see_invoices(client):
    client.force_login(make_staff("Nobody"))
    get_page(client, LIST, status=403)
