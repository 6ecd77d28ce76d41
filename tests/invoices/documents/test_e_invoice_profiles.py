"""The rules of Peppol BIS Billing 3 and XRechnung 3.0 beyond EN 16931, one by one, on the finished XML.

Their schematron is not in any package. Each rule stands here as they write it, with what breaks it.
"""

from typing import Any

import pytest
from lxml import etree

from clients.models.client import EInvoice
from invoices.documents.e_invoice import invoice_data, with_profile
from invoices.documents.missing import missing
from invoices.documents.snapshot import snapshot_of

from .cases import CASES

pytestmark = pytest.mark.django_db

SPACES = {
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
}
BILLING = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
EN = "urn:cen.eu:en16931:2017"
PEPPOL_BIS = f"{EN}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
XRECHNUNG_3 = f"{EN}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
LINES = "/*/cac:InvoiceLine | /*/cac:CreditNoteLine"
QUANTITY = "(cbc:InvoicedQuantity | cbc:CreditedQuantity)"

# What must be true of the UBL, and the path of what, taken away or added once more, breaks it.
PEPPOL = {
    "R001": (f"/*/cbc:ProfileID = '{BILLING}'", "/*/cbc:ProfileID"),
    "R003": ("/*/cbc:BuyerReference or /*/cac:OrderReference/cbc:ID", "/*/cbc:BuyerReference | /*/cac:OrderReference"),
    "R004": (f"/*/cbc:CustomizationID = '{PEPPOL_BIS}'", "/*/cbc:CustomizationID"),
    "R010": ("//cac:AccountingCustomerParty/cac:Party/cbc:EndpointID/@schemeID", "//cbc:EndpointID"),
    "R020": ("//cac:AccountingSupplierParty/cac:Party/cbc:EndpointID/@schemeID", "//cbc:EndpointID"),
    "CL008": ("not(//cbc:EndpointID[not(@schemeID) or @schemeID = 'EM'])", "//cbc:EndpointID/@schemeID"),
    "R053": ("count(/*/cac:TaxTotal[cac:TaxSubtotal]) = 1", "/*/cac:TaxTotal"),
}
PEPPOL_AGAIN = {
    "R002": ("count(/*/cbc:Note) <= 1", "/*/cbc:IssueDate", "Note"),
    "R005": ("not(/*/cbc:TaxCurrencyCode = /*/cbc:DocumentCurrencyCode)", "/*/cbc:DocumentCurrencyCode",
             "TaxCurrencyCode"),
    "R008": ("not(//*[not(*) and not(normalize-space())])", "/*/cbc:IssueDate", ""),
    "R051": ("not(//*[@currencyID != /*/cbc:DocumentCurrencyCode][not(parent::cac:TaxTotal[not(cac:TaxSubtotal)])])",
             "/*/cac:LegalMonetaryTotal/cbc:PayableAmount", "@currencyID"),
}  # fmt: skip
XRECHNUNG_UBL = {
    "BR-DE-1": ("/*/cac:PaymentMeans", "/*/cac:PaymentMeans"),
    "BR-DE-3": ("//cac:AccountingSupplierParty//cac:PostalAddress/cbc:CityName", "//cbc:CityName"),
    "BR-DE-4": ("//cac:AccountingSupplierParty//cac:PostalAddress/cbc:PostalZone", "//cbc:PostalZone"),
    "BR-DE-5": ("//cac:AccountingSupplierParty//cac:Contact/cbc:Name", "//cac:Contact"),
    "BR-DE-6": ("//cac:AccountingSupplierParty//cac:Contact/cbc:Telephone", "//cac:Contact"),
    "BR-DE-7": ("//cac:AccountingSupplierParty//cac:Contact/cbc:ElectronicMail", "//cac:Contact"),
    "BR-DE-8": ("//cac:AccountingCustomerParty//cac:PostalAddress/cbc:CityName", "//cbc:CityName"),
    "BR-DE-9": ("//cac:AccountingCustomerParty//cac:PostalAddress/cbc:PostalZone", "//cbc:PostalZone"),
    "BR-DE-14": ("not(//cac:TaxSubtotal[not(cac:TaxCategory/cbc:Percent)])", "//cac:TaxCategory/cbc:Percent"),
    "BR-DE-15": ("/*/cbc:BuyerReference", "/*/cbc:BuyerReference"),
    "BR-DE-16": ("//cac:AccountingSupplierParty//cac:PartyTaxScheme/cbc:CompanyID", "//cac:PartyTaxScheme"),
    "BR-DE-21": (f"/*/cbc:CustomizationID = '{XRECHNUNG_3}'", "/*/cbc:CustomizationID"),
    "BR-DE-23-a": ("/*/cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID", "//cac:PayeeFinancialAccount"),
    "R001": (f"/*/cbc:ProfileID = '{BILLING}'", "/*/cbc:ProfileID"),
}
XRECHNUNG_CII = {
    "BR-DE-1": ("//ram:SpecifiedTradeSettlementPaymentMeans", "//ram:SpecifiedTradeSettlementPaymentMeans"),
    "BR-DE-3": ("//ram:SellerTradeParty/ram:PostalTradeAddress/ram:CityName", "//ram:CityName"),
    "BR-DE-5": ("//ram:SellerTradeParty/ram:DefinedTradeContact/ram:PersonName", "//ram:DefinedTradeContact"),
    "BR-DE-15": ("//ram:BuyerReference", "//ram:BuyerReference"),
    "BR-DE-21": (f"//ram:GuidelineSpecifiedDocumentContextParameter/ram:ID = '{XRECHNUNG_3}'",
                 "//ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"),
    "BR-DE-23-a": ("//ram:PayeePartyCreditorFinancialAccount/ram:IBANID", "//ram:PayeePartyCreditorFinancialAccount"),
    "R001": (f"//ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID = '{BILLING}'",
             "//ram:BusinessProcessSpecifiedDocumentContextParameter"),
}  # fmt: skip
# Other currencies have no bank account here, and reverse charge and the like are said in the rules of EN 16931.
CHOSEN = ("plain", "two rates", "exempt and taxed", "outside the scope", "partly paid", "prices with tax")


