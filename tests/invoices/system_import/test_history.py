"""Invoices that had ended, drafts and what is left out: they come as they ended there, and say what is odd."""

import datetime
from decimal import Decimal

import pytest

from billing_admin.db.triggers import maintenance
from billing_admin.models import StagedLine
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from credits.services.check import check_ledger
from invoices.models import ImportedInvoice, ImportedLine, Invoice, NumberFormat
from invoices.services.drafts import delete_draft
from invoices.services.issue import issue_invoice
from invoices.services.system_import import continue_numbers, judge, questions
from tests.factories import make_client, make_invoice, make_staff, usd
from tests.invariants import assert_invariants
from tests.staged import make_import, stage

from .rows import bring, stage_client, stage_credit, stage_invoice, stage_money

pytestmark = pytest.mark.django_db


def assert_sound() -> None:
    assert_invariants()
    assert [(each.invariant, each.subject) for each in check_ledger().findings.all()] == []


@pytest.mark.parametrize(
    ("status", "own", "paid"), [("Paid", "paid", 12), ("Cancelled", "cancelled", 0), ("REFUNDED ", "refunded", 0)]
)
def test_one_that_had_ended_comes_as_it_ended(status, own, paid):
    run = make_import()
    stage_client(run)
    stage_invoice(run, 41, ("15.00", True), ("-5.00", True), status=status, tax="1.00", tax2="1.00", tax_rate="10",
                  tax2_rate="10", credit="3.00", paid="9.00", label="2024-0001", notes="Thanks")  # fmt: skip
    brought = bring(run, make_client())
    invoice = Invoice.objects.get()
    assert brought == {"41": (invoice.pk, "history", "2024-0001")}
    assert (invoice.status, invoice.label, invoice.notes) == (own, "2024-0001", "Thanks")
    assert (invoice.subtotal, invoice.tax, invoice.total, invoice.amount_paid) == (usd(10), usd(2), usd(12), usd(paid))
    there = ImportedInvoice.objects.get()
    assert (there.status, there.total, there.credit, there.paid) == (status, usd(9), usd(3), usd(9))
    lines = ImportedLine.objects.order_by("position")
    assert [(line.description, line.amount, line.taxed) for line in lines] == [
        ("Line 0", usd(15), True), ("Line 1", usd(-5), True),
    ]  # fmt: skip
    assert not invoice.lines.exists()
    assert not invoice.reminder_holds.exists()
    assert_sound()


@pytest.mark.parametrize(
    ("figures", "own", "word"),
    [
        ({"subtotal": "12.00"}, ("12.00", "0.00"), "Its lines come to 10.00 USD, its subtotal is 12.00 USD."),
        ({"total": "8.00"}, ("8.00", "0.00"), "Its total is 8.00 USD; subtotal and tax come to 10.00 USD."),
        ({"credit": "15.00"}, ("10.00", "0.00"), "Credit of 15.00 USD was applied to a total of 10.00 USD."),
        ({"issued_on": None, "due_on": None}, ("10.00", "0.00"), "It has no date of issue or no due date: 1 Jan 1970"),
        ({"due_on": None}, ("10.00", "0.00"), "4 May 2026 stands there"),
        ({"issued_on": datetime.date(2031, 1, 1)}, ("10.00", "0.00"), "1 Jan 2031, is in the future"),
    ],
)
def test_what_is_odd_comes_and_is_said(figures, own, word):
    run = make_import()
    stage_client(run)
    staged = stage_invoice(run, 41, status="Paid", **figures)
    bring(run, make_client())
    staged.refresh_from_db()
    assert staged.outcome == ""
    assert word in staged.why
    invoice = Invoice.objects.get()
    assert (str(invoice.total.amount), str(invoice.tax.amount)) == (f"{own[0]}0", f"{own[1]}0")
    assert_sound()


def test_a_number_that_stands_twice_stays_on_both():
    run = make_import()
    stage_client(run)
    for source_id in (41, 42):
        staged = stage_invoice(run, source_id, status="Paid", label="2024-0001")
    bring(run, make_client())
    staged.refresh_from_db()
    assert staged.why == "The number 2024-0001 stands on 2 invoices."
    assert [invoice.label for invoice in Invoice.objects.all()] == ["2024-0001", "2024-0001"]


def test_decimals_that_a_currency_has_not_are_rounded_here_and_kept_beside():
    run = make_import()
    stage_client(run, currency="3")
    staged = stage_invoice(run, 41, ("1000.50", False), status="Paid")
    bring(run, make_client(currency="JPY"))
    staged.refresh_from_db()
    assert staged.why == "It has more decimals than JPY has: its total of 1000.5 is rounded here."
    invoice = Invoice.objects.get()
    assert (invoice.total.amount, invoice.imported.total.amount) == (1001, Decimal("1000.500"))
    assert_sound()


def test_a_status_that_is_not_known_asks_and_comes_as_answered():
    run, client = make_import(), make_client()
    stage_client(run)
    strange, empty = stage_invoice(run, 41, status="Pending Review"), stage_invoice(run, 42, status="")
    assert [(asked.key, asked.default, asked.rows) for asked in questions(run)] == [
        ("status:", "leave out", 1), ("status:pending review", "leave out", 1),
    ]  # fmt: skip
    assert bring(run, client) == {}
    for staged, why in (
        (strange, "Its status, “Pending Review”, is none that is known."),
        (empty, "It has no status."),
    ):
        staged.refresh_from_db()
        assert (staged.outcome, staged.why) == ("asks", why)
    run.answers = {"status:pending review": "unpaid", "status:": "leave out"}
    run.save()
    assert list(bring(run, client)) == ["41"]
    empty.refresh_from_db()
    assert empty.outcome == "left out"
    assert Invoice.objects.get().status == "unpaid"


