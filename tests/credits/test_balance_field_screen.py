"""The Credit Balance on the Profile: one form, one button, and all of it is saved or nothing."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.urls import reverse
from djmoney.money import Money

from billing_admin.staff.groups import BILLING, OWNER, VIEWER
from clients.models import Activity
from clients.services.profile import edit_client
from credits.models import CreditEntry, CreditGrant
from credits.selectors.balances import balances_of
from tests.credits.refused_amounts import REFUSED
from tests.factories import give_credit, make_client, make_staff, usd
from tests.invariants import assert_invariants
from tests.pages import fill, get_page, parse, values_of
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

FORM = "#profile"


@pytest.fixture
def owner(client):
    """A browser in which an Owner is signed in."""
    client.force_login(make_staff(OWNER, username="olga"))
    return client


def profile_of(acme):
    return reverse("clients:profile", args=[acme.number])


def usd_fields(typed):
    """What is typed beside the balance in dollars."""
    return {f"USD-{name}": value for name, value in typed.items()}


def set_balance(browser, acme, **typed):
    """Open the Profile, type into the Credit Balance field, save; the answer."""
    code = acme.currency
    return fill(browser, get_page(browser, profile_of(acme)), FORM, {f"{code}-{name}": typed[name] for name in typed})


def test_the_profile_has_a_field_for_each_currency(owner):
    acme = make_client(currency="EUR")
    give_credit(acme, usd("1234.50"))
    give_credit(acme, Money(500, "JPY"))
    page = get_page(owner, profile_of(acme))
    assert page.texts(".balance-form label")[::2] == [
        "Credit Balance (EUR)",
        "Credit Balance (JPY)",
        "Credit Balance (USD)",
    ]
    values = values_of(page.one(FORM))
    assert [values[f"{code}-balance"] for code in ("EUR", "JPY", "USD")] == ["0.00", "500", "1234.50"]
    ids = [element["id"] for element in page.all("[id]")]
    assert len(ids) == len(set(ids))


def test_a_higher_balance_is_booked_told_and_not_listed(owner):
    acme = make_client("Acme Ltd")
    give_credit(acme, usd("10.00"))
    answer = set_balance(owner, acme, balance="12.50", reason="Carried over")
    assert (answer.status_code, answer.headers["Location"]) == (302, profile_of(acme))
    page = get_page(owner, profile_of(acme))
    assert page.one(".toast-good").text == "Credit balance of Acme Ltd set from 10.00 USD to 12.50 USD."
    assert values_of(page.one(FORM))["USD-balance"] == "12.50"
    assert balances_of(acme) == [usd("12.50")]
    assert [grant.description for grant in CreditGrant.objects.filter(listed=True)] == ["Downtime"]
    entry = CreditEntry.objects.latest("pk")
    assert (entry.kind, entry.amount, entry.words, entry.actor_name) == (
        "adjust", usd("2.50"), "Carried over", "olga",
    )  # fmt: skip
    assert_invariants()


def test_a_lower_balance_is_taken_from_the_grants(owner):
    acme = make_client()
    grant = give_credit(acme, usd("10.00"))
    set_balance(owner, acme, balance="0")
    grant.refresh_from_db()
    assert (balances_of(acme), grant.remaining) == ([usd(0)], usd(0))
    assert Activity.objects.latest("pk").summary == "Credit balance set from 10.00 USD to 0.00 USD"
    assert_invariants()


def test_each_currency_is_set_by_itself(owner):
    acme = make_client()
    give_credit(acme, Money("1.005", "KWD"))
    fill(owner, get_page(owner, profile_of(acme)), FORM, {"KWD-balance": "2.125"})
    assert balances_of(acme) == [usd(0), Money("2.125", "KWD")]
    assert_invariants()


def test_a_balance_that_moved_is_shown_and_nothing_is_saved(owner):
    acme = make_client()
    give_credit(acme, usd("10.00"))
    page = get_page(owner, profile_of(acme))
    give_credit(acme, usd("5.00"))
    with nothing_changes():
        refused = fill(owner, page, FORM, usd_fields({"balance": "12.50", "reason": "Carried over"}) | {"city": "Bern"})
    shown = parse(refused)
    assert refused.status_code == 422
    assert shown.one("[role=alert]").text == (
        "The balance has moved from 10.00 USD to 15.00 USD since this page was opened. "
        "Nothing was saved; look at the new figure and decide again."
    )
    form = values_of(shown.one(FORM))
    assert [form[name] for name in ("USD-seen", "USD-balance", "USD-reason", "city")] == [
        "15.00", "12.50", "Carried over", "Bern",
    ]  # fmt: skip
    assert shown.one("#balances dd").text == "15.00 USD"
    assert fill(owner, shown, FORM).status_code == 302
    acme.refresh_from_db()
    assert (balances_of(acme), acme.city) == ([usd("12.50")], "Bern")
    assert_invariants()


def test_profile_and_balance_are_saved_by_one_button(owner):
    acme = make_client("Acme Ltd")
    answer = fill(owner, get_page(owner, profile_of(acme)), FORM, {"city": "Bern", "USD-balance": "5"}, follow=True)
    assert parse(answer).texts(".toast p") == [
        "Profile of Acme Ltd saved. Credit balance of Acme Ltd set from 0.00 USD to 5.00 USD."
    ]
    acme.refresh_from_db()
    assert (acme.city, balances_of(acme)) == ("Bern", [usd(5)])
    assert len(get_page(owner, profile_of(acme)).all("main form button[type=submit]")) == 1
    assert_invariants()


def test_a_profile_that_moved_saves_no_balance_and_keeps_it_typed(owner):
    acme = make_client("Acme Ltd")
    page = get_page(owner, profile_of(acme))
    edit_client(client=acme, by=None, city="Chur")
    with nothing_changes():
        answer = fill(owner, page, FORM, {"city": "Bern", "USD-balance": "5", "USD-reason": "Carried over"})
    assert answer.status_code == 422
    shown = parse(answer)
    values = values_of(shown.one(FORM))
    assert (values["city"], values["USD-balance"], values["USD-reason"]) == ("Bern", "5", "Carried over")
    assert fill(owner, shown, FORM).status_code == 302
    assert balances_of(acme) == [usd(5)]


def test_an_error_of_the_profile_saves_no_balance(owner):
    acme = make_client("Acme Ltd")
    with nothing_changes():
        answer = fill(owner, get_page(owner, profile_of(acme)), FORM, {"email": "nonsense", "USD-balance": "5"})
    assert answer.status_code == 422
    assert values_of(parse(answer).one(FORM))["USD-balance"] == "5"


def test_a_balance_nobody_touched_may_move_meanwhile(owner):
    acme = make_client("Acme Ltd")
    page = get_page(owner, profile_of(acme))
    give_credit(acme, usd(5))
    assert fill(owner, page, FORM, {"city": "Bern"}).status_code == 302
    acme.refresh_from_db()
    assert (acme.city, balances_of(acme)) == ("Bern", [usd(5)])


def test_a_reason_for_no_change_is_not_lost_in_silence(owner):
    acme = make_client("Acme Ltd")
    with nothing_changes():
        answer = set_balance(owner, acme, reason="Carried over")
    assert parse(answer).texts(".field-error") == ["The balance is the same; give the one that the reason is for."]


def test_who_may_only_set_balances_sets_them_and_nothing_else(client):
    acme = make_client("Acme Ltd")
    user = make_staff(VIEWER)
    user.user_permissions.add(Permission.objects.get(codename="adjust_balance"))
    client.force_login(user)
    answer = fill(client, get_page(client, profile_of(acme)), FORM, {"USD-balance": "5", "city": "Bern"})
    assert answer.status_code == 302
    acme.refresh_from_db()
    assert (acme.city, balances_of(acme)) == ("", [usd(5)])


def test_the_same_form_posted_twice_counts_once_and_says_so(owner):
    acme = make_client()
    page = get_page(owner, profile_of(acme))
    assert fill(owner, page, FORM, {"USD-balance": "12.50"}).status_code == 302
    with nothing_changes():
        again = fill(owner, page, FORM, {"USD-balance": "12.50"})
    assert again.status_code == 422
    assert "moved from 0.00 USD to 12.50 USD" in parse(again).one("[role=alert]").text


def test_the_balance_that_it_already_has_is_no_success(owner):
    acme = make_client()
    give_credit(acme, usd("10.00"))
    with nothing_changes():
        answer = set_balance(owner, acme, balance="10")
    assert [str(each) for each in get_messages(answer.wsgi_request)] == ["Nothing was changed on the profile."]


@pytest.mark.parametrize(
    ("typed", "currency", "said"),
    [*REFUSED, ("-5", "USD", "must not be negative"), ("−0.01", "USD", "must not be negative")],
)
def test_what_is_no_balance_is_refused_beside_the_field(owner, typed, currency, said):
    acme = make_client(currency=currency)
    with nothing_changes():
        answer = set_balance(owner, acme, balance=typed)
    page = parse(answer)
    assert answer.status_code == 422
    (error,) = page.texts(".field-error")
    assert said in error
    assert page.one(f"#id_{currency}-balance")["aria-invalid"] == "true"


@pytest.mark.parametrize("typed", ["NaN", "", "1e400", "0.001"])
def test_a_form_whose_seen_balance_was_tampered_with_is_refused(owner, typed):
    acme = make_client()
    with nothing_changes():
        answer = set_balance(owner, acme, balance="5", seen=typed)
    assert answer.status_code == 422
    assert "This form is not as it was sent out. Open the Profile again." in " ".join(
        parse(answer).texts("[role=alert]")
    )


def test_a_reason_longer_than_the_ledger_keeps_is_refused(owner):
    acme = make_client()
    with nothing_changes():
        answer = set_balance(owner, acme, balance="5", reason="x" * 501)
    assert "500" in parse(answer).one("#id_USD-reason_error").text


@pytest.mark.parametrize("group", [VIEWER, BILLING])
def test_the_field_is_only_for_those_who_may(client, group):
    acme = make_client()
    give_credit(acme, usd(7))
    client.force_login(make_staff(group))
    page = get_page(client, profile_of(acme))
    assert page.all("[name$=balance]") == []
    assert page.one("#credit-balance li").text == "7.00 USD"
    with nothing_changes():
        answer = client.post(profile_of(acme), {"USD-seen": "7.00", "USD-balance": "5"})
    assert answer.status_code == 403
