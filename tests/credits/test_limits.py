"""The limit per currency of credit given by hand."""

from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from djmoney.money import Money

from billing_admin.errors import BusinessError
from billing_admin.staff.groups import BILLING, OWNER, VIEWER
from clients.models import Activity
from credits.models import CreditSettings
from credits.selectors.balances import balances_of
from credits.services.adjust import adjust_balance
from credits.services.limits import AboveLimit, set_credit_limits
from tests.commands import run_command
from tests.factories import give_credit, make_client, make_staff, usd
from tests.invariants import assert_invariants
from tests.jobs import do_jobs
from tests.pages import fill, get_page, parse, values_of
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

SETTINGS = reverse("settings")
LIMITS = "form:has([name=largest_grants])"
REFUSED = (
    "Nothing was given of 5,000.00 USD: it is above the limit of 1,000.00 USD. "
    "Tick “Yes, give 5,000.00 USD: it is above the limit of 1,000.00 USD”."
)


@pytest.fixture
def limited():
    """A limit of 1,000.00 USD and of 100,000 JPY."""
    set_credit_limits(largest_grants={"USD": Decimal(1000), "JPY": Decimal(100_000)}, by=None)


@pytest.fixture
def owner(client):
    client.force_login(make_staff(OWNER, username="olga"))
    return client


def sign_in(browser, group):
    browser.force_login(make_staff(group))
    return browser


def popup(acme):
    return reverse("credits:manage", args=[acme.number])


def test_without_a_limit_any_amount_is_given():
    assert give_credit(make_client(), usd("900000000000000")).amount == usd("900000000000000")


def test_credit_above_the_limit_is_refused_with_the_figures(limited):
    acme = make_client()
    with nothing_changes(), pytest.raises(AboveLimit, match=r"above the limit of 1,000\.00 USD") as refused:
        give_credit(acme, usd("1000.01"))
    assert (refused.value.field, refused.value.amount) == ("above_limit", usd("1000.01"))
    assert give_credit(acme, usd(1000)).amount == usd(1000)
    assert give_credit(acme, Money(5000, "EUR")).amount == Money(5000, "EUR")  # of which there is no limit
    with pytest.raises(AboveLimit, match="100,001 JPY: it is above the limit of 100,000 JPY"):
        give_credit(acme, Money(100_001, "JPY"))


def test_only_the_very_amount_that_was_agreed_to_is_given(limited):
    acme = make_client()
    for agreed in (usd(4999), Money(5000, "EUR"), None):
        with nothing_changes(), pytest.raises(AboveLimit):
            give_credit(acme, usd(5000), agreed=agreed)
    assert give_credit(acme, usd(5000), agreed=usd(5000)).amount == usd(5000)


def test_a_balance_is_raised_above_the_limit_only_when_agreed(limited):
    acme = make_client()
    give_credit(acme, usd(900))
    raised = partial(adjust_balance, client=acme, seen=usd(900), balance=usd(2900), by=None)
    with nothing_changes(), pytest.raises(AboveLimit, match=r"Nothing was given of 2,000\.00 USD"):
        raised()
    raised(agreed=usd(2000))
    adjust_balance(client=acme, seen=usd(2900), balance=usd(0), by=None)  # taking away has no limit
    assert balances_of(acme) == [usd(0)]
    assert_invariants()


def test_the_popup_asks_and_the_tick_counts_for_its_figure(limited, client):
    acme, billing = make_client(), sign_in(client, BILLING)
    page = get_page(billing, popup(acme))
    assert page.all("[name=above_limit]") == []
    with nothing_changes():
        asked = parse(fill(billing, page, "#add-credit", {"amount": "5000", "description": "Outage"}))
    assert asked.one("#id_above_limit_error").text == REFUSED
    assert asked.one("#add-credit [name=above_limit]")["value"] == "5,000.00 USD"
    assert asked.texts(".field-check label") == ["Yes, give 5,000.00 USD: it is above the limit of 1,000.00 USD"]
    with nothing_changes():
        other = fill(billing, asked, "#add-credit", {"amount": "50000", "above_limit": "5,000.00 USD"})
    again = parse(other)
    assert other.status_code == 422
    assert again.one("[name=above_limit]")["value"] == "50,000.00 USD"
    assert "checked" not in again.one("[name=above_limit]").attributes
    typed = values_of(asked.one("#add-credit")) | {"above_limit": "5,000.00 USD"}
    billing.post(popup(acme), typed)
    assert balances_of(acme) == [usd(5000)]
    with nothing_changes():
        billing.post(popup(acme), typed)


def test_a_tick_without_need_does_no_harm(client):
    acme, billing = make_client(), sign_in(client, BILLING)
    typed = {"amount": "5", "description": "Outage", "above_limit": "<b>5,000.00 USD</b>"}
    billing.post(popup(acme), values_of(get_page(billing, popup(acme)).one("#add-credit")) | typed)
    assert balances_of(acme) == [usd(5)]


