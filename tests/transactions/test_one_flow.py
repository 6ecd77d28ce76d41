"""A payment received by hand and one of a file are booked alike: the same transactions, credit and activity."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction as db_transaction

from clients.models import Activity
from credits.models import CreditEntry, CreditGrant
from invoices.models import Invoice
from tests.commands import run_command
from tests.factories import make_client, make_invoice, make_payment_method, usd
from transactions.models import Transaction
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 3, 1)
# What no two bookings have alike, or what says only that it came from a file.
OWN = frozenset(
    ("id", "created_at", "at", "file_key", "batch_id", "payer_name", "part_of_id", "account_id", "grant_id",
     "transaction_id")
)  # fmt: skip

# Amounts, fees, and the numbers of the invoices of 100.00 and 50.00 that they are for.
PAYMENTS: dict[str, list[tuple[str, str, tuple[int, ...]]]] = {
    "all that is due": [("100.00", "", (1,))],
    "part of it": [("99.99", "", (1,))],
    "more than is due": [("120.50", "", (1,))],
    "with fees": [("100.00", "2.90", (1,))],
    "more than is due, with fees": [("120.50", "2.90", (1,))],
    "several invoices": [("150.00", "4.00", (2, 1))],
    "more than several invoices": [("170.00", "4.00", (1, 2))],
    "less than several invoices": [("120.00", "", (1, 2))],
    "one after the other": [("60.00", "", (1,)), ("60.00", "", (1,)), ("50.00", "1.00", (2,))],
}


def booked() -> dict[str, list[dict[str, Any]]]:
    """What was booked, without what is another's each time: every other column, and which rows belong together."""
    ids = list(Transaction.objects.order_by("reference", "part").values_list("id", flat=True))

    def place(pk: int | None) -> int | None:
        return None if pk is None else ids.index(pk)

    rows = {
        model.__name__: [
            {
                **{name: value for name, value in row.items() if name not in OWN},
                "belongs_to": place(row.get("part_of_id") or row.get("transaction_id")),
            }
            for row in found.values()
        ]
        for model, found in (
            (Transaction, Transaction.objects.order_by("reference", "part")),
            (CreditGrant, CreditGrant.objects.order_by("id")),
            (CreditEntry, CreditEntry.objects.order_by("id")),
        )
    }
    rows["Activity"] = [
        {
            "summary": each.summary,
            "client": each.client_id,
            "data": {**each.data, "transaction": None, "amount": Decimal(each.data["amount"])},
        }
        for each in sorted(
            Activity.objects.filter(verb="payment.recorded"), key=lambda row: ids.index(row.data["transaction"])
        )
    ]
    rows["Invoice"] = list(Invoice.objects.order_by("id").values("id", "status", "amount_paid", "balance_due"))
    return rows


@pytest.mark.parametrize("what", PAYMENTS)
@pytest.mark.parametrize("described", ["", "Thank you"])
def test_by_hand_and_from_a_file_the_same_is_booked(tmp_path, what, described):
    acme, bank = make_client("Acme Ltd", credit_use="never"), make_payment_method("Savings bank")
    invoices = {number: make_invoice(acme, usd(amount)) for number, amount in ((1, 100), (2, 50))}
    with db_transaction.atomic():
        for place, (amount, fees, numbers) in enumerate(PAYMENTS[what]):
            receive_payment(
                invoices=[invoices[number] for number in numbers], amount=usd(amount), fees=usd(fees or "0"),
                payment_method=bank, by=None, on=DAY, reference=f"T{place}", description=described,
            )  # fmt: skip
        by_hand = booked()
        db_transaction.set_rollback(True)
    lines = ["Date,Amount,Currency,Method,Reference,Invoice,Fees,Description,Name"]
    for place, (amount, fees, numbers) in enumerate(PAYMENTS[what]):
        named = " ".join(invoices[number].label for number in numbers)
        lines.append(f"{DAY},{amount},USD,Savings bank,T{place},{named},{fees},{described},Acme Ltd")
    path = tmp_path / "bank.csv"
    path.write_text("\n".join(lines) + "\n")
    assert run_command("import_payments", path).error == ""
    assert booked() == by_hand
