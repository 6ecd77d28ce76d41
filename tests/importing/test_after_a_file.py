"""Clients whom a file brought before, with their credit as an opening balance: the system's import adds no second."""

from decimal import Decimal

import pytest
from djmoney.money import Money

from billing_admin.models import StagedCredit
from clients.models import Client, ClientFileMapping
from clients.services.importing.other_systems import import_foreign_clients
from clients.services.system_import.preview import preview, rows_of
from credits.models import CreditAccount, CreditBatch
from credits.services.bulk.reverse import reverse_credit_batch
from credits.services.check import check_ledger
from credits.services.remove import remove_credit
from tests.importing.staged_system import System

pytestmark = pytest.mark.django_db
SOURCE = "WHMCS"


def bring_file(*lines: str) -> None:
    mapping = ClientFileMapping(
        name="Ours",
        source=SOURCE,
        currency="USD",
        columns={"id": "External ID", "name": "Company Name", "credit": "Credit"},
    )
    import_foreign_clients(
        name="clients.csv", content="\n".join(["id,name,credit", *lines, ""]).encode(), mapping=mapping, by=None,
        accept_changes=True, with_lookalikes=True,
    )  # fmt: skip


def system(balance: str = "10", *amounts: str) -> System:
    made = System()
    made.client(7, balance)
    for place, amount in enumerate(amounts, 1):
        made.credit(place, 7, amount)
    return made


def balances() -> list[Decimal]:
    assert check_ledger().finding_count == 0
    return [account.balance.amount for account in CreditAccount.objects.order_by("client__number")]


@pytest.mark.parametrize(
    ("balance", "rows"),
    [("10", ()), ("10", ("50", "-40")), ("15", ("10",)), ("4", ("-2", "12")), ("0", ()), ("0", ("3",))],
)
def test_an_opening_balance_of_a_file_does_not_come_twice(balance, rows):
    bring_file("7,Acme,10.00")
    for _ in range(2):
        run = system(balance, *rows).book()
        assert balances() == [Decimal(balance)]
        assert run.comparison["is_explained"]


def test_it_is_said_before_with_the_figures():
    bring_file("7,Acme,10.00")
    run = preview(system("10", "50", "-40").read())
    (said,) = [reason["why"] for reason in rows_of(run, StagedCredit) if reason["why"]]
    assert said == (
        "A file of clients gave 10.00 USD of the balance: they do not come twice. "
        "An adjustment of -10.00 USD after the last row leads to the balance there."
    )


def test_what_was_used_of_it_here_is_used():
    bring_file("7,Acme,10.00")
    remove_credit(client=Client.objects.get(), amount=Money(4, "USD"), description="Used here", by=None)
    system("10", "50", "-40").book()
    assert balances() == [6]


def test_what_was_taken_back_of_it_comes():
    bring_file("7,Acme,10.00")
    reverse_credit_batch(batch_id=CreditBatch.objects.get().pk, reason="Wrong file", by=None)
    system("10", "50", "-40").book()
    assert balances() == [10]
