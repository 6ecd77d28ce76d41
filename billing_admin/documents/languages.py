"""The languages of documents: their words, and how each writes days, figures and countries."""

import datetime
import json
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from billing_admin.countries import country_name
from billing_admin.money.amounts import minor_units

LANGUAGES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish"}
# English is written as it is on our screens: 29 Nov 2026.
_LOCALES = {"en": "en_GB"}
_WORDS = Path(__file__).resolve().parents[2] / "templates" / "documents" / "words"


def language_for(code: str, default: str = "en") -> str:
    """The language of ours that a client's code means: `de` for `de-AT`; where there is none, `default`."""
    language = code.replace("_", "-").split("-")[0].strip().lower()
    return language if language in LANGUAGES else default if default in LANGUAGES else "en"


def words(language: str) -> dict[str, str]:
    """What the templates and those who fill them say in a language of ours. All languages say the same."""
    return _all_words()[language_for(language)]


@cache
def _all_words() -> dict[str, dict[str, str]]:
    return {code: json.loads((_WORDS / f"{code}.json").read_text(encoding="utf-8")) for code in LANGUAGES}


def day_in(date: datetime.date, language: str) -> str:
    """`29 Nov 2026`, `29.11.2026`, `29 nov. 2026`."""
    return format_date(date, "medium", _locale(language))


def number_in(number: Decimal, language: str) -> str:
    """A quantity, or a rate of exchange: with as many places as it has, `1.5`, `1,5`."""
    places = max(0, -int(number.normalize().as_tuple().exponent))
    return _signed(format_decimal(number, f"#,##0.{'0' * places}", _locale(language)))


def percent_in(rate: Decimal, language: str) -> str:
    """`20%`, `20 %`, of 20; `8.125%`."""
    return _signed(format_percent(rate / 100, locale=_locale(language), decimal_quantization=False))


def amount_in(amount: Decimal, currency: str, language: str) -> str:
    """`1,234.50`, `1.234,50`, with the currency's places and a true minus sign."""
    places = minor_units(currency)
    return _signed(format_decimal(amount, f"#,##0.{'0' * places}" if places else "#,##0", _locale(language)))


def money_in(amount: Decimal, currency: str, language: str) -> str:
    """`1,234.50 EUR`: with the code, because a sign is several currencies'."""
    return f"{amount_in(amount, currency, language)}\u00a0{currency}"


def country_in(code: str, language: str) -> str:
    """`Austria`, `Österreich`, as on an envelope."""
    return country_name(code) if language == "en" else _locale(language).territories.get(code) or country_name(code)


@cache
def _locale(language: str) -> Locale:
    known = language_for(language)
    return Locale.parse(_LOCALES.get(known, known))


def _signed(figure: str) -> str:
    return figure.replace("-", "−")