def finished(press: Any, case: str, profile: str, syntax: Any) -> Any:
    snapshot = snapshot_of(CASES[case]())
    assert snapshot is not None
    assert missing(snapshot, profile) == []
    return etree.fromstring(with_profile(press.xml(invoice_data(snapshot), syntax), profile, syntax))


def holds(document: Any, rule: str) -> bool:
    return bool(document.xpath(rule, namespaces=SPACES))


def without(document: Any, path: str) -> Any:
    found: list[Any] = document.xpath(path, namespaces=SPACES)
    for each in found:
        if not hasattr(each, "tag"):  # an attribute
            del each.getparent().attrib[each.attrname]
        else:
            each.getparent().remove(each)
    return document


@pytest.mark.parametrize("case", [*CHOSEN, "foreign currency", "yen", "periods", "credit note"])
def test_a_document_keeps_the_rules_of_peppol(press, case):
    document = finished(press, case, EInvoice.PEPPOL, "ubl")
    assert [code for code, (rule, _) in PEPPOL.items() if not holds(document, rule)] == []
    assert [code for code, (rule, _, _) in PEPPOL_AGAIN.items() if not holds(document, rule)] == []
    foreign = holds(document, "/*/cbc:TaxCurrencyCode")
    assert holds(document, f"count(/*/cac:TaxTotal[not(cac:TaxSubtotal)]) = {int(foreign)}")  # R054
    rows = document.xpath(LINES, namespaces=SPACES)
    assert rows
    for row in rows:
        net, quantity, price = (
            row.xpath(f"number({path})", namespaces=SPACES)
            for path in ("cbc:LineExtensionAmount", QUANTITY, ".//cbc:PriceAmount")
        )
        base = row.xpath("number(.//cbc:BaseQuantity)", namespaces=SPACES) if holds(row, ".//cbc:BaseQuantity") else 1
        assert abs(net - quantity * price / base) <= 0.02  # R120
        assert base > 0  # R121
        assert holds(row, f"not(.//cbc:BaseQuantity) or .//cbc:BaseQuantity/@unitCode = {QUANTITY}/@unitCode")  # R130
        if holds(row, "cac:InvoicePeriod"):  # R110, R111; days as ISO text are in order of time
            of_line, of_all = (
                [document_part.findtext(f"cac:InvoicePeriod/cbc:{end}", namespaces=SPACES) for end in
                 ("StartDate", "EndDate")] for document_part in (row, document)
            )  # fmt: skip
            assert of_all[0] <= of_line[0] <= of_line[1] <= of_all[1]


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
@pytest.mark.parametrize("case", [*CHOSEN, "credit note of an XRechnung"])
def test_a_document_keeps_the_rules_of_xrechnung(press, case, syntax):
    document = finished(press, case, EInvoice.XRECHNUNG, syntax)
    rules = XRECHNUNG_UBL if syntax == "ubl" else XRECHNUNG_CII
    outside = {"BR-DE-16"} if case == "outside the scope" else set()  # which is not asked for it there
    assert {code for code, (rule, _) in rules.items() if not holds(document, rule)} <= outside


