"""Addresses of pages: Django's `reverse` is asked once for each page there is, not for each link to it."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.urls import get_script_prefix, get_urlconf, reverse

# Stand-ins for the ids in an address: numbers that occur in none of our addresses otherwise.
MARKS = (999_999_991, 999_999_992)

# Where an id stands among the words of an address.
_ID = object()


def address(name: str, *args: Any) -> str:
    """The address of the page `name` with these ids and words in it, as `reverse` gives it.

    Raises NoReverseMatch.
    """
    words = tuple(_ID if _is_id(arg) else arg for arg in args)
    return _pattern(name, words, get_urlconf(), get_script_prefix()).format(*filter(_is_id, args))


def address_maker(name: str, *marks: object) -> Callable[..., str]:
    """A function from ids to the address of the page `name`, for many rows.

    `marks` stand in place of the ids (one number unless given), which then replace these.
    """
    marks = marks or MARKS[:1]
    made = address(name, *marks)
    for mark in marks:
        made = made.replace(str(mark), "{}")
    return made.format


def _is_id(arg: Any) -> bool:
    return type(arg) is int and arg >= 0


@lru_cache(maxsize=1024)
def _pattern(name: str, words: tuple[Any, ...], urlconf: Any, prefix: str) -> str:
    """The address with `{}` for each id, which is _ID among the words."""
    marks = [MARKS[0] + place for place in range(len(words))]
    made = reverse(name, urlconf, args=[mark if word is _ID else word for word, mark in zip(words, marks, strict=True)])
    for mark in marks:
        made = made.replace(str(mark), "{}")
    return made
