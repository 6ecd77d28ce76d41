"""What the database refuses of an import keeps nothing else of it from coming, and comes later."""

from decimal import Decimal

import pytest
from django.db import connection

from clients.models import Client
from credits.models import CreditAccount
from credits.services.check import check_ledger
from tests.importing.staged_system import System
from transactions.models import Transaction

pytestmark = pytest.mark.django_db

_RAISE = """
    CREATE FUNCTION refuse_it() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN IF NEW.amount_in = 13 THEN RAISE EXCEPTION '{said}' USING ERRCODE = '{code}'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER refuse_it BEFORE INSERT ON transactions_transaction FOR EACH ROW EXECUTE FUNCTION refuse_it()
"""


@pytest.fixture(params=["P0001", "23514", "22003", "54000"])
def refusal(request):
    """The database refuses 13.00, in one of the ways in which it refuses a row."""
    with connection.cursor() as cursor:
        cursor.execute(_RAISE.format(said="Thirteen is refused", code=request.param))


def refuse_no_more() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER refuse_it ON transactions_transaction")


def system() -> System:
    made = System()
    for id_ in (7, 8, 9):
        made.client(id_, "5")
        made.credit(id_, id_, "5.00")
    made.money(1, 8, "13.00")
    made.money(2, 9, "14.00")
    made.money(3, 99, "13.00", currency="1")
    made.money(4, 99, "15.00", currency="1")
    return made


def figures() -> tuple[list[int], list[Decimal]]:
    assert check_ledger().finding_count == 0
    came = Transaction.objects.order_by("amount_in", "pk")
    return list(Client.objects.order_by("number").values_list("number", flat=True)), [
        row.amount_in.amount for row in came
    ]


@pytest.mark.usefixtures("refusal")
def test_what_is_refused_keeps_nothing_else_from_coming():
    run = system().book()
    assert run.state == "done"
    assert figures() == ([7, 9], [14, 15])
    assert run.comparison["is_explained"]
    assert run.receipt["notices"] == [
        "Client 8 there did not come. The database refused it: Thirteen is refused.",
        "Money 3 there did not come. The database refused it: Thirteen is refused.",
    ]
    refuse_no_more()
    system().book()
    assert figures() == ([7, 8, 9], [13, 13, 14, 15])
    assert CreditAccount.objects.count() == 3
