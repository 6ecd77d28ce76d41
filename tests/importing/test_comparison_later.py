"""The comparison of a later import is explained to the cent, whatever was done with its clients meanwhile."""

from decimal import Decimal

import pytest
from djmoney.money import Money

from clients.models import Client
from clients.services.merge.merge_clients import merge_clients
from credits.services.check import check_ledger
from invoices.models import Invoice
from tests.factories import give_credit, make_payment_method, usd
from tests.importing.staged_system import System
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def system() -> System:
    made = System()
    made.client(7, "10")
    made.client(8, "5")
    made.invoice(501, 8, "100.00", paid=Decimal(0))
    made.credit(1, 8, "5.00")
    made.book()
    return made


def rows_of(system: System, kind: str) -> list[dict]:
    run = system.book()
    unexplained = [figure for figure in run.comparison["figures"] if figure["unexplained"] != "0"]
    assert unexplained == []
    assert check_ledger().finding_count == 0
    return run.comparison["rows"].get(kind, [])


def test_merged_clients_have_one_balance(system):
    kept, other = Client.objects.order_by("number")
    merge_clients(kept=kept, discarded=other, by=None)
    (row,) = rows_of(system, "balances")  # the sums are the same; how many are above zero is not
    assert (row["id"], row["client"], row["there"], row["here"]) == ("7, 8", 7, "15.0000", "15.000")


def test_what_is_gone_there_is_named(system):
    for key in [key for key, row in system.rows.items() if row["client"] == 8]:
        del system.rows[key]
    run = system.book()
    assert run.comparison["is_explained"]
    for kind, here in (
        ("clients", "Active"),
        ("balances", "5.000"),
        ("invoices", "Unpaid 100.000"),
        ("due", "100.000"),
    ):
        (row,) = run.comparison["rows"][kind]
        assert (row["here"], row["why"]) == (here, "It is no longer there.")


def test_credit_in_another_currency_is_named(system):
    give_credit(Client.objects.get(number=7), Money(3, "EUR"))
    (row,) = rows_of(system, "balances")
    assert (row["currency"], row["here"], row["why"]) == ("EUR", "3.000", "It is in another currency there.")


def test_what_was_paid_here_and_there_is_said_with_figures(system):
    card = make_payment_method()
    receive_payment(amount=usd(30), invoices=Invoice.objects.all(), payment_method=card, by=None)
    system.rows[next(key for key in system.rows if key[1] == "501")]["paid"] = Decimal(100)
    system.money(1, 8, "100.00", 501)
    (row,) = rows_of(system, "due")
    assert row["why"] == (
        "Here 30.00 USD was paid of it, 0.00 USD of credit applied and 0.00 USD credited or written off; "
        "there 100.00 USD was paid and 0.00 USD of credit applied."
    )
    assert Invoice.objects.get().balance_due == 70
