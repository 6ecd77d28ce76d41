"""The Profile tab."""

from decimal import Decimal

import pytest

from billing_admin.staff.groups import BILLING, VIEWER
from clients.models import Activity, Client, ClientGroup
from clients.services.profile import edit_client
from tests.factories import give_credit, make_client, make_staff, usd
from tests.pages import fill, get_page, parse, values_of
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    client.force_login(make_staff(username="ann"))
    return client


def url_of(client_account):
    return f"/clients/{client_account.number}/profile/"


def test_it_shows_what_is_stored(signed_in):
    acme = make_client("Łódź GmbH", city="Łódź", tax_exempt=True, credit_use="never", status="inactive", currency="KWD")
    page = get_page(signed_in, url_of(acme))
    values = values_of(page.one("#profile"))
    shown = {name: values[name] for name in ("company_name", "city", "tax_exempt", "credit_use", "status", "currency")}
    assert shown == {
        "company_name": "Łódź GmbH", "city": "Łódź", "tax_exempt": "on", "credit_use": "never", "status": "inactive",
        "currency": "KWD",
    }  # fmt: skip
    assert page.one(".tabs [aria-current]").text == "Profile"


def test_sending_it_as_it_came_changes_nothing_and_says_so(signed_in):
    acme = make_client("Łódź GmbH", first_name="Zoë", country="PL", tax_exempt=True)
    with nothing_changes():
        answer = fill(signed_in, get_page(signed_in, url_of(acme)), "#profile", follow=True)
    page = parse(answer)
    assert page.texts(".toast p") == ["Nothing was changed on the profile."]
    assert page.all(".toast-good") == []


def test_every_field_can_be_changed_and_the_activity_says_which(signed_in):
    acme, resellers = make_client("Acme"), ClientGroup.objects.create(name="Resellers")
    typed = {
        "company_name": "Globex",
        "status": "inactive",
        "group": str(resellers.pk),
        "tax_exempt": "on",
        "credit_use": "never",
    }
    answer = fill(signed_in, get_page(signed_in, url_of(acme)), "#profile", typed, follow=True)
    assert answer.redirect_chain == [(url_of(acme), 302)]
    assert parse(answer).texts(".toast p") == ["Profile of Globex saved."]
    acme.refresh_from_db()
    assert (acme.company_name, acme.status, acme.group, acme.tax_exempt, acme.credit_use) == (
        "Globex", "inactive", resellers, True, "never",
    )  # fmt: skip
    newest = Activity.objects.latest("id")
    assert (newest.actor_name, newest.verb, newest.data["company_name"]) == ("ann", "client.edited", ["Acme", "Globex"])
    assert newest.summary == "Profile changed: company name, status, group, tax exempt, automatic use of credit"


def test_an_error_stands_beside_its_field_and_what_was_typed_stays(signed_in):
    acme = make_client("Acme")
    page = get_page(signed_in, url_of(acme))
    with nothing_changes():
        answer = fill(signed_in, page, "#profile", {"company_name": "Globex", "email": "nonsense", "country": "1"})
    assert answer.status_code == 422
    page = parse(answer)
    assert {field.one("label").text: field.one(".field-error").text for field in page.all(".field-invalid")} == {
        "E-mail address": "Enter a valid email address.",
        "Country": "“1” is not the code or name of a country. Give one, as in US or Austria.",
    }
    assert page.one("[name=email]")["value"] == "nonsense"
    assert page.one("h1").text == "Acme"  # the frame shows what is stored, not what was typed


def test_taking_the_last_name_away_is_refused_in_words(signed_in):
    acme = make_client("Acme")
    with nothing_changes():
        answer = fill(signed_in, get_page(signed_in, url_of(acme)), "#profile", {"company_name": ""})
    assert parse(answer).one("[data-error-summary] p").text == "Give a first name, a last name or a company name."


