"""A music shop's first customers: every purchase is billed, and each is paid by a payment out of an imported file."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Count, Sum

from credits.models import CreditAccount, CreditGrant
from invoices.models import Invoice, InvoiceLine
from tests.commands import run_command
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes
from transactions.models import Transaction

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SAMPLE = Path(__file__).parents[3] / "shared/data/cdnow_sample"


def bill_each_month() -> None:
    """Eighteen runs, as the shop would have made them."""
    for month in range(1, 19):
        year, number = divmod(month, 12)
        ran = run_command("generate_invoices", "--as-of", f"{1997 + year}-{number + 1:02}-01")
        assert ran.error == ""


def payments_file(path: Path) -> int:
    """One payment for each purchase that cost something, by card, with its invoice in the column for it."""
    lines = InvoiceLine.objects.filter(amount__gt=0).select_related("invoice").order_by("invoice_id", "position")
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Date", "Amount", "Currency", "Method", "Reference", "Invoice"])
        for line in lines:
            invoice = line.invoice
            writer.writerow([invoice.issued_on, line.amount.amount, "USD", "Card", f"CD-{line.pk}", invoice.label])
    return len(lines)


def test_every_purchase_is_billed_and_paid_by_an_imported_payment(tmp_path):
    if not SAMPLE.exists():
        pytest.skip(f"the sample data are not beside the repository: {SAMPLE}")
    run_command("import_clients", SAMPLE / "clients.csv")
    run_command("import_billable_items", SAMPLE / "billable_items.csv")
    bill_each_month()
    assert InvoiceLine.objects.count() == 6919
    path = tmp_path / "card.csv"
    count = payments_file(path)
    ran = run_command("import_payments", path)
    assert (ran.named, ran.error) == ([], "")
    # what it says on the way depends on how long it takes
    assert ran.printed[-2:] == [f"{count:,} payments were imported from card.csv.", "They come to 244,091.94 USD."]
    assert dict(Invoice.objects.values_list("status").annotate(Count("pk"))) == {"paid": Invoice.objects.count()}
    total = Transaction.objects.aggregate(total=Sum("amount_in") - Sum("amount_out"))["total"]
    assert (total, Transaction.objects.count()) == (Decimal("244091.94"), count)
    assert not CreditAccount.objects.exists()
    assert not CreditGrant.objects.exists()
    assert_invariants()
    assert run_command("check_ledger").exit_code == 0
    with nothing_changes():
        again = run_command("import_payments", path)
    assert again.printed[-1] == f"{count:,} payments are already there; nothing was changed."
