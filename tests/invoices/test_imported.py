"""Invoices of other systems: an open one goes on under our rules, one that had ended stays as it ended there."""

import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import IntegrityError

from billing_admin.db.triggers import maintenance
from billing_admin.errors import BusinessError
from clients.selectors.statement import statement
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from credits.models import CreditAccount
from credits.services.apply import apply_credit
from credits.services.check import check_ledger
from invoices.models import ImportedInvoice, ImportedLine, Invoice, NumberSeries
from invoices.services.credit_notes import issue_credit_note
from invoices.services.documents import document_of
from invoices.services.drafts import duplicate_invoice
from invoices.services.issue import NewLine, draft_invoice
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, usd
from tests.imported import import_invoice
from tests.invariants import assert_invariants
from tests.raw_sql import execute, triggers_off
from tests.unchanged import refused_by_database
from transactions.models import Transaction
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db


def found() -> set[tuple[str, str]]:
    return {(each.invariant, each.subject) for each in check_ledger().findings.all()}


def money(invoice: Invoice, amount: int) -> Transaction:
    """A row of another system for it, as an import writes it."""
    return Transaction.objects.create(
        client=invoice.client, client_number=invoice.client.number, client_name="Acme", invoice=invoice,
        invoice_label=invoice.label, date=datetime.date(2024, 3, 4), payment_method=make_payment_method(),
        currency="USD", amount_in=usd(amount), created_by_name="System",
    )  # fmt: skip


@pytest.mark.parametrize("origin", ["open", "history"])
def test_only_an_import_marks_an_invoice_and_nothing_unmarks_it(origin):
    client = make_client()
    with refused_by_database("Only an import brings invoices of another system"):
        Invoice.objects.create(client=client, currency="USD", origin=origin)


@pytest.mark.parametrize("origin", ["open", "history"])
def test_the_mark_and_the_number_stay(origin):
    invoice = import_invoice(make_client(), 20, origin=origin)
    for change in ({"origin": ""}, {"label": "2024-0002"}):
        with refused_by_database("never change"), maintenance("import"):
            Invoice.objects.filter(pk=invoice.pk).update(**change)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"origin": "open", "label": ""}, "invoice_label"),
        ({"origin": "open", "issued_on": None}, "invoice_numbered_when_issued"),
        ({"origin": "open", "status": "draft"}, "invoice_label"),
        ({"status": "unpaid"}, "invoice_history"),
        ({"amount_paid": 19}, "invoice_"),
        ({"status": "cancelled", "amount_paid": 20}, "invoice_"),
        ({"origin": "there"}, "invoice_"),
    ],
)
def test_what_no_imported_invoice_may_say_is_refused(values, name):
    with pytest.raises(IntegrityError, match=name):
        import_invoice(make_client(), 20, **values)


def test_a_number_of_ours_is_printed_as_ever_and_no_other_text_passes():
    invoice = make_invoice(make_client(), usd(5))
    assert invoice.label == f"{invoice.number_prefix}{invoice.number:06}"
    with refused_by_database("invoice_label"), triggers_off():
        Invoice.objects.filter(pk=invoice.pk).update(label="2024-0001")


def test_a_version_before_that_knows_no_label_numbers_as_ever():
    draft = draft_invoice(client=make_client(), lines=[NewLine("Hosting", usd(5))], by=None)
    Invoice.objects.filter(pk=draft.pk).update(
        status="unpaid", number_prefix="OLD-", number=7, issued_on="2026-01-01", due_on="2026-01-01"
    )
    assert Invoice.objects.get(pk=draft.pk).label == "OLD-000007"


def test_an_open_one_is_settled_as_ours():
    client = make_client(credit_use="never")
    give_credit(client, usd(8))
    invoice = import_invoice(client, 20, origin="open")
    apply_credit(invoice=invoice, by=None)
    receive_payment(invoices=[invoice], amount=usd(12), payment_method=make_payment_method(), by=None)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.label, invoice.number) == ("paid", "2024-0001", None)
    assert_invariants()
    assert found() == set()


