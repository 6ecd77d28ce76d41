"""Numbers in what a payer wrote: of invoices and of clients, never those of dates, phones or longer codes."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Takes the place of what is no number of ours. No pattern of separators takes it, so nothing is read across it.
MASK = "\ue000"

_MONTHS = """
    jan january januar jänner januari janvier janv enero ene gennaio janeiro
    feb february februar februari février fevrier févr fevr febrero febbraio fevereiro
    mar march märz maerz mrz mär maart mrt mars marzo março marco
    apr april avril avr abril abr aprile may mai mei mayo maggio maio
    jun june juni juin junio giugno junho jul july juli juillet juil julio luglio julho
    aug august augustus août aout agosto ago
    sep sept september septembre septiembre setiembre settembre setembro
    oct october okt oktober octobre octubre ottobre outubro
    nov november novembre noviembre novembro dec december dez dezember déc décembre decembre diciembre dic dicembre
    dezembro
"""
_MONTH = "(?:" + "|".join(sorted(_MONTHS.split(), key=len, reverse=True)) + r")(?!\w)"
_YEAR_MAY_FOLLOW = r"(?:[. ,-]{0,2}(?:de )?[0-9]{2,4}(?![0-9]))?"
_PHONE = "(?:tel|telefon|telephone|phone|fon|mobile|mobil|mob|fax|handy)"
_MASKED = [
    re.compile(pattern)
    for pattern in (
        r"[\w.+-]+@[\w.-]+",  # an e-mail address
        # IBANs and creditor references in groups of four; in one piece no number is found within them anyway.
        r"(?<!\w)[a-z]{2}[0-9]{2} (?:[a-z]{4} )?[0-9]{4}(?: [0-9]{4})+(?: [0-9]{1,3}(?![0-9]))?",
        r"(?<![0-9])(?:19|20)[0-9]{2}([-/. ])[0-9]{1,2}\1[0-9]{1,2}(?![0-9])",  # 2026-10-31
        r"(?<![0-9])[0-9]{1,2}([-/.])[0-9]{1,2}\1(?:[0-9]{4}|[0-9]{2})(?![0-9])",  # 31.10.2026, 31/10/26
        r"(?<![0-9])[0-9]{1,2}(?:\. ?| )[0-9]{1,2}(?:\. ?| )(?:19|20)[0-9]{2}(?![0-9])",  # 31. 10. 2026
        r"(?<![0-9])(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9])",  # 20261031
        r"(?<![0-9])(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19|20)[0-9]{2}(?![0-9])",  # 31102026
        r"(?<![0-9])(?:19|20)[0-9]{2}(?:[-/.](?:0[1-9]|1[0-2])|[/.][1-9])(?![0-9])(?![-/.][0-9])",  # 2026/10
        # 5 Nov 2026, and without its year too
        rf"(?<![0-9])[0-9]{{1,2}}(?:st|nd|rd|th)?[. -]{{0,2}}(?:de )?{_MONTH}{_YEAR_MAY_FOLLOW}",
        # Nov 5, 2026
        rf"(?<!\w){_MONTH}[. -]{{1,2}}[0-9]{{1,2}}(?:st|nd|rd|th)?[ ,.-]+(?:[0-9]{{4}}|[0-9]{{2}})(?![0-9])",
        r"(?<![0-9])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?![0-9])",  # a time
        r"(?<!\w)\+ ?[1-9][0-9 ()/.-]{5,}[0-9]",  # +49 30 123456
        r"(?<!\w)00[1-9][0-9][ /-]?[1-9][0-9 ()/.-]{5,}[0-9]",  # 0049 30 123456
        # (030) 123456, 030/123456, 030 123456; numbers of ours have at least six digits where they begin with a nought
        r"\(0[1-9][0-9]{0,3}\)[ /-]?[0-9][0-9 /-]*|(?<!\w)0[1-9][0-9]{0,3}(?:/[0-9][0-9 -]*| [0-9]{5,}(?![0-9]))",
        rf"(?<!\w){_PHONE}[.: ]{{0,3}}[+(]{{0,2}}[0-9][0-9 ()/.-]{{4,}}[0-9]",
    )
]

_BETWEEN = r"[\s\-‐‑–—_./#:№°]{0,3}"
# A number stands for itself: beside it is no letter or digit, and no further part of a code, a date or an amount, such
# as 1 000,00 and 1'000.
_BEFORE = rf"(?<![\w{MASK}])(?<![\w{MASK}]-)(?<![0-9{MASK}]\.)"
_AFTER = rf"(?![\w{MASK}])(?!-[\w{MASK}])(?![/.,:⁄'’][0-9{MASK}])(?! [0-9]{{3}}(?: [0-9]{{3}})*[.,][0-9])"
# `Re 40 EUR` is about an amount. `INV-000040 EUR` and `INV 40 EUR 12.00` are about an invoice.
_NO_AMOUNT = r"(?!(?<![0-9]{5}) ?(?:€|\$|£|%|(?:eur|usd|gbp|chf)(?!\w))(?! ?[0-9]))"

_CLIENT = re.compile(
    r"(?<!\w)(?:client|customer|cust|kunde|kunden|klant|klanten|cliente|debitor|debitoren|kd)"
    r"[ .-]{0,2}(?:id|no|nr|num|number|nummer|numero|numéro|n°|nº)?[\s.:#°/-]{0,3}"
    rf"(?P<number>[0-9]{{1,18}}){_AFTER}"
)


def fold(text: str) -> str:
    """Text as numbers are looked for in it: one case, one width."""
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=4096)
def masked(text: str) -> str:
    """Folded text in which dates, times, IBANs and phone numbers are no longer readable."""
    text = fold(text).replace(MASK, " ")
    for pattern in _MASKED:
        text = pattern.sub(MASK, text)
    return text


def digits_in(text: str) -> set[int]:
    """All numbers in a text that might be an invoice's, to look them up."""
    return {int(digits) for digits in re.findall(r"[0-9]{1,18}", masked(text), re.ASCII)}


