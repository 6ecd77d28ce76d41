"""Every kind of document is valid by XSD and schematron in both syntaxes, and says what it should."""

from typing import Any

import pytest
from djmoney.money import Money
from lxml import etree

from invoices.documents.e_invoice import invoice_data
from invoices.documents.missing import missing
from invoices.documents.snapshot import Snapshot, snapshot_of
from invoices.models import CreditNote, Invoice
from invoices.services.credit_notes import CreditLine, issue_credit_note
from tests.invoices.companies import ACCOUNT, make_buyer

from .cases import CASES, TODAY, billed, line
from .rules import Rules

pytestmark = pytest.mark.django_db

CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
SPACES = {"cbc": CBC, "cac": CAC, "ram": RAM}


def said(document: Invoice | CreditNote) -> Snapshot:
    snapshot = snapshot_of(document)
    assert snapshot is not None
    return snapshot


def values(xml: bytes, path: str) -> list[str]:
    """The texts at a path."""
    found: Any = etree.fromstring(xml).xpath(path, namespaces=SPACES)
    return [each if isinstance(each, str) else "".join(each.itertext()).strip() for each in found]


@pytest.mark.parametrize("case", sorted(CASES))
def test_a_document_is_valid_in_both_syntaxes(case, press, rules):
    snapshot = said(CASES[case]())
    assert missing(snapshot, "") == []
    for syntax in ("cii", "ubl"):
        assert rules.broken(press.xml(invoice_data(snapshot), syntax)) == []


@pytest.mark.parametrize("syntax", ["cii", "ubl"])
def test_a_wrong_amount_due_breaks_a_rule(press, rules: Rules, syntax):
    data = {**invoice_data(said(CASES["partly paid"]())), "BT-115": "30.00"}
    (broken,) = rules.broken(press.xml(data, syntax))
    assert "BR-CO-16" in broken


def test_what_the_xsd_refuses_is_told(press, rules):
    data = invoice_data(said(CASES["plain"]()))
    del data["BT-72"]
    (broken,) = rules.broken(press.xml(data, "cii"))
    assert broken.startswith("XSD: ")


def test_credit_that_was_applied_is_prepaid(press):
    data = invoice_data(said(CASES["partly paid"]()))
    assert (data["BT-112"], data["BT-113"], data["BT-115"]) == ("60.00", "40.00", "20.00")
    cii = press.xml(data, "cii")
    assert values(cii, "//ram:TotalPrepaidAmount | //ram:DuePayableAmount") == ["40.00", "20.00"]
    ubl = press.xml(invoice_data(said(CASES["wholly paid"]())), "ubl")
    assert values(ubl, "//cbc:PrepaidAmount | //cbc:PayableAmount") == ["60.00", "0.00"]
    assert values(ubl, "//cac:AllowanceCharge") == []


def test_what_is_not_paid_says_no_prepaid_amount():
    assert "BT-113" not in invoice_data(said(CASES["plain"]()))


def test_a_credit_note_names_its_invoice_and_its_reason(press):
    note = CASES["credit note"]()
    ubl = press.xml(invoice_data(said(note)), "ubl")
    assert etree.QName(etree.fromstring(ubl)).localname == "CreditNote"
    assert values(ubl, "//cac:InvoiceDocumentReference/cbc:ID") == [note.invoice.label]
    assert values(ubl, "//cac:InvoiceDocumentReference/cbc:IssueDate") == ["2026-11-29"]
    assert values(ubl, "/*/cbc:Note") == ["Down for a day"]
    assert values(ubl, "//cbc:CreditNoteTypeCode | //cac:PaymentTerms/cbc:Note") == [
        "381", f"Zu Rechnung {note.invoice.label}"
    ]  # fmt: skip


def test_tax_in_the_currency_of_the_books_is_stated_too(press):
    ubl = press.xml(invoice_data(said(CASES["foreign currency"]())), "ubl")
    assert values(ubl, "/*/cbc:TaxCurrencyCode") == ["EUR"]
    assert values(ubl, "/*/cac:TaxTotal/cbc:TaxAmount") == ["10.00", "9.25"]
    assert values(ubl, "/*/cac:TaxTotal/cbc:TaxAmount/@currencyID") == ["USD", "EUR"]


