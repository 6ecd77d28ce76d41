"""What was not brought at first, and what was paid here and there meanwhile: a second import counts nothing twice."""

from decimal import Decimal

import pytest

from billing_admin.models import StagedInvoice, StagedLine
from clients.services.system_import.preview import judge_all
from credits.services.check import check_ledger
from invoices.models import Invoice
from invoices.services.cancel import cancel_invoice
from tests.importing.staged_system import System
from transactions.models import Transaction

pytestmark = pytest.mark.django_db


def an_invoice_that_waits(**values: str) -> System:
    """Its lines do not come to its total, so that it does not come, and its money and credit come without it."""
    system = System()
    system.client(7, "10")
    system.invoice(501, 7, "100.00", **{name: Decimal(value) for name, value in values.items()})
    system.rows[StagedLine, "5011"]["amount"] = Decimal(90)
    return system


def mend(system: System) -> None:
    system.rows[StagedLine, "5011"]["amount"] = Decimal(100)


def test_money_that_came_before_its_invoice_pays_none_of_it():
    system = an_invoice_that_waits(paid="40.00")
    system.money(1, 7, "40.00", 501)
    system.book()
    mend(system)
    run = system.book()
    assert not Invoice.objects.exists()  # it would be due with 100.00, of which 40.00 were paid
    (row,) = run.comparison["rows"]["due"]
    assert (row["there"], row["here"]) == ("60.00", "0.00")
    assert "40.00 USD and 0.00 USD came before without it" in row["why"]
    assert run.comparison["is_explained"]


def test_credit_that_came_before_its_invoice_pays_none_of_it():
    system = an_invoice_that_waits(credit="40.00")
    system.credit(1, 7, "50.00")
    system.credit(2, 7, "-40.00", 501)
    system.book()
    mend(system)
    run = system.book()
    assert not Invoice.objects.exists()
    assert "0.00 USD and 40.00 USD came before without it" in run.comparison["rows"]["due"][0]["why"]
    assert check_ledger().finding_count == 0


def test_an_invoice_without_money_that_waited_comes_later():
    system = an_invoice_that_waits()
    system.book()
    mend(system)
    system.money(1, 7, "30.00", 501)
    system.rows[next(key for key in system.rows if key[1] == "501")]["paid"] = Decimal(30)
    system.book()
    assert Invoice.objects.get().balance_due == 70


def test_what_was_cancelled_here_and_paid_there_is_told():
    system = System()
    system.client(7)
    system.invoice(501, 7, "100.00")
    system.book()
    cancel_invoice(invoice=Invoice.objects.get(), by=None, reason="Not ordered")
    system.money(1, 7, "100.00", 501)
    system.rows[StagedInvoice, "501"] |= {"status": "Paid", "paid": Decimal(100)}
    run = judge_all(system.read())
    staged = StagedInvoice.objects.get(of=run)
    assert (staged.outcome, staged.why) == ("changed", "It is Paid there now, and cancelled here.")
    run.delete()
    system.book()
    money = Transaction.objects.get()
    assert (money.invoice, money.note) == (None, "For invoice 501 there.")
    assert check_ledger().finding_count == 0
