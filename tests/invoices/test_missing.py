"""What is missing for an e-invoice: each rule has a document that breaks it and nothing else."""

import copy
import datetime
from decimal import Decimal
from typing import Any

import pytest
from djmoney.money import Money

from billing_admin.errors import BusinessError
from clients.models.client import EInvoice
from invoices.documents.codes import is_well_formed
from invoices.documents.missing import left_out, missing
from invoices.documents.parties import vat_number
from invoices.documents.snapshot import snapshot_of
from invoices.models import Invoice, InvoiceRun
from invoices.services.issue import NewLine, bill_client, draft_invoice, issue_invoice
from invoices.services.runs.generate import generate_invoices
from tests.factories import make_item
from tests.invoices.companies import make_buyer, make_company
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 29)
PEPPOL, XRECHNUNG = EInvoice.PEPPOL, EInvoice.XRECHNUNG


@pytest.fixture
def whole() -> Any:
    """The snapshot of an invoice that lacks nothing."""
    make_company()
    lines = [NewLine("Hosting", Money(50, "EUR"), tax_rate=Decimal(20))]
    return snapshot_of(bill_client(client=make_buyer(po_number="PO-7"), lines=lines, by=None, on=TODAY))


def put(snapshot: Any, changes: dict[str, Any]) -> Any:
    """A copy in which `seller.address.country` and the like have other values."""
    changed = copy.deepcopy(snapshot)
    for path, value in changes.items():
        *way, last = path.split(".")
        place: Any = changed
        for step in way:
            place = place[int(step) if step.isdigit() else step]
        place[last] = value
    return changed


def taxed(category: str, rate: str = "0", *, tax: str = "0.00", reason: str = "x", taxable: str = "50.00") -> Any:
    """One line of that category, and its tax."""
    return {
        "lines.0.category": category, "lines.0.rate": rate,
        "taxes": [{"category": category, "rate": rate, "taxable": taxable, "tax": tax, "reason": reason}],
    }  # fmt: skip


NO_IDS = {"seller.vat_id": "", "seller.tax_number": "", "seller.registration.id": ""}


@pytest.mark.parametrize("profile", ["", *EInvoice])
def test_nothing_is_missing(whole, profile):
    assert missing(whole, profile) == []