def test_the_profile_asks_too(limited, owner):
    acme = make_client()
    url = reverse("clients:profile", args=[acme.number])
    with nothing_changes():
        asked = parse(fill(owner, get_page(owner, url), "#profile", {"USD-balance": "5000"}))
    assert REFUSED in asked.one("#credit-balance").text
    assert fill(owner, asked, "#profile", {"USD-above_limit": "5,000.00 USD"}).status_code == 302
    assert balances_of(acme) == [usd(5000)]


def test_settings_keep_the_limits_and_write_them_down(owner):
    page = get_page(owner, SETTINGS)
    saved = fill(owner, page, LIMITS, {"largest_grants": "1,000.00 usd\n100000 JPY\n0.001 BHD"})
    assert saved.status_code == 302
    limits = {"BHD": "0.001", "JPY": "100000", "USD": "1000.00"}
    assert CreditSettings.objects.get().largest_grants == limits
    row = Activity.objects.latest("id")
    assert row.words == "Limits of credit given by hand: 0.001 BHD, 100,000 JPY, 1,000.00 USD"
    assert (row.verb, row.data) == ("credit_settings.changed", {"before": {}, "after": limits})
    with nothing_changes():
        fill(owner, get_page(owner, SETTINGS), LIMITS)
    fill(owner, get_page(owner, SETTINGS), LIMITS, {"largest_grants": ""})
    assert CreditSettings.objects.get().largest_grants == {}


@pytest.mark.parametrize(
    "typed", ["0 USD", "-5 USD", "1.5 JPY", "1.001 USD", "5 XXX", "5", "1e5 USD", "5 USD\n6 usd", "<b>5</b> USD"]
)
def test_settings_refuse_what_is_no_limit(owner, typed):
    with nothing_changes():
        answer = fill(owner, get_page(owner, SETTINGS), LIMITS, {"largest_grants": typed})
    assert answer.status_code == 422
    assert parse(answer).all("#id_limits_largest_grants_error")


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-1), Decimal("0.001")])
def test_the_service_refuses_what_is_no_limit(amount):
    with nothing_changes(), pytest.raises(BusinessError):
        set_credit_limits(largest_grants={"USD": amount}, by=None)


@pytest.mark.parametrize("stored", ['{"usd": "1"}', '{"USD": "0.00"}', '{"USD": "-1"}', '{"USD": 1}', "[]", '"1"'])
def test_the_database_refuses_what_is_no_limit(limited, stored):
    with pytest.raises(IntegrityError, match="credit_settings_largest_grants"), transaction.atomic():
        connection.cursor().execute("UPDATE credits_creditsettings SET largest_grants = %s", [stored])


def test_who_may_not_set_limits_sees_them(limited, client):
    viewer = sign_in(client, VIEWER)
    page = get_page(viewer, SETTINGS)
    assert "100,000 JPY, 1,000.00 USD" in page.one("dl.facts").text
    assert page.all("[name=largest_grants]") == []
    with nothing_changes():
        assert viewer.post(SETTINGS, {"largest_grants": ""}).status_code == 403


def test_a_command_gives_above_the_limit_with_yes(limited, credit_file):
    acme = make_client()
    file = credit_file(*[f"{acme.number},{amount},USD,Outage,,,," for amount in (1000, 2000, 5000)])
    with nothing_changes():
        ran = run_command("grant_credit", file, "--no-input")
    above = "downtime.csv has 2 credits of up to 5,000.00 USD, above the limit of 1,000.00 USD."
    assert above in ran.printed
    assert ran.error == "Nothing was booked. To give them all the same, add --yes."
    assert run_command("grant_credit", file, "--no-input", "--yes").error == ""
    assert balances_of(acme) == [usd(8000)]
    assert_invariants()


def test_the_bulk_page_asks_once_for_all_rows(limited, client, credit_file):
    acme, billing = make_client(), sign_in(client, BILLING)
    file = credit_file(f"{acme.number},2000,USD,Outage,,,,", f"{acme.number},5000,USD,Outage,,,,")
    with file.open("rb") as opened:
        url = billing.post(reverse("credits:upload"), {"file": opened}).headers["Location"]
    form = "form[method=post].panel"
    page = get_page(billing, url)
    agreed = "2 credits of up to 5,000.00 USD, above the limit of 1,000.00 USD"
    assert page.one("[name=above_limit]")["value"] == agreed
    with nothing_changes():
        assert f"There are {agreed}." in parse(fill(billing, page, form)).one("#id_above_limit_error").text
    set_credit_limits(largest_grants={"USD": Decimal(500)}, by=None)
    with nothing_changes():  # the tick was for another limit
        assert fill(billing, page, form, {"above_limit": agreed}).status_code == 422
    page = get_page(billing, url)
    assert fill(billing, page, form, {"above_limit": page.one("[name=above_limit]")["value"]}).status_code == 302
    assert do_jobs() == 1
    assert balances_of(acme) == [usd(7000)]
