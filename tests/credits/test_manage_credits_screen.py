"""The Manage Credits popup, and the same page without JavaScript."""

import datetime
import json

import pytest
from django.urls import reverse
from djmoney.money import Money

from billing_admin.staff.groups import BILLING, VIEWER
from clients.models import Activity, ClientNumberAlias
from credits.models import CreditGrant
from credits.selectors.balances import balances_of
from credits.services.adjust import adjust_balance
from tests.credits.refused_amounts import REFUSED
from tests.factories import give_credit, make_client, make_invoice, make_staff, usd
from tests.invariants import assert_invariants
from tests.pages import fill, get_page, parse, queries_of, values_of
from tests.unchanged import nothing_changes, reused, sent_before

pytestmark = pytest.mark.django_db

# What htmx sends when the popup stands in the dialog.
IN_DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}
FORM = "#add-credit"


@pytest.fixture
def billing(client):
    """A browser in which somebody of Billing is signed in."""
    client.force_login(make_staff(BILLING, username="robin"))
    return client


def url_of(acme):
    return reverse("credits:manage", args=[acme.number])


def add(browser, acme, **typed):
    """Open the popup, fill in Add Credit, save; the answer."""
    page = get_page(browser, url_of(acme), headers=IN_DIALOG)
    return fill(browser, page, FORM, {"description": "Downtime", **typed}, headers=IN_DIALOG)


def rows(page):
    """Date, description, amount, what is left, expiry and giver of each."""
    return [
        [row.all("td")[0].text, row.one(".fill .cut").text]
        + [cell.text for cell in row.all("td")[2:]]
        + [row.one(".fill bdi").text]
        for row in page.all("#credits-list tbody tr")
    ]


def errors_beside(page, field):
    return page.texts(f"#id_{field}_error")


def test_it_shows_the_balance_per_currency_with_the_clients_own_first(billing):
    acme = make_client(currency="EUR")
    give_credit(acme, usd("1234.50"))
    page = get_page(billing, url_of(acme))
    assert page.texts(".popup-body .balance dd") == ["0.00 EUR", "1,234.50 USD"]
    assert [option["value"] for option in page.all("#id_currency option")][:2] == ["EUR", "USD"]
    assert values_of(page.one(FORM))["currency"] == "EUR"


def test_the_credits_list_has_what_was_given_newest_first(billing):
    acme = make_client()
    give_credit(acme, usd("30.00"), "Downtime", expires_on=datetime.date(2099, 12, 31))
    give_credit(acme, Money(500, "JPY"), "Goodwill")
    make_invoice(acme, usd("12.50"))
    shown = rows(get_page(billing, url_of(acme)))
    assert [(row[1], row[2], row[3], row[4]) for row in shown] == [
        ("Goodwill", "500 JPY", "500", "–"),
        ("Downtime", "30.00 USD", "17.50", "31 Dec 2099"),
    ]


def test_a_client_without_credit_is_told_so(billing):
    page = get_page(billing, url_of(make_client()))
    assert page.one(".popup .empty").text == "No credit has been given yet."


def test_a_balance_set_by_hand_is_not_on_the_list(billing):
    acme = make_client()
    adjust_balance(client=acme, seen=usd(0), balance=usd(5), by=None)
    page = get_page(billing, url_of(acme))
    assert (rows(page), page.one(".popup-body .balance dd").text) == ([], "5.00 USD")


def test_added_credit_appears_in_the_same_popup_with_the_new_balance(billing):
    acme = make_client()
    before = get_page(billing, url_of(acme), headers=IN_DIALOG)
    answer = add(billing, acme, amount="25.00", category="promotional", expires_on="2099-12-31", priority="10")
    page = parse(answer)
    assert (answer.status_code, page.all("html")) == (200, [])
    assert page.one(".balance dd").text == "25.00 USD"
    assert [row[1:] for row in rows(page)] == [["Downtime", "25.00 USD", "25.00", "31 Dec 2099", "robin"]]
    form = values_of(page.one(FORM))
    assert (form["amount"], form["description"]) == ("", "")
    assert form["key"] != values_of(before.one(FORM))["key"]
    assert "autofocus" in page.one("#id_amount").attributes
    grant = CreditGrant.objects.get()
    assert (grant.client, grant.amount, grant.category, grant.priority) == (acme, usd(25), "promotional", 10)
    assert (grant.expires_on, grant.created_by_name, grant.listed) == (datetime.date(2099, 12, 31), "robin", True)
    assert_invariants()


def test_adding_is_announced_to_the_page_behind(billing):
    acme = make_client("Acme Ltd")
    answer = add(billing, acme, amount="25")
    assert json.loads(answer.headers["HX-Trigger"]) == {
        "creditsChanged": {},
        "toast": {"text": "Credit of 25.00 USD added to Acme Ltd.", "level": "good"},
    }
    assert {"HX-Request", "HX-Target"} <= set(answer.headers["Vary"].split(", "))


