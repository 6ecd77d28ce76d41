"""Texts as people type them, made fit to be drawn and to be written as XML."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from . import fonts

_STAND_IN = "\ufffd"
_ZERO_WIDTH_SPACE, _JOINER = "\u200b", "\u200d"
# They are seen by nobody, and no font needs them: joiners, marks of direction, selectors of a variant, soft hyphens.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
# What turns the letters around it the other way, so that a text reads as what it is not.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")

_LONGEST_WORD, _PIECE = 30, 5
_LONG_WORD = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
# Scripts without spaces, which are broken by rules of their own: Thai and Lao, Burmese, Khmer, and from Chinese on.
_BREAKS_BY_ITSELF = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\U0010ffff]")


def fit_to_draw[Texts](texts: Texts) -> tuple[Texts, str]:
    """The same data with every text in it fit to be drawn, and the letters that no font has, each once.

    Such a letter gives �: the document stays readable, and somebody is told.
    """
    texts = fit_for_xml(texts)
    seen = set(_letters_of(texts))
    left_out = fonts.not_drawn({ord(letter) for letter in seen if letter != "\n" and not _UNSEEN.match(letter)})
    table = dict.fromkeys(left_out, _STAND_IN)
    fit = _each(texts, lambda text: _LONG_WORD.sub(_breakable, text.translate(table) if table else text))
    return fit, "".join(map(chr, sorted(left_out)))


def fit_for_xml[Texts](texts: Texts) -> Texts:
    """The same data without what XML refuses, as control characters are, and without what turns a text around."""
    return _each(texts, _cleaned)


def _each(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each(each, change) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_each(each, change) for each in value]
    return value


def _letters_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _letters_of(each)


def _cleaned(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    text = "\n".join(text.splitlines()).replace("\t", " ")
    return "".join(letter for letter in _TURNING.sub("", text) if letter == "\n" or not _is_refused(letter))


def _is_refused(letter: str) -> bool:
    """Control characters, halves of a pair, and the code points that are no characters for ever."""
    code = ord(letter)
    return unicodedata.category(letter) in ("Cc", "Cs") or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _breakable(word: re.Match[str]) -> str:
    """A word too long for any column, with places where a line may end; never between a letter and its accent."""
    parts: list[str] = []
    since = 0
    before = ""
    for letter in word[0]:
        if since >= _PIECE and _may_part(before, letter):
            parts.append(_ZERO_WIDTH_SPACE)
            since = 0
        parts.append(letter)
        since += 1
        before = letter
    return "".join(parts)


def _may_part(before: str, letter: str) -> bool:
    joined = unicodedata.category(letter).startswith("M") or _JOINER in (before, letter) or _UNSEEN.match(letter)
    return not joined and not _BREAKS_BY_ITSELF.match(letter)
