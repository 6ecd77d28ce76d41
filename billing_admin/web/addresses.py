"""Addresses in many rows: put together once, not by `reverse` for each."""

from collections.abc import Callable

from django.urls import reverse

# Stand-ins for the ids in an address: numbers that occur in none of our addresses otherwise.
MARKS = (999_999_991, 999_999_992)


def address_maker(name: str, *marks: object) -> Callable[..., str]:
    """A function from ids to the address of the page `name`. Django's `reverse` is called once, not for each row.

    It is called with `marks` (one number unless given) in place of the ids, which then replace these.
    """
    marks = marks or MARKS[:1]
    address = reverse(name, args=marks)
    for mark in marks:
        address = address.replace(str(mark), "{}")
    return address.format