def test_the_figures_are_named_so_that_a_change_can_be_marked(billing):
    acme = make_client()
    page = parse(add(billing, acme, amount="25"))
    names = [element["data-figure"] for element in page.all("[data-figure]")]
    assert {"popup-USD", f"grant-{CreditGrant.objects.get().pk}"} <= set(names)
    assert len(names) == len(set(names))


def test_adding_leaves_an_activity_row_with_its_actor(billing):
    acme = make_client()
    add(billing, acme, amount="25")
    action = Activity.objects.filter(client=acme).latest("pk")
    assert (action.words, action.actor_name) == ("Credit of 25.00 USD added: Downtime", "robin")


def test_without_javascript_adding_leads_back_to_the_page_with_a_message(billing):
    acme = make_client("Acme Ltd")
    answer = fill(billing, get_page(billing, url_of(acme)), FORM, {"amount": "25", "description": "Downtime"})
    assert (answer.status_code, answer.headers["Location"]) == (302, url_of(acme))
    page = get_page(billing, url_of(acme))
    assert page.one(".toast-good").text == "Credit of 25.00 USD added to Acme Ltd."
    assert [row[1:4] for row in rows(page)] == [["Downtime", "25.00 USD", "25.00"]]


def test_the_same_form_posted_twice_adds_once_and_says_so(billing):
    acme = make_client("Acme Ltd")
    page = get_page(billing, url_of(acme), headers=IN_DIALOG)
    typed = {"amount": "25.00", "description": "Downtime"}
    fill(billing, page, FORM, typed, headers=IN_DIALOG)
    with nothing_changes():
        again = fill(billing, page, FORM, typed, headers=IN_DIALOG)
    toast = json.loads(again.headers["HX-Trigger"])["toast"]
    assert toast == {
        "text": sent_before("Credit of 25.00 USD added to Acme Ltd"), "level": "attention"
    }  # fmt: skip
    assert [row[2] for row in rows(parse(again))] == ["25.00 USD"]
    assert_invariants()


def test_a_double_post_without_javascript_is_not_shown_as_success(billing):
    acme = make_client("Acme Ltd")
    page = get_page(billing, url_of(acme))
    typed = {"amount": "25.00", "description": "Downtime"}
    fill(billing, page, FORM, typed, follow=True)
    with nothing_changes():
        again = parse(fill(billing, page, FORM, typed, follow=True))
    said = sent_before("Credit of 25.00 USD added to Acme Ltd")
    assert again.one(".toast-attention p").text == said
    assert again.all(".toast-good") == []


@pytest.mark.parametrize(
    "other", [{"amount": "26.00"}, {"currency": "EUR"}, {"description": "Goodwill"}, {"expires_on": "2099-01-01"}]
)
def test_the_same_key_with_other_figures_is_refused(billing, other):
    acme = make_client("Acme Ltd")
    page = get_page(billing, url_of(acme), headers=IN_DIALOG)
    typed = {"amount": "25.00", "description": "Downtime"}
    fill(billing, page, FORM, typed, headers=IN_DIALOG)
    with nothing_changes():
        refused = fill(billing, page, FORM, {**typed, **other}, headers=IN_DIALOG)
    assert refused.status_code == 422
    assert parse(refused).one("[role=alert]").text == reused("Credit of 25.00 USD added to Acme Ltd")
    assert "HX-Trigger" not in refused.headers


def test_a_form_without_its_key_is_refused_aloud(billing):
    acme = make_client()
    with nothing_changes():
        answer = add(billing, acme, amount="25", key=None)
    assert answer.status_code == 422
    assert parse(answer).one("[role=alert]").text == "This form came without its key. Open it again."


@pytest.mark.parametrize(("typed", "currency", "said"), REFUSED)
def test_what_is_no_amount_is_refused_beside_the_field(billing, typed, currency, said):
    acme = make_client()
    with nothing_changes():
        answer = add(billing, acme, amount=typed, currency=currency)
    page = parse(answer)
    assert answer.status_code == 422
    (error,) = errors_beside(page, "amount")
    assert said in error
    assert page.one("#id_amount")["aria-invalid"] == "true"
    assert page.one("#id_description")["value"] == "Downtime"


