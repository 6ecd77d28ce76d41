"""The pages Tax and Numbering."""

import pytest
from django.urls import reverse
from django.utils import timezone

from billing_admin.staff.groups import BILLING, OWNER, VIEWER
from clients.models import Client
from invoices.models import NumberFormat, TaxRate, TaxSettings
from tests.factories import make_client, make_staff
from tests.pages import fill, get_page, parse, values_of
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

TAX, ADD, NUMBERING = "/settings/tax/", "/settings/tax/add/", "/settings/numbering/"


@pytest.fixture
def owner(client):
    """A browser in which an Owner is signed in."""
    client.force_login(make_staff(OWNER))
    return client


def toast(answer):
    return parse(answer).one("#toasts p").text


def test_a_rate_is_added_changed_and_removed(owner):
    assert get_page(owner, TAX).one(".empty p").text == "No rates yet: lines that name no rate are not taxed."
    form = f'form[action="{ADD}"]'
    answer = fill(owner, get_page(owner, ADD), form, {"country": "de", "name": "MwSt", "rate": "19"}, follow=True)
    assert toast(answer) == "DE is taxed at MwSt 19% from now on."
    assert parse(answer).texts("tbody td") == ["Germany (DE)", "MwSt", "19%"]
    url = f"{TAX}{TaxRate.objects.get().pk}/"
    page = get_page(owner, url)
    assert (page.one("h1").text, page.one("#id_rate")["value"]) == ("Tax: DE", "19")
    answer = fill(owner, page, f'form[action="{url}"]', {"rate": "16"}, follow=True)
    assert toast(answer) == "DE is taxed at MwSt 16% from now on."
    with nothing_changes():
        again = fill(owner, get_page(owner, url), f'form[action="{url}"]')
    assert "is taxed at MwSt 16% already; nothing was changed." in parse(again).one("[data-error-summary]").text
    answer = fill(owner, get_page(owner, url), f'form[action="{url}"]', {"remove": "1"}, follow=True)
    assert toast(answer) == "DE is not taxed at MwSt 16% any more."
    get_page(owner, url, status=404)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"rate": "NaN"}, "rate"),
        ({"rate": "-1"}, "rate"),
        ({"rate": "100.001"}, "rate"),
        ({"rate": "1,5"}, "rate"),
        ({"rate": "1e2"}, "rate"),
        ({"rate": "0.0001"}, "rate"),
        ({"rate": ""}, "rate"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_no_rate_is_refused_beside_the_field(owner, typed, field):
    with nothing_changes():
        answer = fill(owner, get_page(owner, ADD), f'form[action="{ADD}"]', {"name": "VAT", "rate": "1", **typed})
    assert (answer.status_code, len(parse(answer).all(f"#id_{field}_error"))) == (422, 1)


def test_prices_are_switched_and_the_same_again_is_no_success(owner):
    page = get_page(owner, TAX)
    answer = fill(owner, page, "#prices", {"prices": "included"}, follow=True)
    assert toast(answer) == "Prices include tax from now on; issued invoices and drafts stay as they are."
    assert TaxSettings.objects.get().prices_include_tax
    with nothing_changes():
        again = fill(owner, parse(answer), "#prices", follow=True)
    assert toast(again) == "Prices include tax already; nothing was changed."
    assert parse(again).one("#toasts .toast")["data-toast"] == "attention"


def test_the_reason_of_exempt_lines_is_set_and_taken_away(owner):
    answer = fill(owner, get_page(owner, TAX), "#exempt", {"exempt_reason": " Article 132 "}, follow=True)
    assert toast(answer) == "Exempt lines say “Article 132” from now on."
    assert TaxSettings.objects.get().exempt_reason == "Article 132"
    with nothing_changes():
        again = fill(owner, parse(answer), "#exempt", follow=True)
    assert toast(again) == "The reason is so already; nothing was changed."
    gone = fill(owner, parse(again), "#exempt", {"exempt_reason": ""}, follow=True)
    assert toast(gone) == "Exempt lines say no reason of their own from now on."
    assert not TaxSettings.objects.get().prices_include_tax


def test_a_reason_that_is_too_long_is_refused_beside_its_field(owner):
    with nothing_changes():
        answer = fill(owner, get_page(owner, TAX), "#exempt", {"exempt_reason": "x" * 1_000})
    assert (answer.status_code, len(parse(answer).all("#id_exempt_exempt_reason_error"))) == (422, 1)


def test_the_editor_begins_with_the_clients_rate_and_the_systems_prices(owner):
    TaxRate.objects.create(country="DE", name="MwSt", rate=19)
    TaxSettings.objects.create(prices_include_tax=True)
    acme = make_client(country="DE")
    page = get_page(owner, reverse("invoices:create", args=[acme.number]))
    values = values_of(page.one("#create-invoice"))
    assert (values["line-0-tax_rate"], values["prices"]) == ("19", "included")
    assert "Usual tax: 19% (MwSt, the rate of DE)." in page.one("#lines").text
    typed = {"line-0-description": "A", "line-0-unit_price": "119.00", "preview": "1"}
    shown = parse(fill(owner, page, "#create-invoice", typed))
    assert shown.texts("#totals dd") == ["100.00", "19.00", "119.00 USD"]
    assert (
        get_page(owner, reverse("clients:summary", args=[acme.number]))
        .one("#information")
        .text.endswith("Charged at 19% (MwSt, the rate of DE)")
    )


def test_a_clients_own_rate_is_on_the_profile(owner):
    acme = make_client()
    url = reverse("clients:profile", args=[acme.number])
    fill(owner, get_page(owner, url), "#profile", {"tax_rate": "7.5"})
    assert str(Client.objects.get().tax_rate) == "7.500"
    page = get_page(owner, url)
    assert page.one("#id_tax_rate")["value"] == "7.5"
    with nothing_changes():
        assert fill(owner, page, "#profile", {"tax_rate": "1e1"}).status_code == 422
        fill(owner, page, "#profile")
    fill(owner, page, "#profile", {"tax_rate": ""})
    assert Client.objects.get().tax_rate is None


def test_prefixes_are_set_on_their_page(owner):
    page = get_page(owner, NUMBERING)
    assert page.texts(".fieldset strong") == ["INV-000001", "CN-000001"]
    answer = fill(owner, page, "#numbering-invoice", {"begins_with": "{year}-"}, follow=True)
    year = timezone.localdate().year
    assert toast(answer) == f"The next invoice gets the number {year}-000001."
    with nothing_changes():
        bad = fill(owner, parse(answer), "#numbering-credit_note", {"begins_with": "{year}-"})
    assert (bad.status_code, "the same number would stand on both" in parse(bad).one(".field-error").text) == (
        422,
        True,
    )
    with nothing_changes():
        same = fill(owner, parse(answer), "#numbering-invoice")
    assert parse(same).one(".field-error").text == "The prefix is “{year}-” already; nothing was changed."
    assert NumberFormat.objects.get().prefix == "{year}-"


@pytest.mark.parametrize("group", [BILLING, VIEWER])
def test_only_owners_set_them(client, group):
    client.force_login(make_staff(group))
    page = get_page(client, TAX)
    assert page.all("#prices button") == []
    assert "Add Tax Rate" not in page.links()
    with nothing_changes():
        assert client.post(TAX, {"prices": "included"}).status_code == 403
        assert client.post(TAX, {"exempt_reason": "x"}).status_code == 403
        assert client.post(ADD, {"name": "VAT", "rate": "1"}).status_code == 403
        assert client.post(NUMBERING, {"document": "invoice", "begins_with": "X-"}).status_code == 403
    get_page(client, NUMBERING, status=403)
