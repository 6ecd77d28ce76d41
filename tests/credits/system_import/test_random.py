"""Whatever the rows of another system are, a client's credit ends at the balance there and was never below zero."""

import random
from decimal import Decimal

import pytest
from django.db.models import Sum

from credits.models import CreditAccount, CreditEntry, CreditGrant
from tests.factories import make_client

from .conftest import bring, sound, stage_credit

pytestmark = pytest.mark.django_db


def _amount(choice: random.Random) -> str:
    return choice.choice(["0", f"{choice.randrange(-5000, 5001) / 100:.2f}", f"{choice.randrange(-50, 51)}"])


def _day(choice: random.Random) -> str | None:
    return choice.choice([None, "2031-01-01", *[f"2026-0{choice.randrange(1, 9)}-{choice.randrange(10, 29)}"] * 8])


def held(client, currency: str) -> Decimal:
    account = CreditAccount.objects.filter(client=client, currency=currency).first()
    return account.balance.amount if account else Decimal(0)


def never_below_zero(client) -> bool:
    running = Decimal(0)
    for entry in CreditEntry.objects.filter(client=client).order_by("at", "id"):
        running += entry.amount.amount
        if running < 0:
            return False
    return True


def of_grants(client) -> bool:
    """No entry is before its grant, and what each has left is what its entries come to."""
    return all(
        grant.entries.order_by("id").first().amount == grant.amount
        and grant.entries.order_by("at").first().at == grant.created_at
        and grant.entries.aggregate(Sum("amount"))["amount__sum"] == grant.remaining.amount
        for grant in CreditGrant.objects.filter(client=client)
    )


@pytest.mark.parametrize("seed", range(4))
def test_random_rows_come_to_the_balance_there(run, again, seed):
    choice = random.Random(seed)
    run.answers["negative balance"] = "bring"
    run.save()
    clients = {f"c{number}": make_client(f"Client {number}", currency=choice.choice(["USD", "JPY"]))
               for number in range(1, 16)}  # fmt: skip
    told = {
        name: ([(_day(choice), _amount(choice)) for _ in range(choice.randrange(12))], _amount(choice))
        for name in clients
    }
    for name, (rows, balance) in told.items():
        stage_credit(run, name[1:], balance, rows, currency={"USD": "1", "JPY": "3"}[clients[name].currency])
    bring(run, **clients)
    for name, client in clients.items():
        places = Decimal(1) if client.currency == "JPY" else Decimal("0.01")
        expected = max(Decimal(told[name][1]).quantize(places, "ROUND_HALF_UP"), Decimal(0))
        assert held(client, client.currency) == expected
        assert never_below_zero(client)
        assert of_grants(client)
        adjusted = CreditGrant.objects.filter(client=client, kind="adjustment").count()
        assert adjusted <= 1
    sound()