@pytest.mark.parametrize(
    ("typed", "read"), [("0", "0.00"), ("0.00", "0.00"), ("-0", "0.00"), ("-5", "−5.00"), ("−5", "−5.00")]
)
def test_credit_of_nothing_or_less_is_refused_beside_the_field(billing, typed, read):
    acme = make_client()
    with nothing_changes():
        answer = add(billing, acme, amount=typed)
    assert answer.status_code == 422
    assert errors_beside(parse(answer), "amount") == [f"Credit must be above zero; {read} USD was given."]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("description", "", "Say what the credit is for."),
        ("description", "   ", "Say what the credit is for."),
        ("description", "x" * 501, "500"),
        ("currency", "XXX", "XXX"),
        ("currency", "DEM", "DEM"),
        ("category", "gift", "gift"),
        ("expires_on", "31.12.2099", "Give a date as 2026-11-30."),
        ("expires_on", "2020-01-01", "This credit would have expired on 1 Jan 2020 already. Give a later date."),
        ("priority", "-1", "0"),
        ("priority", "1001", "1000"),
        ("priority", "", "required"),
        ("priority", "1e3", "whole number"),
    ],
)
def test_other_faults_are_told_beside_their_field(billing, field, value, said):
    acme = make_client()
    with nothing_changes():
        answer = add(billing, acme, **{"amount": "25", field: value})
    page = parse(answer)
    assert answer.status_code == 422
    (error,) = errors_beside(page, field)
    assert said in error
    assert "HX-Trigger" not in answer.headers


def test_a_fault_in_a_field_tucked_away_opens_what_hides_it(billing):
    acme = make_client()
    assert "open" not in get_page(billing, url_of(acme)).one("details.more").attributes
    assert "open" in parse(add(billing, acme, amount="25", priority="-1")).one("details.more").attributes


def test_what_was_typed_into_a_field_tucked_away_stays_in_sight(billing):
    acme = make_client()
    assert "open" in parse(add(billing, acme, amount="1,5", expires_on="2099-01-01")).one("details.more").attributes
    assert "open" not in parse(add(billing, acme, amount="1,5")).one("details.more").attributes


def test_credit_may_expire_today(billing):
    acme = make_client()
    today = datetime.datetime.now(tz=datetime.UTC).date()
    assert add(billing, acme, amount="25", expires_on=today.isoformat()).status_code == 200


def test_names_in_any_script_and_of_any_length_are_shown_whole(billing):
    long = "Gesellschaft für außergewöhnlich lange Firmennamen " * 3
    acme = make_client("مؤسسة الاختبار <b>&amp;</b>")
    page = parse(add(billing, acme, amount="25", description=long.strip()))
    assert page.one("#dialog-title").text.endswith("مؤسسة الاختبار <b>&amp;</b>")
    assert page.all("#credits-list .cut")[0]["title"] == long.strip()


def test_a_viewer_sees_the_list_and_cannot_add(client):
    acme = make_client()
    give_credit(acme, usd(30))
    client.force_login(make_staff(VIEWER))
    page = get_page(client, url_of(acme))
    assert (len(rows(page)), page.all("#add-credit, .popup [type=submit]")) == (1, [])
    with nothing_changes():
        answer = client.post(url_of(acme), {"amount": "5", "currency": "USD", "description": "x", "key": "k"})
    assert answer.status_code == 403


def test_staff_without_a_group_are_refused(client):
    staff = make_staff()
    staff.groups.clear()
    client.force_login(staff)
    get_page(client, url_of(make_client()), status=403)


def test_other_methods_are_refused(billing):
    assert billing.put(url_of(make_client())).status_code == 405


def test_an_unknown_client_is_not_found(billing):
    get_page(billing, reverse("credits:manage", args=[987654]), status=404)


def test_the_number_of_a_merged_client_leads_to_the_kept_one(billing):
    acme = make_client()
    ClientNumberAlias.objects.create(number=987654, client=acme)
    former = reverse("credits:manage", args=[987654])
    assert billing.get(former).headers["Location"] == url_of(acme)
    page = get_page(billing, url_of(acme))
    billing.post(former, {**values_of(page.one(FORM)), "amount": "25", "description": "Downtime"})
    assert balances_of(acme) == [usd(25)]


def test_the_popup_lists_50_and_leads_to_the_rest(billing):
    acme = make_client()
    for _ in range(51):
        give_credit(acme, usd(1))
    page = get_page(billing, url_of(acme))
    assert len(rows(page)) == 50
    assert reverse("credits:of_client", args=[acme.number]) in [link["href"] for link in page.all(".popup a")]


def test_the_popup_costs_the_same_queries_at_1_row_and_at_50(billing):
    acme = make_client()
    give_credit(acme, usd(1))
    queries_of(billing, url_of(acme))  # the first request loads the person's permissions from nowhere else
    at_1 = queries_of(billing, url_of(acme))
    for _ in range(49):
        give_credit(acme, usd(1))
    assert queries_of(billing, url_of(acme)) == at_1
