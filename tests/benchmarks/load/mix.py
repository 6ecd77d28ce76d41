"""What the staff look at on a day: which pages in which shares, as whom, in an order that looks like chance."""

import datetime
import random
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db.models import Max, Min
from django.test import Client as Browser

from billing_admin.staff.groups import BILLING, MANAGER, SUPPORT, VIEWER
from clients.models import Client
from tests.benchmarks.pages.addresses import of_client, pages

from .wrk import Asked

# Their roles; each may look at all that is in the mix.
ROLES = (SUPPORT, SUPPORT, SUPPORT, BILLING, BILLING, BILLING, MANAGER, VIEWER)

# Of a page that all clients share: how often it is asked for, 450 times together.
_SHARED = {
    "Home": 100,
    "Clients": 40, "Clients by name": 10, "Invoices": 40, "Invoices, unpaid": 30, "Invoices, overdue": 30,
    "Transactions": 30, "Credits": 20, "Ledger": 20, "Expiring": 10, "Billable items": 10, "Runs": 10, "Liability": 5,
    "Reports": 5,
    "Clients, search: common name": 10, "Clients, search: two words": 10, "Clients, search: company": 10,
    "Clients, search: one e-mail": 10, "Clients, search: number": 10, "Invoices, search: number": 10,
    "Invoices, search: common name": 10, "Transactions, search: reference": 10, "Search: two words": 5,
    "Search: amount": 5,
}  # fmt: skip

# Of so many clients each of these is asked for once: 840 requests.
_CLIENTS = 60
_OF_A_CLIENT = (
    "Summary", "Summary", "Summary", "Profile", "invoices", "unpaid invoices", "Credits", "ledger", "transactions",
    "Manage Credits", "Activity", "billable items", "statement", "paid invoice",
)  # fmt: skip

# And of those with thousands of rows each once, and those with tens of thousands, where there are any.
_LARGE = ("whale", "owing", "heavy")
_OF_A_LARGE_ONE = ("Summary", "invoices", "transactions", "Manage Credits")


def sign_in() -> list[str]:
    """The cookies of eight people of the staff, signed in with their roles."""
    cookies = []
    for number, role in enumerate(ROLES, start=1):
        person, _ = User.objects.get_or_create(username=f"load{number}")
        person.groups.set([Group.objects.get(name=role)])
        browser = Browser()
        browser.force_login(person)
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}")
    return cookies


def daily_mix(today: datetime.date, cookies: list[str]) -> list[Asked]:
    """The requests, the same ones in the same order each time."""
    asked = [*_shared(today), *_of_clients(today)]
    random.Random(len(asked)).shuffle(asked)
    return [Asked(*page, cookies[place % len(cookies)]) for place, page in enumerate(asked)]


def _shared(today: datetime.date) -> Iterator[tuple[str, str]]:
    every = dict(pages(today))
    for name, times in _SHARED.items():
        yield from [(name, every[name])] * times
    for name in (f"{who}: {page}" for who in _LARGE for page in _OF_A_LARGE_ONE):
        if name in every:
            yield name, every[name]


def _of_clients(today: datetime.date) -> Iterator[tuple[str, str]]:
    """The pages of clients that lie evenly apart, the first ones left out, for they have thousands of rows."""
    ends: dict[str, Any] = Client.objects.aggregate(first=Min("pk"), last=Max("pk"))
    for number in range(_CLIENTS):
        least = ends["first"] + (ends["last"] - ends["first"]) * (2 * number + 1) // (2 * _CLIENTS)
        client = Client.objects.filter(pk__gte=least).order_by("pk")[0]
        every = dict(of_client("client", client, client, today))
        for name in _OF_A_CLIENT:
            if address := every.get(f"client: {name}"):
                yield f"client: {name}", address