@pytest.mark.parametrize(
    ("rules", "code"),
    [(rules, code) for rules in (PEPPOL, XRECHNUNG_UBL, XRECHNUNG_CII) for code in rules],
)
def test_each_rule_can_fail(press, rules, code):
    syntax = "cii" if rules is XRECHNUNG_CII else "ubl"
    document = finished(press, "plain", EInvoice.PEPPOL if rules is PEPPOL else EInvoice.XRECHNUNG, syntax)
    rule, part = rules[code]
    assert holds(document, rule)
    assert not holds(without(document, part), rule)


@pytest.mark.parametrize("code", PEPPOL_AGAIN)
def test_each_rule_about_what_must_not_be_can_fail(press, code):
    document = finished(press, "plain", EInvoice.PEPPOL, "ubl")
    rule, path, added = PEPPOL_AGAIN[code]
    (place,) = document.xpath(path, namespaces=SPACES)
    assert holds(document, rule)
    if added.startswith("@"):
        place.set(added[1:], "USD")
    elif added:
        for _ in range(2):
            etree.SubElement(document, f"{{{SPACES['cbc']}}}{added}").text = "EUR"
    else:
        place.text = " "
    assert not holds(document, rule)


@pytest.mark.parametrize(
    ("case", "profile"),
    [
        ("plain", EInvoice.PEPPOL), ("credit note", EInvoice.PEPPOL), ("plain", EInvoice.XRECHNUNG),
        ("credit note of an XRechnung", EInvoice.XRECHNUNG),
    ],
)  # fmt: skip
@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_with_a_profile_it_stays_valid(press, rules, case, syntax, profile):
    document = finished(press, case, profile, syntax)
    if syntax == "cii":  # Factur-X, whose schematron this is, knows no name but its own
        document.find(".//ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", namespaces=SPACES).text = EN
    assert rules.broken(etree.tostring(document)) == []


@pytest.mark.parametrize("profile", ["", EInvoice.FACTUR_X])
def test_without_one_the_xml_is_as_it_was(press, profile):
    snapshot = snapshot_of(CASES["plain"]())
    assert snapshot is not None
    xml = press.xml(invoice_data(snapshot), "ubl")
    assert with_profile(xml, profile, "ubl") == xml
    assert etree.fromstring(xml).findtext("cbc:CustomizationID", namespaces=SPACES) == EN


def test_a_profile_changes_the_two_names_and_nothing_else(press):
    snapshot = snapshot_of(CASES["plain"]())
    assert snapshot is not None
    for syntax in ("ubl", "cii"):
        xml = press.xml(invoice_data(snapshot), syntax)
        before, after = (set(each.decode().splitlines()) for each in (xml, with_profile(xml, "peppol", syntax)))
        assert {line.strip() for line in before - after if EN not in line} <= {"<?xml version='1.0' encoding='UTF-8'?>"}
        assert all(PEPPOL_BIS in line or BILLING in line or "BusinessProcess" in line for line in after - before)
