"""The company is saved: what is typed is checked, each change is a version, and the same again is none."""

from typing import Any

import pytest

from billing_admin.errors import BusinessError
from billing_admin.seen import ChangedMeanwhile, seen_of
from clients.models import Activity
from invoices.models import SellerLogo, SellerVersion
from invoices.services.company import company_fields, save_company
from tests.factories import make_staff
from tests.unchanged import nothing_changes, refused

pytestmark = pytest.mark.django_db

IBAN = "DE02120300000000202051"
SQUARE = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"


NO_COUNTRY = (
    "A VAT ID begins with its country, as in DE123456789; “123456” does not. A number without one is a tax number."
)


def account(**said: str) -> dict[str, str]:
    return {"currency": "EUR", "iban": IBAN, "account": "", "bic": "", "name": ""} | said


def save(**fields: Any) -> SellerVersion:
    company = {"legal_name": "Hoster GmbH", "country": "DE", "accounting_currency": "EUR"}
    return save_company(**{**company, **fields} if SellerVersion.objects.current() is None else fields, by=None)


def test_a_change_is_a_version_of_its_own():
    first = save(city="Berlin")
    second = save_company(by=make_staff(username="ann"), city="Potsdam", terms_de="Sofort", terms_fr="")
    assert SellerVersion.objects.current() == second
    first.refresh_from_db()
    assert (first.city, second.city, second.legal_name) == ("Berlin", "Potsdam", "Hoster GmbH")
    assert (second.terms, second.saved_by.username) == ({"de": "Sofort"}, "ann")
    assert list(Activity.objects.order_by("pk").values_list("verb", "summary")) == [
        ("company.changed", "Company is Hoster GmbH"),
        ("company.changed", "Company changed: city, payment terms"),
    ]


def test_the_same_again_is_no_version():
    save(bank_accounts=[account()])
    with refused("The company is so already; nothing was changed."):
        save(legal_name=" Hoster GmbH ", bank_accounts=[account(iban="de02 1203 0000 0000 2020 51")])


@pytest.mark.parametrize(
    ("fields", "text", "field"),
    [
        ({"legal_name": " "}, "Give the legal name.", "legal_name"),
        ({"country": ""}, "Give the country: an address on an e-invoice has one.", "country"),
        (
            {"vat_id": "123 456"},
            NO_COUNTRY,
            "vat_id",
        ),
        (
            {"electronic_scheme": "EM"},
            "An electronic address has two parts. Give the address itself, too.",
            "electronic_address",
        ),
        ({"electronic_address": "x"}, "An electronic address has two parts. Say what it is.", "electronic_scheme"),
        (
            {"electronic_scheme": "9999", "electronic_address": "x"},
            "“9999” is no scheme of the list.",
            "electronic_scheme",
        ),
        (
            {"electronic_scheme": "EM", "electronic_address": "x"},
            "“x” is not an e-mail address.",
            "electronic_address",
        ),
    ],
)
def test_what_no_document_could_say_is_refused(fields, text, field):
    with refused(text, field):
        save(**fields)


@pytest.mark.parametrize(
    ("accounts", "text"),
    [
        (
            [account(iban="DE02120300000000202052")],
            "“DE02120300000000202052” is not an IBAN: a character is wrong or missing, or two are swapped.",
        ),
        (
            [account(iban="12")],
            "“12” is not an IBAN: it begins with a country and two digits, as in DE02 1203 0000 0000 2020 51.",
        ),
        ([account(bic="DEUT")], "“DEUT” is not a BIC: it has 8 or 11 characters, as in BYLADEM1001."),
        ([account(iban="")], None),
        ([account(), account()], "There are two accounts for EUR. An invoice names one, so keep one of them."),
        (
            [account(currency="")],
            "“” is no currency: say in which one invoices are paid into the account.",
        ),
        ([account(name="x" * 201)], "The holder of the account for EUR has 201 characters; 200 are kept."),
    ],
)
def test_an_account_that_nobody_could_pay_into_is_refused(accounts, text):
    with refused(text or "The account for EUR needs an IBAN or a number.", "bank_accounts"):
        save(bank_accounts=accounts)


def test_accounts_are_kept_by_currency_as_banks_write_them():
    company = save(
        bank_accounts=[
            account(currency="usd", iban="", account=" 12 34 ", name="Hoster Inc"),
            account(iban="de02 1203 0000 0000 2020 51", bic="bylademm"),
            account(currency="", iban=""),
        ]
    )
    assert [tuple(each) for each in company.accounts] == [
        ("EUR", IBAN, "", "BYLADEMM", ""),
        ("USD", "", "12 34", "", "Hoster Inc"),
    ]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten():
    shown = seen_of(company_fields(save(city="Berlin")))
    save(city="Potsdam")
    with nothing_changes(), pytest.raises(ChangedMeanwhile) as caught:
        save_company(by=None, seen=shown, city="Bonn")
    assert caught.value.stored["city"] == "Potsdam"
    both = save_company(by=None, seen=shown, legal_name="Hoster AG", city="Berlin")
    assert (both.legal_name, both.city) == ("Hoster AG", "Potsdam")


def test_a_logo_is_redrawn_shared_and_taken_away():
    first = save(logo=SQUARE)
    second = save(city="Berlin")
    assert (first.logo, second.logo) == (SellerLogo.objects.get(), SellerLogo.objects.get())
    assert bytes(second.logo.png).startswith(b"\x89PNG")
    assert (second.logo.width, second.logo.height) == (second.logo.height, second.logo.width)
    assert save(logo=None).logo is None
    with refused("The company is so already; nothing was changed."):
        save(logo=None)


def test_a_logo_that_is_no_picture_is_refused_whole():
    with nothing_changes(), pytest.raises(BusinessError) as caught:
        save(logo=b"%PDF-1.7")
    assert caught.value.field == "logo"


def test_what_an_e_invoice_asks_of_the_seller_is_listed():
    assert save().missing() == [
        "the city", "the postcode", "a VAT ID or a tax number", "an electronic address", "a contact’s name",
        "a contact’s phone", "a contact’s e-mail", "a bank account in EUR",
    ]  # fmt: skip
    whole = save(
        city="Berlin", postcode="10115", tax_number="1", electronic_scheme="EM", electronic_address="a@example.com",
        contact_name="A", contact_phone="1", contact_email="a@example.com", bank_accounts=[account()],
    )  # fmt: skip
    assert whole.missing() == []
