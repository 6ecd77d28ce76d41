"""Addresses that are looked up once: the same as Django's own, also where there is none."""

from uuid import UUID

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse

from billing_admin.web.addresses import address


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("clients:summary", [7]),
        ("clients:summary", [0]),
        ("clients:panel", [7, "billing"]),
        ("credits:grant", [999_999_991, 999_999_992]),
        ("credits:batch", [UUID(int=7)]),
    ],
)
def test_an_address_is_that_of_django(name, args):
    for _ in range(2):
        assert address(name, *args) == reverse(name, args=args)


@pytest.mark.parametrize("number", [None, -5])
def test_a_page_without_an_address_has_none(number):
    with pytest.raises(NoReverseMatch):
        address("clients:summary", number)
    shown = Template('{% url "clients:summary" number as there %}[{{ there }}]').render(Context({"number": number}))
    assert shown == "[]"
