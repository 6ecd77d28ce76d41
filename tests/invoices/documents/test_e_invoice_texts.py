"""Whatever is typed, and whatever the figures: what lacks nothing is valid, in both syntaxes."""

import itertools
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from billing_admin.documents import Press
from invoices.documents.codes import SCHEMES, UNITS
from invoices.documents.e_invoice import invoice_data
from invoices.documents.missing import missing
from invoices.documents.snapshot import Snapshot

from .planned import HOSTILE, buyers, companies, credited, planned, some_lines
from .rules import Rules

# `missing` names the pages where things are filled in, and looks nothing up.
COMPANY: dict[str, Any] = {
    "legal_name": "Hoster GmbH", "country": "DE", "city": "Berlin", "vat_id": "DE123456789", "registration": "HRB 1",
    "accounting_currency": "EUR", "language": "de",
}  # fmt: skip
BUYER = {"name": "Acme", "country": "FR", "tax_id": "FR12345678901"}


def broken(press: Press, rules: Rules, snapshot: Snapshot) -> list[str]:
    return [
        each for syntax in ("cii", "ubl") for each in rules.broken(press.xml(invoice_data(snapshot), syntax))
    ]  # fmt: skip


@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
@given(
    company=companies, buyer=buyers, lines=some_lines, prepaid=st.sampled_from(["0", "0", "1", "999999999"]),
    currency=st.sampled_from(["EUR", "EUR", "USD", "JPY", "KWD"]), reference=st.sampled_from(["", HOSTILE, "R-1"]),
    rates=st.sampled_from([{}, {"USD": Decimal("0.925"), "EUR": Decimal("1.0811"), "JPY": Decimal("0.00617")}]),
    is_note=st.booleans(),
)  # fmt: skip
def test_what_lacks_nothing_is_valid(press, rules, company, buyer, lines, prepaid, currency, reference, rates, is_note):
    snapshot = planned(
        company, buyer, lines, prepaid=prepaid, currency=currency, rates=rates, buyer_reference=reference,
        po_number=reference,
    )  # fmt: skip
    snapshot = credited(snapshot) if is_note else snapshot
    assume(not missing(snapshot, ""))
    assert broken(press, rules, snapshot) == []


_RATES = {"S": "20", "AE": "0", "E": "0", "Z": "0", "O": "0"}


@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY"])
@pytest.mark.parametrize("categories", ["S", "SS", "AE", "E", "Z", "O", "S E", "S AE Z", "E Z AE", "Z Z"])
def test_each_mixture_of_categories_is_valid(press, rules, categories, currency):
    lines = [
        {"price": "333", "quantity": "1.5", "included": n == 1, "rate": _RATES[each], "category": each, "reason": "Law"}
        for n, each in enumerate(categories.split() if categories != "SS" else ["S", "S"])
    ]
    rates = {"USD": Decimal("0.925"), "JPY": Decimal("0.00617")}
    snapshot = planned(COMPANY, BUYER, lines, prepaid="100", currency=currency, rates=rates)
    assert missing(snapshot, "") == []
    assert broken(press, rules, snapshot) == []
    assert broken(press, rules, credited(snapshot)) == []


def test_each_unit_and_each_scheme_is_one_of_the_standard(press, rules):
    units = [{"price": "1", "unit": unit} for unit in UNITS]
    for scheme, other in itertools.batched([*SCHEMES, *SCHEMES][: len(SCHEMES) + len(SCHEMES) % 2], 2, strict=True):
        company = {**COMPANY, "electronic_scheme": scheme, "electronic_address": "1"}
        buyer = {**BUYER, "electronic_scheme": other, "electronic_address": "1"}
        data = invoice_data(planned(company, buyer, units))
        assert rules.broken(press.xml(data, "ubl")) == [], (scheme, other)


@pytest.mark.parametrize("text", [HOSTILE, "\x07", "]]>", "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;"])
def test_hostile_texts_are_texts(press, rules, text):
    company = {**COMPANY, **dict.fromkeys(("legal_name", "address_1", "postcode", "city", "region", "footer",
        "registration", "contact_name", "contact_phone", "contact_email", "electronic_address"), text),
        "electronic_scheme": "EM", "terms": {"de": text}}  # fmt: skip
    buyer = {**BUYER, **dict.fromkeys(("name", "first_name", "last_name", "email", "address_1", "postcode", "city",
        "region", "registration", "electronic_address"), text), "electronic_scheme": "EM",
        "company_name": "x"}  # fmt: skip
    row = {"price": "50", "name": text, "po_number": text, "rate": "0", "category": "E", "reason": text + "x"}
    snapshot = planned(company, buyer, [row], buyer_reference=text, po_number=text)
    assert missing(snapshot, "") == []
    assert broken(press, rules, snapshot) == []
    assert broken(press, rules, {**credited(snapshot), "reason": text}) == []
    xml = press.xml(invoice_data(snapshot), "ubl")
    assert b"root:" not in xml
    name = etree.fromstring(xml).findtext(".//{*}Item/{*}Name")
    shown = "".join(letter for letter in text if letter.isprintable() or letter in "\u200b\n\t")
    assert name == (" ".join(shown.split()) or "–")