@pytest.mark.parametrize(
    ("profile", "changes", "text"),
    [
        ("", {"seller.id": None}, "The company is not filled in."),
        ("", {"currency": "KWD"}, "Amounts in KWD have three decimal places; an e-invoice has two at most."),
        ("", {"lines.0.unit": "XX"}, "Line 1: “XX” is no unit of the list."),
        ("", taxed("S", "20", tax="11.00"), ("Tax is rounded line by line: at 20% it comes to 11.00 EUR, of the sum it "
         "would be 10.00. An e-invoice allows no difference of 1.")),
        ("", taxed("S", "5", tax="1.75", taxable="54.90"), ("Tax is rounded line by line: at 5% it comes to 1.75 EUR, "
         "of the sum it would be 2.75. An e-invoice allows no difference of 1.")),
        ("", taxed("S", "0.499", tax="0.25"), "A tax rate of 0.499% is below 0.5%, which an e-invoice takes for none."),
        ("", {"accounting": {"currency": "EUR", "rate": "", "tax": ""}, "currency": "USD"},
         "No exchange rate of USD in EUR is set for 2026-11-29: the tax is stated in both."),
        ("", {"seller.vat_id": "123456789", "seller.tax_number": "12/345"},
         "The VAT ID of the company, 123456789, does not begin with its country."),
        ("", {"seller.vat_id": ""}, "The company has no VAT ID and no tax number."),
        ("", {"seller.vat_id": "", "seller.tax_number": "12/345", "seller.registration.id": ""},
         "The company has no registration number."),
        ("", {**taxed("O"), "seller.registration.id": ""}, "The company has no registration number."),
        ("", {"seller.registration.scheme": "EM"}, "“EM” is no scheme of a registration number."),
        ("", {"seller.electronic.scheme": "1234"}, "“1234” is no scheme of an electronic address."),
        ("", {"seller.address.country": "XK"}, "E-invoices know no country XK, which the company is in."),
        ("", {"buyer.address.country": "XK"}, "E-invoices know no country XK, which the client is in."),
        ("", {"buyer.address.country": ""}, "The client’s address has no country."),
        ("", {"buyer.electronic.scheme": "1234"}, "“1234” is no scheme of an electronic address."),
        ("", {**taxed("AE"), "buyer.vat_id": ""},
         "Reverse charge asks for the client’s VAT ID or registration number: the tax ID is missing."),
        ("", {**taxed("AE"), "buyer.vat_id": "123"}, ("Reverse charge asks for the client’s VAT ID or registration "
         "number: the tax ID, 123, does not begin with a country.")),
        ("", taxed(""), "Line 1 has no tax, and nobody said why: the client, the tax rate or the line says it."),
        ("", {"taxes": [taxed("O")["taxes"][0], taxed("E")["taxes"][0]]},
         "What is outside the scope of tax needs an invoice of its own."),
        ("", taxed("E", reason=""), "Lines are exempt from tax, and no reason is given."),
        (PEPPOL, {"seller.electronic.id": ""}, "The company has no electronic address."),
        (PEPPOL, {"buyer.electronic.id": ""}, "The client has no electronic address."),
        (PEPPOL, {"buyer_reference": "", "po_number": ""}, "There is no buyer reference and no purchase order."),
        (PEPPOL, {"buyer.electronic": {"scheme": "EM", "id": "a@b.example"}},
         "The client’s electronic address is an e-mail address; Peppol knows none."),
        (PEPPOL, {"seller.electronic.id": "4012345000008"},
         "The company’s electronic address, 4012345000008, is no GLN."),
        (PEPPOL, {"buyer.electronic": {"scheme": "0208", "id": "0123456780"}},
         "The client’s electronic address, 0123456780, is no Enterprise number (Belgium)."),
        (PEPPOL, {"seller.registration": {"scheme": "0088", "id": "HRB 12345"}},
         "The company’s registration number, HRB 12345, is no GLN."),
        (PEPPOL, {"buyer.address.country": "DE", "buyer_reference": ""}, "There is no buyer reference (Leitweg-ID)."),
        (XRECHNUNG, {"terms": "Sofort\n #SKONTO#"},
         "The payment terms have a line that begins with #, which is taken for a discount."),
        (XRECHNUNG, {"buyer_reference": ""}, "There is no buyer reference (Leitweg-ID)."),
        (XRECHNUNG, {"seller.contact.name": ""}, "The company’s contact has no name."),
        (XRECHNUNG, {"seller.contact.phone": ""}, "The company’s contact has no phone."),
        (XRECHNUNG, {"seller.contact.email": ""}, "The company’s contact has no e-mail."),
        (XRECHNUNG, {"seller.address.city": ""}, "The company’s address has no city."),
        (XRECHNUNG, {"seller.address.postcode": ""}, "The company’s address has no postcode."),
        (XRECHNUNG, {"buyer.address.city": ""}, "The client’s address has no city."),
        (XRECHNUNG, {"buyer.address.postcode": ""}, "The client’s address has no postcode."),
        (XRECHNUNG, {"payment": None}, "The company has no bank account with an IBAN for EUR."),
        (XRECHNUNG, {"payment.iban": ""}, "The company has no bank account with an IBAN for EUR."),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(whole, profile, changes, text):
    assert [each.text for each in missing(put(whole, changes), profile)] == [text]


@pytest.mark.parametrize(
    "changes",
    [
        taxed("S", "20", tax="10.99"),
        {"seller.vat_id": "", "seller.tax_number": "12/345"},
        {**taxed("AE"), "buyer.vat_id": "", "buyer.registration.id": "RCS 1"},
        {**taxed("O"), "seller.vat_id": "", "seller.tax_number": ""},
        {"buyer.vat_id": "123"},
    ],
)  # fmt: skip
def test_what_suffices_is_not_missing(whole, changes):
    assert missing(put(whole, changes), "") == []


@pytest.mark.parametrize(
    ("scheme", "number", "is_one"),
    [
        ("0088", "4012345000009", True), ("0088", "4012345000008", False), ("0088", "40123450", False),
        ("0208", "0123456749", True), ("0208", "123456749", False), ("0208", "BE0123456749", False),
        ("0184", "DK13585628", True), ("0184", "13585628", True), ("0007", "5566000001", False),
        ("EM", "anything", True), ("", "", True),
    ],
)  # fmt: skip
def test_numbers_are_looked_at_where_their_digits_tell(scheme, number, is_one):
    assert is_well_formed(scheme, number) is is_one


def test_a_tax_id_without_a_country_is_left_out_and_said(whole):
    assert left_out(whole) == []
    (said,) = left_out(put(whole, {"buyer.vat_id": "123"}), client_number=7)
    assert said.text == "The client’s tax ID, 123, does not begin with a country: e-invoices leave it out."
    assert (said.url, said.permission) == ("/clients/7/profile/", "clients.change_client")
    for category in ("AE", "O"):
        assert left_out(put(whole, {**taxed(category), "buyer.vat_id": "123"})) == []


def test_yen_differ_by_less_than_one(whole):
    yen = {"currency": "JPY", **taxed("S", "10", tax="0", taxable="15")}
    assert len(missing(put(whole, yen), "")) == 1
    assert missing(put(whole, {"currency": "JPY", **taxed("S", "10", tax="1", taxable="15")}), "") == []


def test_what_is_missing_leads_to_where_it_is_filled_in(whole):
    broken = {
        "seller.vat_id": "", "buyer.address.country": "", "accounting": {"currency": "EUR", "rate": "", "tax": ""},
        "lines.0.unit": "XX", "taxes": taxed("E", reason="")["taxes"],
    }  # fmt: skip
    found = missing(put(whole, broken), "", client_number=7, draft_id=3)
    assert {(each.url, each.permission) for each in found} == {
        ("/settings/company/", "invoices.change_seller"),
        ("/settings/company/rates/", "invoices.change_seller"),
        ("/settings/tax/", "invoices.change_tax"),
        ("/clients/7/profile/", "clients.change_client"),
        ("/invoices/3/edit/", "invoices.issue_invoice"),
    }
    assert {each.url for each in missing(put(whole, broken), "")} == {
        "/settings/company/", "/settings/company/rates/", "/settings/tax/", ""
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("FR12345678901", "FR12345678901"), ("de 123.456-789", "DE123456789"), ("EL123456789", "EL123456789"),
        ("123456789", ""), ("XK123456", ""), ("ZZ1234", ""), ("", ""), ("FR", ""),
    ],
)  # fmt: skip
def test_a_vat_id_begins_with_a_country(typed, taken):
    assert vat_number(typed) == taken


def test_a_client_who_needs_an_e_invoice_gets_no_other():
    make_company(contact_phone="")
    acme = make_buyer(e_invoice="xrechnung", buyer_reference="")
    draft = draft_invoice(client=acme, lines=[NewLine("Hosting", Money(50, "EUR"), tax_rate=Decimal(20))], by=None)
    with nothing_changes(), pytest.raises(BusinessError) as refused:
        issue_invoice(invoice=draft, by=None)
    assert str(refused.value) == (
        "This client needs an e-invoice (XRechnung), and this cannot be one. There is no buyer reference (Leitweg-ID). "
        "The company’s contact has no phone. Nothing was issued."
    )
    make_company()
    Invoice.objects.filter(pk=draft.pk).update(buyer_reference="04011000-12345-34")
    assert issue_invoice(invoice=draft, by=None).e_invoice == "xrechnung"


def test_a_run_parks_a_client_whose_e_invoice_lacks_something():
    make_company()
    acme, globex = make_buyer(e_invoice="peppol", electronic_address="", electronic_scheme=""), make_buyer()
    initech = make_buyer(e_invoice="peppol")
    for each in (acme, globex, initech):
        make_item(each, Money(50, "EUR"), due=TODAY, tax_rate=Decimal(20))
    generate_invoices(as_of=TODAY, by=None)
    assert set(Invoice.objects.values_list("client_id", flat=True)) == {globex.pk, initech.pk}
    assert sorted(Invoice.objects.values_list("number", flat=True)) == [1, 2]
    parked = InvoiceRun.objects.get().errors.get()
    assert (parked.client, parked.reason) == (
        acme,
        (
            "This client needs an e-invoice (Peppol BIS Billing 3), and this cannot be one. "
            "The client has no electronic address."
        ),
    )