def test_one_on_which_nothing_is_due_comes_as_paid_where_that_is_decided():
    run, client = make_import(), make_client()
    stage_client(run)
    staged = stage_invoice(run, 41, paid="10.00")
    stage_money(run, 1, 41, "10.00")
    assert bring(run, client) == {}
    staged.refresh_from_db()
    assert (staged.outcome, staged.why) == (
        "waits", "It is open and nothing is due on it: of 10.00 USD was paid 10.00 USD.",
    )  # fmt: skip
    assert [(asked.key, asked.default, asked.rows) for asked in questions(run)] == [("nothing due", "wait", 1)]
    run.answers = {"nothing due": "paid"}
    run.save()
    assert bring(run, client)["41"][1] == "history"
    assert_sound()


def test_a_draft_is_ours_and_is_found_by_its_id():
    run, client = make_import(), make_client()
    stage_client(run)
    stage_invoice(run, 41, ("10.00", True), status="Draft", tax="1.90", tax_rate="19", label="",
                  due_on=None)  # fmt: skip
    waiting = stage_invoice(run, 42, status="Draft", credit="1.00")
    stage_credit(run, 1, 42, "-1.00")
    assert bring(run, client) == {}
    waiting.refresh_from_db()
    assert (waiting.outcome, "draft" in waiting.why) == ("waits", True)
    draft = Invoice.objects.get()
    assert (draft.status, draft.origin, draft.label, draft.issued_on) == ("draft", "", "Draft", None)
    assert client.external_references.get(kind="invoice").row_id == draft.pk
    assert issue_invoice(invoice=draft, by=None).total == usd("11.90")
    assert_sound()


def test_lines_and_invoices_without_what_they_belong_to_are_left_out():
    run = make_import()
    stage_client(run)
    gone = stage_invoice(run, 41, client=9)
    lost = [stage(run, StagedLine, 1, 7, invoice_source_id="0"), stage(run, StagedLine, 2, 7, invoice_source_id="99")]
    out = stage_invoice(run, 42, client=8)
    stage_client(run, 8, outcome="left out")
    judge(run)
    for staged, why in (
        (gone, "Its client 9 is not there any more."),
        (out, "Its client 8 does not come."),
        (lost[0], "It is of no invoice."),
        (lost[1], "Its invoice 99 is not there any more."),
        (StagedLine.objects.get(source_id="4100"), ""),
    ):
        staged.refresh_from_db()
        assert (staged.outcome, staged.why) == ("left out", why)


def test_our_numbers_go_on_after_theirs_of_the_same_form_alone():
    run = make_import()
    stage_client(run)
    for source_id, label in (
        (41, "INV-000123"),
        (42, "INV-4711"),
        (43, "99999"),
        (44, "INV-2024-7"),
        (45, "INV-" + "9" * 13),
    ):
        stage_invoice(run, source_id, status="Paid", label=label)
    bring(run, make_client())
    with maintenance("import"):
        assert continue_numbers(run) == [
            "Our invoice numbers begin with INV-004712: INV-004711 is the highest that came from WHMCS."
        ]
        assert continue_numbers(run) == []
    assert make_invoice(make_client(), usd(5)).label == "INV-004712"
    assert_sound()


def test_numbers_of_ours_that_were_given_go_on_as_they_are():
    make_invoice(make_client(), usd(5))
    run = make_import()
    stage_client(run)
    stage_invoice(run, 41, status="Paid", label="INV-000123")
    bring(run, make_client())
    with maintenance("import"):
        (said,) = continue_numbers(run)
    assert said.startswith("Our next invoice number is INV-000002, and stays")
    NumberFormat.objects.create(document="invoice", prefix="")
    with maintenance("import"):
        assert continue_numbers(run) == []


def test_they_go_along_with_a_merge_and_out_with_a_deletion():
    run, client, kept = make_import(), make_client("Gone"), make_client("Kept")
    stage_client(run)
    stage_invoice(run, 41, status="Paid")
    stage_invoice(run, 42)
    bring(run, client)
    merge_clients(kept=kept, discarded=client, by=make_staff("Owner"))
    assert {invoice.client_id for invoice in Invoice.objects.all()} == {kept.pk}
    assert_sound()
    delete_client(client=kept, by=make_staff("Owner", username="other"))
    assert (Invoice.objects.count(), ImportedInvoice.objects.count()) == (0, 0)
    assert [each.invariant for each in check_ledger().findings.all()] == []


def test_a_draft_that_was_deleted_here_does_not_come_again():
    run, client = make_import(), make_client()
    stage_client(run)
    staged = stage_invoice(run, 41, status="Draft")
    bring(run, client)
    delete_draft(invoice=Invoice.objects.get(), by=None)
    bring(run, client)
    staged.refresh_from_db()
    assert (staged.outcome, staged.why, Invoice.objects.count()) == ("left out", "It was deleted here.", 0)
