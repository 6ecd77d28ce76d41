"""Countries by code and name: ISO 3166 as django-countries carries it, and Kosovo, whose XK is in use everywhere."""

import difflib
import unicodedata
from functools import cache

from django_countries import countries
from django_countries.data import COUNTRIES as OFFICIAL_NAMES

from billing_admin.errors import BusinessError

# What a row may have; a row may also have none.
CODES = tuple(sorted(countries.countries))

# Codes that never stood for another country than this one; the other columns of a row say nothing against it.
MISTAKES = {"UK": "GB", "EL": "GR", "BU": "MM", "DD": "DE", "FX": "FR", "TP": "TL", "ZR": "CD"}


# Names that a country is not listed by, which only answer what was meant.
_MEANT = {
    "america": "US", "burma": "MM", "cape verde": "CV", "czech republic": "CZ", "england": "GB", "great britain": "GB",
    "holland": "NL", "ivory coast": "CI", "northern ireland": "GB", "scotland": "GB", "swaziland": "SZ", "wales": "GB",
}  # fmt: skip


@cache
def names() -> dict[str, str]:
    """Code → name, by name."""
    return {code: str(name) for code, name in countries}


def country_name(code: str) -> str:
    """`Austria`, as on an envelope; what is no country, as it is."""
    return names().get(code, code)


def country_label(code: str) -> str:
    """`Austria (AT)`: as it stands in the list; what is no country, as it is."""
    return f"{names()[code]} ({code})" if code in names() else code


def find_country(text: str) -> str:
    """The code of a country given as its code, its name or both, in any case; nothing of nothing.

    Raises BusinessError without a field, which names the country that is nearest.
    """
    text = " ".join(text.split())
    if not text:
        return ""
    if text.isascii() and text.upper() in names():
        return text.upper()
    if code := _by_words().get(_folded(text)):
        return code
    shown = text if len(text) <= 40 else text[:40] + "…"
    near = _nearest(text)
    meant = f"Did you mean {country_label(near)}?" if near else "Give one, as in US or Austria."
    raise BusinessError(f"“{shown}” is not the code or name of a country. {meant}")


def meant_country(text: str) -> str:
    """The code of the one country that a common mistake or another code for it means: UK, Holland, AUT; else nothing.

    For files, where it is asked; what is only near (`Austrai`) is not among them.
    """
    text = " ".join(text.split())
    code = text.upper() if text.isascii() else ""
    return MISTAKES.get(code) or _MEANT.get(_folded(text)) or (countries.alpha2(code) if len(code) == 3 else "")


@cache
def _by_words() -> dict[str, str]:
    """Whatever a country is called → its code: name, official name, and as `country_label` writes it."""
    words = {}
    for code, name in names().items():
        official = str(OFFICIAL_NAMES.get(code, name))
        for each in (official, name, name.removesuffix(" (The)"), country_label(code)):
            words[_folded(each)] = code
    return words


def _nearest(text: str) -> str:
    folded = _folded(text)
    code = text.upper() if text.isascii() else ""
    if code := meant_country(text) or countries.alpha2(code):  # of GBR, of 826
        return code
    words = _by_words()
    near = [word for word in words if len(folded) > 2 and word.startswith(folded)]
    near = sorted(near, key=len) or difflib.get_close_matches(folded[:60], words, n=1, cutoff=0.7)
    return words[near[0]] if near else ""


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("’", "'").replace("&", "and")
    return "".join(character for character in plain if not unicodedata.combining(character))
