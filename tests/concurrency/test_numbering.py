"""Invoice numbers when many issue at once."""

import datetime
from functools import partial

import pytest
from django.db import transaction as db_transaction

from clients.models import Client
from invoices.models import Invoice, NumberSeries
from invoices.models.number_series import Document, NumberSeriesManager
from tests.concurrency.racing import kinds, race
from tests.factories import give_credit, make_client, make_invoice, usd
from tests.invariants import assert_invariants

RACERS = 8


class TurnedBack(Exception):
    """Undoes the invoice that was just issued."""


def issue(clients: list[Client], count: int, start: int) -> int:
    """Issue `count` invoices in turn to `clients`, undo every tenth, and return how many stand."""
    for number in range(count):
        try:
            with db_transaction.atomic():
                make_invoice(clients[(start + number) % len(clients)], usd(10))
                if number % 10 == 9:
                    raise TurnedBack
        except TurnedBack:
            pass
    return count - count // 10


def numbers() -> list[int | None]:
    return list(Invoice.objects.order_by("number").values_list("number", flat=True))


@pytest.mark.parametrize("count", [80, pytest.param(1000, marks=pytest.mark.long)])
def test_eight_workers_issue_without_gaps_or_doubles(count):
    clients = [make_client(f"Client {number}") for number in range(5)]
    for owner in clients:
        give_credit(owner, usd(count))
    standing = race(*(partial(issue, clients, count // RACERS, start) for start in range(RACERS)), limit=120)
    assert numbers() == list(range(1, sum(standing) + 1))
    assert Invoice.objects.exclude(number_prefix="INV-").count() == 0
    assert NumberSeries.objects.get().next_number == sum(standing) + 1
    assert_invariants()


def issue_eight_at_once() -> list:
    clients = [make_client(f"Client {number}") for number in range(RACERS)]
    make_invoice(clients[0], usd(10))
    issues = (partial(make_invoice, owner, usd(10)) for owner in clients)
    return race(*issues, meet_before=["INSERT INTO invoices_numberseries", "UPDATE invoices_numberseries"])


def test_eight_clients_billed_at_once_get_the_next_eight_numbers():
    assert kinds(issue_eight_at_once()) == {"done": 8}
    assert numbers() == list(range(1, 10))
    assert_invariants()


def test_control_a_plain_counter_gives_one_number_to_all(monkeypatch):
    def take(self: NumberSeriesManager, document: Document, count: int, on: datetime.date) -> tuple[str, int]:
        series, _ = self.get_or_create(document=document, prefix="INV-")
        first = series.next_number
        self.filter(pk=series.pk).update(next_number=first + count)
        return series.prefix, first

    monkeypatch.setattr(NumberSeriesManager, "take", take)
    assert kinds(issue_eight_at_once()) == {"done": 1, "invoice_number_once": 7}
