"""Each language has all words, and writes days, figures and countries in its way."""

import datetime
import re
from decimal import Decimal

import pytest

from billing_admin.documents import (
    LANGUAGES,
    amount_in,
    country_in,
    day_in,
    language_for,
    money_in,
    number_in,
    percent_in,
    words,
)
from billing_admin.documents.press import TEMPLATES

from .papers import invoice_sheet, texts_of


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_a_language_says_all_that_english_says(language):
    said = words(language)
    assert list(said) == list(words("en"))
    for key, text in words("en").items():
        assert said[key].strip() == said[key] != ""
        assert sorted(re.findall(r"\{\w+\}", said[key])) == sorted(re.findall(r"\{\w+\}", text)), key


def test_the_words_that_templates_use_are_there():
    for path in TEMPLATES.glob("*.typ"):
        used = set(re.findall(r"\bw\.(\w+)", path.read_text(encoding="utf-8")))
        assert used <= set(words("en")), path.name


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_document_is_in_its_language(press, language):
    (page,) = texts_of(press.draw(invoice_sheet(lang=language, region="")).content)
    assert words(language)["bill_to"] in page
    assert f"{words(language)['page']} 1 / 1" in page


@pytest.mark.parametrize(
    ("code", "language"),
    [("de", "de"), ("de-AT", "de"), ("FR_ca", "fr"), ("pt-br", "es"), ("tlh", "es"), ("", "es"), ("../en", "es")],
)
def test_a_code_means_a_language_of_ours_or_the_one_that_is_given(code, language):
    assert language_for(code, "es") == language
    assert language_for("tlh", "tlh") == "en"


@pytest.mark.parametrize(
    ("language", "day", "amount", "percent", "country"),
    [
        ("en", "1 Nov 2026", "−1,234.50", "8.125%", "Austria"),
        ("de", "01.11.2026", "−1.234,50", "8,125\u00a0%", "Österreich"),
        ("fr", "1 nov. 2026", "−1\u202f234,50", "8,125\u00a0%", "Autriche"),
        ("es", "1 nov 2026", "−1.234,50", "8,125\u00a0%", "Austria"),
    ],
)
def test_days_figures_and_countries_are_written_as_the_language_does(language, day, amount, percent, country):
    assert day_in(datetime.date(2026, 11, 1), language) == day
    assert amount_in(Decimal("-1234.5"), "EUR", language) == amount
    assert percent_in(Decimal("8.125"), language) == percent
    assert country_in("AT", language) == country


def test_amounts_have_the_places_of_their_currency():
    assert amount_in(Decimal(1500), "JPY", "en") == "1,500"
    assert amount_in(Decimal("1.5"), "KWD", "de") == "1,500"
    assert money_in(Decimal(20), "EUR", "de") == "20,00\u00a0EUR"


@pytest.mark.parametrize(
    ("number", "said"), [("1", "1"), ("1.500000", "1,5"), ("1000", "1.000"), ("0.00617", "0,00617"), ("1E+2", "100")]
)
def test_a_number_has_the_places_it_needs(number, said):
    assert number_in(Decimal(number), "de") == said


def test_a_code_that_is_no_language_of_ours_reads_no_file():
    for code in ("../../secret", "tlh", ""):
        assert words(code) == words("en")
        assert day_in(datetime.date(2026, 11, 29), code) == "29 Nov 2026"
