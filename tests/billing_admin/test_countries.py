"""Countries as they are typed, and what is no country."""

import pytest

from billing_admin.countries import CODES, country_label, find_country, names
from billing_admin.errors import BusinessError


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("AT", "AT"), ("at", "AT"), (" Austria ", "AT"), ("austria (at)", "AT"), ("Kosovo", "XK"), ("xk", "XK"),
        ("Aland Islands", "AX"), ("Åland Islands", "AX"), ("cote d’ivoire", "CI"), ("Bosnia & Herzegovina", "BA"),
        ("Russian Federation", "RU"), ("Russia", "RU"), ("Bahamas", "BS"), ("", ""), (" ", ""),
    ],
)  # fmt: skip
def test_a_country_is_its_code_or_its_name(typed, code):
    assert find_country(typed) == code


def test_each_country_is_known_by_its_code_its_name_and_both():
    assert len(CODES) > 240
    for code in CODES:
        assert {find_country(each) for each in (code, names()[code], country_label(code))} == {code}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Austri", "Austria (AT)"), ("Au str ia", "Austria (AT)"), ("Germnay", "Germany (DE)"), ("USA",
        "United States of America (US)"), ("United States", "United States of America (US)"), ("UK",
        "United Kingdom (GB)"), ("England", "United Kingdom (GB)"), ("Czech Republic", "Czechia (CZ)"),
        ("826", "United Kingdom (GB)"),
    ],
)  # fmt: skip
def test_the_nearest_is_named_and_not_taken(typed, meant):
    with pytest.raises(BusinessError) as caught:
        find_country(typed)
    assert str(caught.value) == f"“{typed}” is not the code or name of a country. Did you mean {meant}?"


@pytest.mark.parametrize("typed", ["ZZ", "A", "ß", "1!", "\0", "x" * 5_000, "ＡＴ１"])
def test_what_is_near_nothing_says_what_to_give(typed):
    with pytest.raises(BusinessError, match=r"Give one, as in US or Austria\.$") as caught:
        find_country(typed)
    assert len(str(caught.value)) < 200
