"""Documents in every language, and those that hold more, or other letters, than usual."""

import re

import pytest

from billing_admin.documents import words
from invoices.documents.paper import paper_of
from tests.billing_admin.documents.papers import texts_of

from .planned import credited, planned

COMPANY = {
    "legal_name": "Hoster GmbH", "country": "DE", "city": "Berlin", "vat_id": "DE123456789", "registration": "HRB 1",
    "accounting_currency": "EUR", "language": "de", "terms": {"de": "Sofort", "fr": "Tout de suite"},
}  # fmt: skip
BUYER = {"name": "Acme", "country": "AT", "tax_id": "FR12345678901"}
LINE = {"price": "1234.50", "unit": "MON", "quantity": "2"}


def pages_of(press, snapshot):
    return [re.sub(r"[\u00a0\u202f]", " ", page) for page in texts_of(press.draw(paper_of(snapshot)).content)]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["2 months 1,234.50 20% 2,469.00", "Due date 29 Nov 2026", "Austria", "Sofort"]),
        ("de", ["2 Monate 1.234,50 20 % 2.469,00", "Fällig am 29.11.2026", "Österreich", "Sofort"]),
        ("fr", ["2 mois 1 234,50 20 % 2 469,00", "Échéance 29 nov. 2026", "Autriche", "Tout de suite"]),
        ("es", ["2 meses 1.234,50 20 % 2.469,00", "Vencimiento 29 nov 2026", "Austria", "Sofort"]),
    ],
)
def test_each_kind_is_in_its_language(press, language, said):
    snapshot = planned(COMPANY, {**BUYER, "language": language}, [LINE], po_number="PO-7")
    word = words(language)
    (invoice,) = pages_of(press, snapshot)
    assert [each for each in [*said, f"{word['invoice']} INV-000123"] if each not in invoice] == []
    (note,) = pages_of(press, {**credited(snapshot), "reason": "x"})
    assert f"{word['credit_note']} INV-000123" in note
    assert f"{word['for_invoice']} INV-000122" in note
    (draft,) = pages_of(press, {**snapshot, "number": ""})
    assert word["draft_invoice"] in draft
    unknown = {**snapshot, "seller": {**snapshot["seller"], "id": None, "name": ""}, "payment": None, "terms": ""}
    (older,) = pages_of(press, unknown)
    assert f"{word['from']} " not in older.split(word["bill_to"])[0]
    assert word["delivered_on"] not in older
    others = {other for code in ("en", "de", "fr", "es") if code != language for other in [words(code)["subtotal"]]}
    assert not any(other in invoice for other in others - {word["subtotal"]} if other not in word["subtotal"])


def test_a_line_of_ten_thousand_letters_is_whole(press):
    words_of_it = " ".join(f"word{n}" for n in range(1_300))
    snapshot = planned(COMPANY, BUYER, [{**LINE, "name": words_of_it}, LINE])
    pages = " ".join(pages_of(press, snapshot))
    assert "word0 " in pages
    assert "word1299" in pages
    drawn = press.draw(paper_of(planned(COMPANY, BUYER, [{**LINE, "name": "x" * 10_000}])))
    assert sum(page.count("x") for page in texts_of(drawn.content)) >= 10_000


@pytest.mark.slow
def test_two_thousand_lines_add_up_over_their_pages(press):
    snapshot = planned(COMPANY, BUYER, [{"price": "1", "name": f"Line {n}"} for n in range(1, 2_001)])
    pages = pages_of(press, snapshot)
    assert len(pages) > 40
    assert "Übertrag" in pages[0]
    assert "Gesamtbetrag 2.400,00 EUR" in " ".join(pages[-2:])


@pytest.mark.parametrize(
    ("name", "country"),
    [("شركة الاستضافة", "AE"), ("חברת אחסון", "IL"), ("株式会社ホスト", "JP"), ("主机有限公司", "CN")],
)
def test_names_of_other_scripts_are_drawn(press, name, country):
    snapshot = planned({**COMPANY, "legal_name": name}, {**BUYER, "name": name, "country": country}, [LINE])
    sheet = paper_of(snapshot)
    drawn = press.draw(sheet)
    assert drawn.left_out == ""
    letters = set(name.replace(" ", ""))
    assert len(letters & set(texts_of(drawn.content)[0])) >= len(letters) / 2  # Arabic is read back in its forms
    assert f"CJK {'JP' if country == 'JP' else 'SC'}" in " ".join(sheet.data["fonts"])


def test_a_letter_that_no_font_has_is_told(press):
    drawn = press.draw(paper_of(planned(COMPANY, {**BUYER, "name": "Acme \U00013000"}, [LINE])))
    assert drawn.left_out == "\U00013000"
    assert "Acme \ufffd" in texts_of(drawn.content)[0]


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_long_texts_stay_on_their_paper(press, paper):
    long = "Donaudampfschifffahrtsgesellschaft " * 15
    company = {**COMPANY, "legal_name": long[:200], "address_1": long[:200], "footer": long * 2, "paper": paper,
               "terms": {"de": long}}  # fmt: skip
    buyer = {**BUYER, "name": long[:300], "registration": "x" * 60, "address_1": long[:200]}
    snapshot = planned(company, buyer, [{**LINE, "name": long, "price": "999999999999.99"}], po_number="P" * 100,
                       buyer_reference="R" * 100)  # fmt: skip
    sheet = paper_of({**snapshot, "reason": long})
    assert texts_of(press.draw(sheet).content)
