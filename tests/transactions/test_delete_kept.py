"""Deleting transactions: what is kept of them, that it counts once, and what the database itself refuses."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing_admin.db.triggers import maintenance
from clients.models import Activity, CreditUse
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from credits.models import CreditAccount, CreditEntry, CreditGrant
from credits.services.apply import apply_credit
from credits.services.remove import remove_credit
from invoices.models import Invoice
from tests.factories import make_client, make_invoice, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.transactions.deleting import delete, everything_about_one_payment, look, pay
from tests.unchanged import nothing_changes, refused, refused_by_database
from transactions.models import PaymentFileMapping, Transaction
from transactions.selectors.deletion import transactions_deletion
from transactions.services.delete import DeletionMoved, delete_transactions
from transactions.services.importing.book import import_payments
from transactions.services.refund import refund_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    """A client whose credit is applied by hand alone."""
    return make_client("Acme Ltd", credit_use=CreditUse.NEVER)


# ── What is kept, and once ──


def test_activity_keeps_what_was_deleted(acme):
    ann = make_staff(username="ann")
    invoice = make_invoice(acme, usd(100))
    payment = pay(acme, usd(100), invoice, fees=usd("0.60"), description="From Ann")
    delete_transactions(client=acme, chosen=[payment.pk], by=ann)
    activity = Activity.objects.latest("pk")
    assert (activity.client, activity.actor, activity.verb) == (acme, ann, "transactions.deleted")
    assert activity.summary == "Payment “T1” of 17 May 2026 deleted: 100.00 USD in, 0.60 USD fees"
    assert activity.data["invoices"] == [invoice.pk]
    assert activity.note == "From Ann"
    (row,) = activity.data["rows"]
    kept = dict(zip(activity.data["columns"], row, strict=True))
    assert kept.pop("booked_at")
    assert kept == {
        "id": payment.pk, "date": "2026-05-17", "kind": "payment", "payment_method": "BankT1", "reference": "T1",
        "part": 1, "invoice": "INV-000001", "currency": "USD", "in": "100.00", "fees": "0.60", "out": "0.00",
        "description": "Payment of INV-000001", "note_line": 1, "booked_by": "System",
    }  # fmt: skip


def test_each_text_that_was_typed_is_kept_once_and_its_rows_tell_which(acme):
    texts = ("Hosting,\nthanks", "", "From Ann", "Hosting, thanks")
    rows = [pay(acme, usd(1), reference=f"T{number}", description=text) for number, text in enumerate(texts)]
    activity = delete(acme, *rows).activity
    assert activity.note == "Hosting, thanks\nFrom Ann"
    place = activity.data["columns"].index("note_line")
    assert [row[place] for row in activity.data["rows"]] == [1, None, 2, 1]


def test_several_are_told_by_their_number(acme):
    for number in range(3):
        pay(acme, usd(10), reference=f"T{number}")
    delete(acme, *Transaction.objects.all())
    assert Activity.objects.latest("pk").summary == "3 payments deleted: 30.00 USD in"


@pytest.mark.parametrize("moved", ["a refund", "credit that was used", "credit that was removed", "another payment"])
def test_nothing_is_deleted_where_the_figures_have_moved(acme, moved):
    invoice = make_invoice(acme, usd(100))
    payment = pay(acme, usd(120), invoice)
    other = make_invoice(acme, usd(5))
    seen = look(acme, payment).seen
    if moved == "a refund":
        refund_payment(payment=payment, amount=usd(1), to="method", by=None)
    elif moved == "credit that was used":
        apply_credit(invoice=other, by=None)
    elif moved == "credit that was removed":
        remove_credit(client=acme, amount=usd(1), description="Wrong", by=None)
    else:
        refund_payment(payment=payment, amount=usd(50), to="method", by=None)
        pay(acme, usd(10), invoice, reference="T2")
    with nothing_changes(), pytest.raises(DeletionMoved):
        delete_transactions(client=acme, chosen=[payment.pk], by=None, seen=seen)


def test_what_came_from_a_file_is_booked_from_it_again(acme):
    make_invoice(acme, usd(100), due_on=datetime.date(2999, 1, 1))
    method = make_payment_method("Card at home")
    mapping = PaymentFileMapping(
        name="Own", date_column="Date", amount_column="Amount", invoice_column="Invoice", payment_method=method,
        currency="USD",
    )  # fmt: skip
    file = {"name": "may.csv", "content": b"Date,Amount,Invoice\n2026-05-17,100,INV-000001\n", "mapping": mapping}
    import_payments(**file, by=None)
    assert import_payments(**file, by=None).already_there == 1
    payment = Transaction.objects.get()
    assert look(acme, payment).effects[1:] == [
        "1 payment was booked from a file. Importing the file again books it again."
    ]
    delete(acme, payment)
    again = import_payments(**file, by=None)
    assert (again.imported, again.already_there, Transaction.objects.get().amount_in) == (1, 0, usd(100))
    assert_invariants()


# ── Nobody's, a deleted client's, a merged client's ──


def test_unattached_money_goes_with_its_refund_and_activity_keeps_no_words():
    ann = make_staff(username="ann")
    money = pay(None, usd(40), description="From Mariella")
    refund_payment(payment=money, amount=usd(15), to="method", by=None, reference="R1")
    delete_transactions(client=None, chosen=[money.pk], by=ann)
    assert not Transaction.objects.exists()
    activity = Activity.objects.latest("id")
    assert (activity.actor, activity.client, activity.summary) == (
        ann, None, "Payment “T1” of 17 May 2026 deleted: 40.00 USD in, 15.00 USD out",
    )  # fmt: skip
    assert "Mariella" not in str(activity.data)
    assert_invariants()


def test_what_remains_of_a_deleted_client_stays(acme):
    payment = pay(acme, usd(40))
    delete_client(client=acme, by=None)
    with refused("What was chosen is gone already, or remains of a client that was deleted; nothing was deleted."):
        delete_transactions(client=None, chosen=[payment.pk], by=None)


def test_a_client_can_be_deleted_when_its_transactions_are_gone(acme):
    everything_about_one_payment(acme)
    delete(acme, *Transaction.objects.all())
    delete_client(client=acme, by=None)
    assert (Transaction.objects.count(), CreditAccount.objects.count(), Invoice.objects.count()) == (0, 0, 0)


def test_a_merge_is_not_undone_when_what_it_moved_was_deleted(acme):
    globex = make_client("Globex")
    payment = pay(globex, usd(10))
    merge = merge_clients(kept=acme, discarded=globex, by=None)
    delete(acme, payment)
    with refused(
        f"The merge of client {globex.number} can no longer be undone. A transaction that the merge moved has been "
        "deleted since."
    ):
        undo_merge(merge=merge, by=None)


# ── The database itself ──


def test_the_database_refuses_to_delete_a_part_alone(acme):
    pay(acme, usd(120), make_invoice(acme, usd(100)))
    part = Transaction.objects.get(part=2)
    with (
        refused_by_database("A payment is deleted whole: with its parts, refunds, reversals and moved rows."),
        maintenance("delete_transactions"),
    ):
        Transaction.objects.filter(pk=part.pk)._raw_delete("default")


def test_the_database_refuses_to_delete_a_refund_alone(acme):
    payment = pay(acme, usd(100), make_invoice(acme, usd(100)))
    refund = refund_payment(payment=payment, amount=usd(10), to="method", by=None)
    with refused_by_database("A payment is deleted whole"), maintenance("delete_transactions"):
        Transaction.objects.filter(pk=refund.pk)._raw_delete("default")


def test_the_database_keeps_a_payment_whose_credit_is_left(acme):
    pay(acme, usd(50))
    kept = "A credit keeps the payment that it came from, unless both are taken back unused."
    with refused_by_database(kept), maintenance("delete_transactions"):
        CreditGrant.objects.update(transaction=None)
    apply_credit(invoice=make_invoice(acme, usd(50)), by=None)
    with refused_by_database(kept), maintenance("delete_transactions"):
        CreditGrant.objects.update(transaction=None)


def test_outside_a_deletion_credit_never_loses_its_payment(acme):
    pay(acme, usd(50))
    remove_credit(client=acme, amount=usd(50), description="Wrong", by=None)
    with refused_by_database("A credit keeps the payment that it came from"):
        CreditGrant.objects.update(transaction=None)


def test_the_ledger_stays_closed_while_transactions_are_deleted(acme):
    pay(acme, usd(50))
    with refused_by_database("The ledger is append-only"), maintenance("delete_transactions"):
        CreditEntry.objects.all()._raw_delete("default")
    with refused_by_database("A grant is never deleted"), maintenance("delete_transactions"):
        CreditGrant.objects.all()._raw_delete("default")


# ── Many ──


def deleting(client) -> int:
    chosen = list(Transaction.objects.filter(client=client).values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as queries:
        delete_transactions(client=client, chosen=chosen, by=None, seen=transactions_deletion(client, chosen).seen)
    return len(queries)


def test_a_thousand_rows_cost_the_statements_of_one(acme):
    globex = make_client("Globex", credit_use=CreditUse.NEVER)
    pay(globex, usd(12), make_invoice(globex, usd(10)), reference="G")
    for _ in range(20):
        invoice = make_invoice(acme, usd(290))
        first = pay(acme, usd(10), invoice, reference=invoice.label)
        same = {
            field.attname: getattr(first, field.attname)
            for field in Transaction._meta.concrete_fields
            if field.attname not in ("id", "reference")
        }
        Transaction.objects.bulk_create(Transaction(**same) for _ in range(27))
        parts = pay(acme, usd(22), invoice, reference=f"{invoice.label} again")
        Transaction.objects.bulk_create(
            Transaction(**{**same, "amount_in": usd(0), "amount_out": usd(1), "kind": "refund", "refund_of_id": pk})
            for pk in [parts.pk] * 9 + [first.pk] * 10
        )
        refund_payment(payment=Transaction.objects.get(part_of=parts), amount=usd(2), to="method", by=None)
    assert Transaction.objects.filter(client=acme).count() == 1_000
    assert deleting(acme) == deleting(globex)
    assert not Transaction.objects.exists()
    assert set(Invoice.objects.values_list("status", flat=True)) == {"unpaid"}
    assert set(CreditAccount.objects.values_list("balance", flat=True)) == {0}
    assert_invariants()