def test_a_credit_note_states_its_own_tax_in_the_currency_of_the_books():
    invoice = CASES["foreign currency"]()
    lines = [CreditLine(invoice.lines.get().pk, gross=Money(6, "USD"))]
    note = issue_credit_note(invoice=invoice, reason="Slow", by=None, lines=lines, on=TODAY).note
    assert said(note)["accounting"] == {"currency": "EUR", "rate": "0.925", "tax": "0.93"}


def test_without_tax_nothing_is_stated_in_the_currency_of_the_books():
    snapshot = said(billed(line("50.00", "0", "USD", tax_category="AE"), to=make_buyer(currency="USD")))
    assert (snapshot["accounting"], missing(snapshot, "")) == (None, [])


def test_an_account_is_paid_into_by_sepa_only_in_euros():
    pounds = {**ACCOUNT, "currency": "GBP"}
    invoice = billed(line("50.00", currency="GBP"), to=make_buyer(currency="GBP"), bank_accounts=[ACCOUNT, pounds])
    payment = said(invoice)["payment"]
    assert payment
    assert (payment["means"], payment["iban"]) == ("30", ACCOUNT["iban"])


@pytest.mark.parametrize(
    ("case", "price", "base", "quantity", "amount"),
    [
        ("prices with tax", "8.32", ["3"], "3", "8.32"),
        ("yen", "500", ["1.5"], "1.5", "500"),
        ("plain", "50.00", [], "1", "50.00"),
    ],
)
def test_a_price_that_does_not_come_out_is_for_the_whole_quantity(press, case, price, base, quantity, amount):
    ubl = press.xml(invoice_data(said(CASES[case]())), "ubl")
    first = "//cac:InvoiceLine[1]"
    assert values(ubl, f"{first}//cbc:PriceAmount") == [price]
    assert values(ubl, f"{first}//cbc:BaseQuantity") == base
    assert values(ubl, f"{first}/cbc:InvoicedQuantity | {first}/cbc:LineExtensionAmount") == [quantity, amount]


@pytest.mark.parametrize(
    ("case", "taxes"),
    [
        ("two rates", [("S", "20", ""), ("S", "7", "")]),
        ("reverse charge", [("AE", "0", "VATEX-EU-AE")]),
        ("zero rate", [("Z", "0", "")]),
        ("outside the scope", [("O", "0", "VATEX-EU-O")]),
    ],
)
def test_each_tax_says_its_rate_and_why_there_is_none(case, taxes):
    data = invoice_data(said(CASES[case]()))
    assert [(tax["BT-118"], tax["BT-119"], tax["BT-121"]) for tax in data["BG-23"]] == taxes
    assert [bool(tax["BT-120"]) for tax in data["BG-23"]] == [bool(code) for _, _, code in taxes]


def test_outside_the_scope_of_tax_nobody_has_a_vat_id():
    data = invoice_data(said(CASES["outside the scope"]()))
    assert "vat_identifier" not in data["BG-4"]
    assert "vat_identifier" not in data["BG-7"]
    assert "BT-152" not in data["BG-25"][0]


def test_a_period_and_an_order_stand_on_each_line():
    data = invoice_data(said(CASES["periods"]()))
    assert (data["BT-73"], data["BT-74"]) == ("2026-01-31", "2026-03-30")
    first = data["BG-25"][0]
    assert (first["BT-134"], first["BT-135"], first["BT-130"]) == ("2026-01-31", "2026-02-27", "MON")
    orders = [row["BT-127-00"][0]["BT-127"] for row in data["BG-25"]]
    assert sorted(orders) == ["Bestellnummer PO-1", "Bestellnummer PO-1", "Bestellnummer PO-2", "Bestellnummer PO-2"]


def test_each_call_gives_data_of_its_own():
    snapshot = said(billed(line("50.00")))
    first = invoice_data(snapshot)
    first["BG-25"][0]["BT-126"] = "changed"
    first["BG-4"]["name"] = "changed"
    assert invoice_data(snapshot)["BG-25"][0]["BT-126"] == "1"
    assert invoice_data(snapshot)["BG-4"]["name"] == "Hoster GmbH"