@lru_cache(maxsize=512)
def _pattern(prefix: str) -> re.Pattern[str] | None:
    """How a number with this prefix may be written; None where only the column made for numbers may have it."""
    folded = fold(prefix)
    if not folded:
        return None
    if not any(character.isalpha() for character in folded):  # `2026-`: exactly as it is printed
        return re.compile(rf"{_BEFORE}(?<![0-9{MASK}]/){re.escape(folded)}(?P<number>[0-9]{{6,18}}){_AFTER}", re.ASCII)
    parts = [re.escape(part) for part in re.findall(r"[^\W_]+", folded)]
    return re.compile(rf"{_BEFORE}{_BETWEEN.join(parts)}{_BETWEEN}(?P<number>[0-9]{{1,18}}){_AFTER}{_NO_AMOUNT}")


def numbers_in(text: str, prefixes: Iterable[str]) -> list[tuple[str, int, str]]:
    """The numbers with one of these prefixes, (prefix, number, as written), in the order that they stand in."""
    text = masked(text)
    spans: list[tuple[int, int, str, int]] = []
    for prefix in prefixes:
        if (pattern := _pattern(prefix)) is not None:
            exact = not any(character.isalpha() for character in prefix)
            for found in pattern.finditer(text):
                digits = found["number"]
                if not exact or len(digits) == max(6, len(str(int(digits)))):
                    spans.append((*found.span(), prefix, int(digits)))
    # Of `INV 2026 000123` the beginning is another invoice's number, INV-2026; the longest one is meant.
    outer = [
        span
        for span in spans
        if not any(o[0] <= span[0] and span[1] <= o[1] and o[1] - o[0] > span[1] - span[0] for o in spans)
    ]
    return [(prefix, number, text[start:end]) for start, end, prefix, number in sorted(outer)]


def bare_numbers(text: str, prefixes: Iterable[str]) -> list[int]:
    """The numbers without a prefix in a column made for numbers; none where anything else stands in it."""
    rest = masked(text)
    for _, _, written in numbers_in(text, prefixes):
        rest = rest.replace(written, " ", 1)
    words = [word for word in re.split(r"[,;\s]+", rest) if word]
    if not all(re.fullmatch(r"[0-9]{1,18}", word, re.ASCII) for word in words):
        return []
    return [int(word) for word in words]


def client_numbers_in(text: str) -> list[int]:
    """Numbers that follow a word for a client: `Kundennr. 1042`, `client no 1042`."""
    return list(dict.fromkeys(int(found["number"]) for found in _CLIENT.finditer(masked(text))))
