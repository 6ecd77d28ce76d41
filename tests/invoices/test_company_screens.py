"""Settings → Company and its rates: what staff see, type and are told."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from billing_admin.documents import press
from billing_admin.staff.groups import BILLING
from invoices.models import ExchangeRate, SellerVersion
from invoices.services.company import save_company
from tests.factories import make_staff
from tests.invoices.test_company import IBAN, SQUARE
from tests.pages import fill, get_page, parse, values_of
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

COMPANY, RATES = "/settings/company/", "/settings/company/rates/"
TYPED = {
    "legal_name": "Hoster GmbH", "country": "Germany", "vat_id": "de 123456789", "accounting_currency": "EUR",
    "bank_accounts-0-currency": "EUR", "bank_accounts-0-iban": IBAN, "terms_de": "Sofort",
}  # fmt: skip


def toast(answer):
    return parse(answer).one("#toasts p").text


@pytest.fixture
def owner(client):
    client.force_login(make_staff())
    return client


def test_the_company_is_filled_in_and_shown(owner):
    page = get_page(owner, COMPANY)
    answer = fill(owner, page, "#company", {**TYPED, "logo_file": SimpleUploadedFile("logo.svg", SQUARE)}, follow=True)
    assert toast(answer) == "Company saved. It is on what is issued from now on; what is issued stays."
    company = SellerVersion.objects.get()
    assert (company.country, company.vat_id, company.terms) == ("DE", "DE123456789", {"de": "Sofort"})
    values = values_of(parse(answer).one("#company"))
    assert (values["country"], values["bank_accounts-0-iban"], values["bank_accounts-1-iban"]) == (
        "Germany (DE)", IBAN, "",
    )  # fmt: skip
    assert parse(answer).one("#preview img")["src"] == f"{COMPANY}preview.png"
    for picture in ("preview.png", "logo.png"):
        got = owner.get(COMPANY + picture)
        assert (got["Content-Type"], got["X-Content-Type-Options"]) == ("image/png", "nosniff")
        assert got.content.startswith(b"\x89PNG")
    with nothing_changes():
        again = fill(owner, parse(answer), "#company")
    assert "The company is so already; nothing was changed." in parse(again).one(".alert-danger").text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"legal_name": ""}, "legal_name"),
        ({"country": ""}, "country"),
        ({"country": "Nowhere"}, "country"),
        ({"vat_id": "1"}, "vat_id"),
        ({"bank_accounts-0-iban": "DE1"}, "bank_accounts"),
        ({"electronic_address": "x"}, "electronic_scheme"),
        ({"accent": "red"}, "accent"),
        ({"logo_file": SimpleUploadedFile("logo.png", b"no picture")}, "logo_file"),
        ({"logo_file": SimpleUploadedFile("logo.png", b"\x89PNG\r\n\x1a\n" * 200_000)}, "logo_file"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(owner, typed, field):
    with nothing_changes():
        answer = fill(owner, get_page(owner, COMPANY), "#company", {**TYPED, **typed})
    assert answer.status_code == 422
    assert len(parse(answer).all(f"#id_{field}_error")) == 1


def test_what_another_saved_is_shown_beside_what_was_typed(owner):
    fill(owner, get_page(owner, COMPANY), "#company", TYPED)
    page = get_page(owner, COMPANY)
    save_company(by=None, legal_name="Other GmbH", bank_accounts=[])
    with nothing_changes():
        answer = parse(fill(owner, page, "#company", {"legal_name": "Third GmbH"}))
    assert "“Other GmbH”" in answer.one("#id_legal_name_error").text
    assert values_of(answer.one("#company"))["bank_accounts-0-iban"] == ""
    fill(owner, answer, "#company")
    company = SellerVersion.objects.current()
    assert (company.legal_name, company.bank_accounts) == ("Third GmbH", [])


def test_the_picture_follows_what_is_typed(owner):
    typed = values_of(get_page(owner, COMPANY).one("#company")) | TYPED
    with nothing_changes():
        first = parse(owner.post(reverse("invoices:company_preview"), typed)).one("img")["src"]
        other = parse(owner.post(reverse("invoices:company_preview"), typed | {"legal_name": "X AG"})).one("img")["src"]
        faulty = parse(owner.post(reverse("invoices:company_preview"), typed | {"accent": "red"})).one("img")["src"]
    assert first.startswith("data:image/png;base64,")
    assert first != other
    assert faulty == first


def test_before_there_is_a_company_there_is_no_picture_and_no_rate(owner):
    assert get_page(owner, COMPANY).all("#preview img") == []
    for picture in ("preview.png", "logo.png"):
        assert owner.get(COMPANY + picture).status_code == 404
    assert get_page(owner, RATES).links()["Fill in the company"] == COMPANY


def test_a_picture_that_cannot_be_drawn_says_why(owner, monkeypatch):
    save_company(by=None, legal_name="Hoster GmbH", country="DE", accounting_currency="EUR")
    monkeypatch.setattr(press, "_SECONDS", 0.001)
    answer = owner.get(f"{COMPANY}preview.png")
    assert (answer.status_code, answer.content[:31]) == (422, b"The document could not be made:")


def test_a_rate_is_set_and_listed(owner):
    save_company(by=None, legal_name="Hoster GmbH", country="DE", accounting_currency="EUR")
    page = get_page(owner, RATES)
    typed = {"currency": "USD", "day": "2026-03-01", "rate": "0.925"}
    answer = fill(owner, page, "form.panel", typed, follow=True)
    assert toast(answer) == "1 USD = 0.925 EUR from 1 Mar 2026 on."
    assert parse(answer).texts("#rates tbody td")[:3] == ["1 Mar 2026", "USD", "1 USD = 0.925 EUR"]
    with nothing_changes():
        again = fill(owner, page, "form.panel", typed)
    assert (again.status_code, ExchangeRate.objects.count()) == (422, 1)


def test_only_owners_may_see_and_change_it(client):
    client.force_login(make_staff(BILLING))
    for address in (COMPANY, RATES, f"{COMPANY}preview.png", f"{COMPANY}logo.png"):
        assert client.get(address).status_code == 403
    with nothing_changes():
        assert client.post(COMPANY, TYPED).status_code == 403
        assert client.post(reverse("invoices:company_preview"), TYPED).status_code == 403


def test_every_page_of_the_settings_marks_its_tab(owner):
    tabs = get_page(owner, COMPANY).one("nav[aria-label=Settings]").links()
    assert RATES in tabs.values()
    for label, url in tabs.items():
        assert get_page(owner, url).texts("nav[aria-label=Settings] [aria-current=page]") == [label]
