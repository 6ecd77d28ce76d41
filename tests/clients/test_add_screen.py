"""Add Client: a popup and a page of its own."""

import pytest

from billing_admin.staff.groups import BILLING, VIEWER
from clients.models import Activity, Client, ClientGroup
from tests.factories import make_client, make_staff
from tests.pages import fill, get_page, parse
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

IN_DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}


@pytest.fixture
def signed_in(client):
    client.force_login(make_staff(BILLING, username="ann"))
    return client


def send(signed_in, headers=None, **typed):
    """Open the page, type into it and send it."""
    return fill(signed_in, get_page(signed_in, "/clients/add/"), "main form", typed, headers=headers)


def errors(page):
    return {field.one("label").text: field.one(".field-error").text for field in page.all(".field-invalid")}


def test_a_page_of_its_own_with_every_field_of_the_profile(signed_in):
    page = get_page(signed_in, "/clients/add/")
    assert (page.one("h1").text, page.one("main .btn-primary").text) == ("Add Client", "Add Client")
    assert page.texts("main section h2") == ["Person and company", "Address", "Billing", "E-invoices"]
    assert page.texts("main .field label") == [
        "First name", "Last name", "Company name", "Tax ID", "E-mail address", "Phone", "No mail", "Address",
        "Address, second line",
        "Postcode", "City", "State or region", "Country", "Currency", "Group", "Automatic use of credit", "Language",
        "Purchase-order number", "Tax rate, %", "Tax exempt", "Why exempt", "Reason in words", "E-invoice",
        "Buyer reference", "Kind of electronic address", "Electronic address", "Registration number",
    ]  # fmt: skip
    assert page.one("select[name=currency] option[selected]").text == "USD"
    assert page.one("main a.btn")["href"] == "/clients/"


def test_in_the_dialog_it_is_a_fragment_with_the_first_field_focused(signed_in):
    page = get_page(signed_in, "/clients/add/", headers=IN_DIALOG)
    assert page.all("header.bar") == []
    assert page.one("#dialog-title").text == "Add Client"
    assert page.one("[autofocus]")["name"] == "first_name"
    assert "HX-Request" in page.response.headers["Vary"]


def test_adding_leads_to_the_summary_and_says_the_number(signed_in):
    resellers = ClientGroup.objects.create(name="Resellers")
    typed = {
        "first_name": "Zoë", "last_name": "Öztürk", "company_name": "Łódź GmbH", "email": "zoe@example.com",
        "phone": "+48 1", "tax_id": "PL1", "address_1": "Ulica 1", "address_2": "Piętro 2", "city": "Łódź",
        "region": "LD", "postcode": "90-001", "country": "pl", "currency": "EUR",
        "group": str(resellers.pk), "tax_exempt": "on", "credit_use": "whole", "language": "pl",
    }  # fmt: skip
    answer = send(signed_in, **typed)
    added = Client.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/clients/{added.number}/")
    stored = {name: getattr(added, name) for name in typed}
    assert stored == {**typed, "country": "PL", "group": resellers, "tax_exempt": True}
    assert added.status == "active"
    opened = Activity.objects.get(client=added)
    assert (opened.actor_name, opened.summary) == ("ann", "Client Łódź GmbH added")
    page = get_page(signed_in, f"/clients/{added.number}/")
    assert page.texts(".toast p") == [f"Client Łódź GmbH added with the number {added.number}."]


def test_in_the_dialog_adding_sends_the_browser_to_the_summary(signed_in):
    answer = send(signed_in, headers=IN_DIALOG, company_name="Acme")
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, f"/clients/{Client.objects.get().number}/")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"company_name": "A", "email": "not an address"}, {"E-mail address": "Enter a valid email address."}),
        (
            {"company_name": "A", "country": "Austri"},
            {"Country": "“Austri” is not the code or name of a country. Did you mean Austria (AT)?"},
        ),
        (
            {"company_name": "A", "country": "1!"},
            {"Country": "“1!” is not the code or name of a country. Give one, as in US or Austria."},
        ),
        (
            {"company_name": "A", "currency": "XXX"},
            {"Currency": "Select a valid choice. XXX is not one of the available choices."},
        ),
        (
            {"company_name": "A", "credit_use": "sometimes"},
            {"Automatic use of credit": "Select a valid choice. sometimes is not one of the available choices."},
        ),
        ({"company_name": "x" * 201}, {"Company name": "Ensure this value has at most 200 characters (it has 201)."}),
        ({"company_name": "a\0b"}, {"Company name": "Null characters are not allowed."}),
    ],
)
def test_a_field_that_is_wrong_says_so_and_nothing_is_added(signed_in, typed, expected):
    with nothing_changes():
        answer = send(signed_in, **typed)
    assert answer.status_code == 422
    page = parse(answer)
    assert errors(page) == expected
    # A browser reads a null character as the sign for what cannot be shown.
    assert page.one("[name=company_name]")["value"] == typed["company_name"].replace("\0", "\ufffd")


def test_a_client_without_any_name_is_refused_in_words(signed_in):
    with nothing_changes():
        answer = send(signed_in, email="a@example.com")
    assert answer.status_code == 422
    assert parse(answer).one("[data-error-summary] p").text == "Give a first name, a last name or a company name."


def test_an_empty_post_is_refused_too(signed_in):
    with nothing_changes():
        assert signed_in.post("/clients/add/").status_code == 422


def test_an_address_that_a_client_already_has_names_the_client_and_asks(signed_in):
    acme = make_client("Acme <Ltd>", email="Billing@Acme.example")
    with nothing_changes():
        answer = send(signed_in, company_name="Acme again", email="billing@acme.example")
    assert answer.status_code == 422
    page = parse(answer)
    assert errors(page) == {"E-mail address": "Another client already has this e-mail address."}
    assert page.all("[autofocus]") == []  # the focus goes to the error
    assert page.one("#duplicates p").text == "Is it this client?"
    assert page.texts("#duplicates li") == [f"Acme <Ltd>, No. {acme.number} Billing@Acme.example"]
    assert page.one("#duplicates").links() == {f"Acme <Ltd>, No. {acme.number}": f"/clients/{acme.number}/"}
    assert "checked" not in page.one("[name=add_anyway]").attributes


def test_ticking_add_anyway_adds_the_second(signed_in):
    make_client("Acme", email="billing@acme.example")
    page = parse(send(signed_in, company_name="Acme again", email="billing@acme.example"))
    answer = fill(signed_in, page, "main form", {"add_anyway": "on"})
    assert answer.status_code == 302
    assert list(Client.objects.order_by("number").values_list("company_name", flat=True)) == ["Acme", "Acme again"]


def test_clients_without_an_address_are_no_duplicates_of_each_other(signed_in):
    make_client("Acme", email="")
    assert send(signed_in, company_name="Globex").status_code == 302


def test_the_tick_stays_out_of_sight_until_there_is_something_to_confirm(signed_in):
    assert get_page(signed_in, "/clients/add/").all("[name=add_anyway]") == []


def test_a_viewer_may_not_add(client):
    client.force_login(make_staff(VIEWER))
    with nothing_changes():
        assert client.get("/clients/add/").status_code == 403
        assert client.post("/clients/add/", {"company_name": "Acme", "currency": "USD"}).status_code == 403