@pytest.mark.parametrize(("total", "status"), [(20, "paid"), (-20, "paid"), (20, "cancelled"), (20, "refunded")])
def test_what_had_ended_is_moved_by_nothing_and_owes_nothing(total, status):
    client = make_client()
    invoice = import_invoice(client, total, status=status)
    booked = money(invoice, 15)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.amount_paid.amount) == (status, total if status == "paid" else 0)
    (account,) = statement(client, datetime.date(2024, 1, 1), datetime.date(2024, 12, 31))
    assert (account.owed[0].change, account.owed_after) == (usd(total), usd(0))
    assert found() == set()
    with maintenance("delete_transactions"):
        booked.delete()
    assert Invoice.objects.get(pk=invoice.pk).status == status
    with refused_by_database("stays cancelled" if status == "cancelled" else "stays as it ended there"):
        Invoice.objects.filter(pk=invoice.pk).update(status="unpaid", amount_paid=0)


def test_only_an_import_uses_credit_for_what_had_ended():
    client = make_client()
    grant = give_credit(client, usd(50))
    rows = SimpleNamespace(g=grant, a=CreditAccount.objects.get(), c=client, i=import_invoice(client, 20))
    entry = (
        "INSERT INTO credits_creditentry (grant_id, account_id, client_id, kind, currency, amount, invoice_id, "
        "description, actor_name, at) VALUES ({g}, {a}, {c}, 'apply', 'USD', -5, {i}, '', '', now())"
    )
    with maintenance("import"):
        execute(entry, rows)
    assert Invoice.objects.get(pk=rows.i.pk).credit_applied == usd(0)
    assert CreditAccount.objects.get().balance == usd(45)
    assert found() == set()
    with refused_by_database("What an invoice says was applied"):
        execute(entry, rows)


def test_it_is_not_credited_copied_or_drawn():
    invoice = import_invoice(make_client(), 20)
    for refused in (
        lambda: issue_credit_note(invoice=invoice, reason="R", by=None),
        lambda: duplicate_invoice(invoice=invoice, by=None),
        lambda: document_of(invoice),
    ):
        with pytest.raises(BusinessError, match=r"^2024-0001 was imported"):
            refused()


def test_what_it_came_to_there_stays_and_is_looked_at():
    client = make_client()
    invoice = import_invoice(client, 20)
    with refused_by_database("Only an import says this"):
        ImportedLine.objects.create(invoice=invoice, client=client, currency="USD", position=2, amount=Decimal(1))
    for model in (ImportedInvoice, ImportedLine):
        with refused_by_database("stays as it was"):
            model.objects.update(currency="EUR")
        with refused_by_database("stays as it was"):
            model.objects.all().delete()
    with triggers_off():
        ImportedInvoice.objects.update(total=21)
    assert found() == {("I10", "imported invoice")}
    with triggers_off():
        ImportedInvoice.objects.all().delete()
    assert ("I13", "invoice") in found()


def test_our_numbers_go_on_after_those_of_the_other_system():
    with maintenance("import"):
        NumberSeries.objects.create(document="invoice", prefix="INV-", next_number=4711, first_number=4711)
    assert make_invoice(make_client(), usd(5)).label == "INV-004711"
    assert found() == set()
    with refused_by_database("never changes"):
        NumberSeries.objects.update(first_number=1)
    with refused_by_database("Only an import begins"):
        NumberSeries.objects.create(document="invoice", prefix="X-", next_number=5, first_number=5)


def test_a_merge_takes_them_along_and_a_deletion_takes_them_out():
    kept, discarded = make_client("Kept"), make_client("Gone")
    for origin in ("open", "history"):
        import_invoice(discarded, 20, origin=origin)
    merge_clients(kept=kept, discarded=discarded, by=make_staff("Owner"))
    for model in (Invoice, ImportedInvoice, ImportedLine):
        assert {row.client_id for row in model.objects.all()} == {kept.pk}
    assert found() == set()
    Invoice.objects.filter(origin="open").update(notes="x")
    delete_client(client=kept, by=make_staff("Owner", username="other"))
    assert (ImportedInvoice.objects.count(), ImportedLine.objects.count()) == (0, 0)
    assert found() == set()