def test_a_field_that_both_changed_is_shown_beside_what_was_typed(signed_in):
    acme = make_client("Acme", phone="1")
    page = get_page(signed_in, url_of(acme))
    edit_client(client=acme, by=None, phone="2", tax_exempt=True, status="closed", country="AT", tax_rate=Decimal(20))
    typed = {"city": "Bern", "phone": "3", "status": "inactive", "country": "Germany"}
    with nothing_changes():
        answer = fill(signed_in, page, "#profile", typed)
    assert answer.status_code == 422
    page = parse(answer)
    assert page.texts("[data-error-summary] > p") == [
        "Somebody else changed the same meanwhile. Nothing was saved.",
        "Changed by somebody else meanwhile, and on this form now: Tax exempt, Tax rate, %.",
        "Save again to store what is on the form.",
    ]
    assert {field.one("label").text: field.one(".field-error").text for field in page.all(".field-invalid")} == {
        "Phone": "Changed by somebody else meanwhile; stored now: “2”.",
        "Country": "Changed by somebody else meanwhile; stored now: “Austria (AT)”.",
        "Status": "Changed by somebody else meanwhile; stored now: “Closed”.",
    }
    values = values_of(page.one("#profile"))
    assert {name: values[name] for name in (*typed, "tax_exempt", "tax_rate")} == {
        **typed, "tax_exempt": "on", "tax_rate": "20",
    }  # fmt: skip

    assert fill(signed_in, page, "#profile", {"phone": "2"}).status_code == 302
    stored = Client.objects.get()
    assert (stored.phone, stored.city, stored.tax_exempt, stored.status) == ("2", "Bern", True, "inactive")


def test_a_field_that_only_somebody_else_changed_keeps_what_they_saved(signed_in):
    acme, resellers = make_client("Acme", phone="1", tax_exempt=True), ClientGroup.objects.create(name="Resellers")
    page = get_page(signed_in, url_of(acme))
    edit_client(client=acme, by=None, phone="2", tax_exempt=False, group=resellers, status="closed")
    assert fill(signed_in, page, "#profile", {"city": "Bern"}).status_code == 302
    stored = Client.objects.get()
    assert (stored.city, stored.phone, stored.tax_exempt, stored.group, stored.status) == (
        "Bern", "2", False, resellers, "closed",
    )  # fmt: skip
    assert Activity.objects.latest("id").summary == "Profile changed: city"


@pytest.mark.parametrize("seen", ["", "yesterday", "2026-01-01", None])
def test_a_form_that_does_not_say_what_was_seen_is_refused(signed_in, seen):
    acme = make_client("Acme")
    page = get_page(signed_in, url_of(acme))
    with nothing_changes():
        answer = fill(signed_in, page, "#profile", {"company_name": "Globex", "seen": seen})
    assert answer.status_code == 422
    assert parse(answer).texts("[data-error-summary] p") == ["This form is not as it was sent out. Open it again."]


def test_an_owner_has_a_credit_balance_field_for_each_currency_held(signed_in):
    acme = make_client("Acme", currency="EUR")
    give_credit(acme, usd("1234.50"))
    fields = get_page(signed_in, url_of(acme)).all("#profile .balance-form")
    assert [(field.all("label")[0].text, field.one("[name$=balance]")["value"]) for field in fields] == [
        ("Credit Balance (EUR)", "0.00"),
        ("Credit Balance (USD)", "1234.50"),
    ]


def test_the_credit_balance_field_is_kept_from_those_who_may_not_set_it(client):
    client.force_login(make_staff(BILLING))
    assert get_page(client, url_of(make_client())).all("[name$=balance]") == []


def test_a_viewer_sees_the_profile_and_can_change_nothing(client):
    client.force_login(make_staff(VIEWER))
    acme = make_client("Acme")
    page = get_page(client, url_of(acme))
    form = page.one("#profile")
    assert form.one(".panel-note").text.startswith("You may look at this profile")
    assert form.all("button") == []
    assert [field["name"] for field in form.all("input, select") if "disabled" not in field.attributes] == [
        "csrfmiddlewaretoken"
    ]
    with nothing_changes():
        assert client.post(url_of(acme), {"company_name": "Globex", "currency": "USD"}).status_code == 403


def test_a_number_that_nobody_has_is_not_found(signed_in):
    assert signed_in.get("/clients/999999/profile/").status_code == 404


def test_a_language_is_of_the_list_or_the_one_that_is_stored(client):
    client.force_login(make_staff())
    acme = make_client(language="tlh")
    page = get_page(client, f"/clients/{acme.number}/profile/")
    offered = {option["value"]: option.text for option in page.all("[name=language] option")}
    assert (offered[""], offered["pt-br"], offered["tlh"]) == ("Not said", "Brazilian Portuguese (pt-br)", "tlh")
    assert fill(client, page, "#profile", {"city": "Bern"}).status_code == 302
    assert fill(client, page, "#profile", {"language": "nonsense"}).status_code == 422
    assert fill(client, page, "#profile", {"language": "de"}).status_code == 302
    acme.refresh_from_db()
    assert (acme.city, acme.language) == ("Bern", "de")
