"""Credit that was used for an invoice there is applied to it, as far as it says that it was."""

from decimal import Decimal

import pytest

from billing_admin.models import StagedCredit, StagedInvoice
from credits.models import CreditEntry
from tests.factories import make_client, usd
from tests.imported import import_invoice
from tests.staged import stage

from .conftest import balance, bring, outcomes, sound, stage_credit

pytestmark = pytest.mark.django_db


def name_invoice(run, *places: int, source_id: str = "5", of: str = "7") -> None:
    """Let these rows name the invoice."""
    names = [f"{of}{place:03}" for place in places]
    StagedCredit.objects.filter(of=run, source_id__in=names).update(invoice_source_id=source_id)


def booked(invoice=None) -> list[tuple[str, Decimal]]:
    rows = CreditEntry.objects.filter(invoice=invoice, amount__lt=0).order_by("id")
    return [(row.kind, row.amount.amount) for row in rows]


def test_an_open_invoice_takes_what_it_says_from_its_latest_rows(run):
    acme = make_client()
    invoice = import_invoice(acme, 20, origin="open")
    stage(run, StagedInvoice, 5, 7, credit=Decimal(6))
    rows = [("2026-01-01", "30"), ("2026-01-02", "-5"), ("2026-01-03", "4"), ("2026-01-04", "-3"), ("2026-01-05", "-4")]
    stage_credit(run, 7, "22.00", rows)
    name_invoice(run, 2, 3, 4, 5)
    bring(run, ("5", invoice), c7=acme)
    assert booked(invoice) == [("apply", -2), ("apply", -4)]
    assert booked() == [("remove", -5), ("remove", -1)]
    invoice.refresh_from_db()
    assert (invoice.credit_applied, invoice.balance_due, invoice.status) == (usd(6), 14, "unpaid")
    assert balance(acme) == 22
    sound()


def test_an_ended_invoice_takes_its_rows_and_moves_by_nothing(run):
    acme = make_client()
    invoice = import_invoice(acme, 20)
    stage(run, StagedInvoice, 5, 7, credit=Decimal(5))
    stage_credit(run, 7, "5.00", [("2026-01-01", "3"), ("2026-01-01", "7"), ("2026-01-02", "-5")])
    name_invoice(run, 3)
    bring(run, ("5", invoice), c7=acme)
    assert booked(invoice) == [("apply", -3), ("apply", -2)]
    invoice.refresh_from_db()
    assert (invoice.credit_applied, invoice.status) == (usd(0), "paid")
    assert outcomes(run) == [("", "")] * 3
    sound()


def test_credit_for_anothers_invoice_is_removed_and_said(run):
    acme, globex = make_client(), make_client("Globex")
    invoice = import_invoice(globex, 20)
    stage(run, StagedInvoice, 5, 8)
    stage_credit(run, 7, "1.00", [("2026-01-01", "3"), ("2026-01-02", "-2")])
    stage_credit(run, 8, "0.00", [])
    name_invoice(run, 2)
    bring(run, ("5", invoice), c7=acme, c8=globex)
    assert booked() == [("remove", -2)]
    assert ["invoice" in why for _, why in outcomes(run)] == [False, True]
    sound()


def test_no_more_is_applied_than_is_owed(run):
    acme = make_client()
    invoice = import_invoice(acme, 5, origin="open")
    stage(run, StagedInvoice, 5, 7, credit=Decimal(9))
    stage_credit(run, 7, "0.00", [("2026-01-01", "9"), ("2026-01-02", "-9")])
    name_invoice(run, 2)
    bring(run, ("5", invoice), c7=acme)
    assert booked(invoice) == [("apply", -5)]
    assert booked() == [("remove", -4)]
    sound()
