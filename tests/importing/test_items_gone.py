"""A service that was deleted in the other system between two imports is not billed here when staff switch over."""

import datetime

import pytest

from billing_admin.models import StagedClient, StagedItem
from clients.services.system_import.switch import switch_over
from invoices.models import BillableItem
from tests.importing.staged_system import System

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 12, 1)


def three_items() -> System:
    system = System()
    for id_ in (7, 8):
        system.client(id_)
    for id_, client in ((1, 7), (2, 7), (3, 8)):
        system.item(id_, client, f"{id_}.00")
    system.book()
    return system


def billed() -> list[int]:
    return [int(item.unit_price.amount) for item in BillableItem.objects.filter(paused=False).order_by("pk")]


def test_an_item_that_is_gone_there_stays_paused():
    system = three_items()
    del system.rows[StagedItem, "2"], system.rows[StagedItem, "3"], system.rows[StagedClient, "8"]
    run = system.book()
    assert run.receipt["notices"] == [
        "2 items that came before are no longer there: 2, 3. They stay paused, also when staff switch over."
    ]
    assert system.book().receipt["notices"] == []
    switch_over(source="WHMCS", day=DAY, by=None)
    assert billed() == [1]


def test_what_staff_changed_here_is_theirs_to_decide():
    system = three_items()
    BillableItem.objects.filter(unit_price=2).update(version=1)
    del system.rows[StagedItem, "2"]
    assert system.book().receipt["notices"] == []
    switch_over(source="WHMCS", day=DAY, by=None)
    assert billed() == [1, 2, 3]
