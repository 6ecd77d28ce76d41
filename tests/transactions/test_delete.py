"""Deleting transactions: a payment goes whole, what it paid is owed again, and credit that is used keeps it."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from djmoney.money import Money

from billing_admin.db.triggers import maintenance
from clients.models import Activity, CreditUse, FormKey
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from credits.models import CreditAccount, CreditEntry, CreditGrant
from credits.selectors.balances import balances_of
from credits.services.apply import apply_credit
from credits.services.check import check_ledger
from credits.services.release import release_credit
from credits.services.remove import remove_credit
from credits.services.transfer import transfer_credit
from invoices.models import Invoice
from invoices.services.credit_notes import CreditLine, issue_credit_note
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes, refused, refused_by_database
from transactions.models import PaymentFileMapping, Transaction
from transactions.selectors.deletion import transactions_deletion
from transactions.services.attach import attach_money
from transactions.services.delete import DeletionMoved, delete_transactions
from transactions.services.importing.book import import_payments
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment
from transactions.services.reverse import reverse_payment

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 5, 17)


@pytest.fixture
def acme():
    """A client whose credit is applied by hand alone."""
    return make_client("Acme Ltd", credit_use=CreditUse.NEVER)


def pay(client, amount, *invoices, reference="T1", **details):
    return receive_payment(
        client=client, invoices=invoices, amount=amount, payment_method=make_payment_method("Bank" + reference),
        by=None, reference=reference, on=DAY, **details,
    ).transaction  # fmt: skip


def unattached():
    return pay(None, usd(40))


def delete(client, *rows, **more):
    deleted = delete_transactions(client=client, chosen=[row.pk for row in rows], by=None, **more)
    assert_invariants()
    assert check_ledger().finding_count == 0
    return deleted


def look(client, *rows):
    return transactions_deletion(client, [row.pk for row in rows])


def as_now(invoice):
    invoice.refresh_from_db()
    return invoice.status, invoice.amount_paid, invoice.due


# ── Whole ──


def everything_about_one_payment(acme):
    """120 for an invoice of 100: two parts; 30 to the method, 20 to credit; the rest reversed: seven rows more."""
    invoice = make_invoice(acme, usd(100), due_on=DAY)
    first = pay(acme, usd(120), invoice, fees=usd("0.60"))
    refund_payment(payment=first, amount=usd(30), to="method", by=None, reference="R1")
    refund_payment(payment=first, amount=usd(20), to="credit", by=None)
    reverse_payment(payment=first, by=None, fee=usd(5))
    return invoice


@pytest.mark.parametrize("place", range(8))
def test_whichever_row_is_chosen_the_payment_goes_whole(acme, place):
    invoice = everything_about_one_payment(acme)
    kept = pay(acme, usd(7), reference="T2")
    rows = list(Transaction.objects.exclude(pk=kept.pk).order_by("pk"))
    assert len(rows) == 8
    assert look(acme, rows[place]).rows == [row.pk for row in rows]
    delete(acme, rows[place])
    assert list(Transaction.objects.all()) == [kept]
    assert as_now(invoice) == ("unpaid", usd(0), usd(100))
    assert balances_of(acme) == [usd(7)]


def test_the_sums_leave_out_what_only_moved_inside_the_house(acme):
    everything_about_one_payment(acme)
    looked_at = look(acme, Transaction.objects.earliest("pk"))
    assert looked_at.how_many == "8 transactions of 1 payment"
    assert looked_at.in_and_out == "120.00 USD in, 5.60 USD fees, 120.00 USD out"


def test_sums_are_per_currency(acme):
    pay(acme, usd(120))
    pay(acme, Money(5_000, "JPY"), reference="T2")
    looked_at = look(acme, *Transaction.objects.all())
    assert (looked_at.how_many, looked_at.in_and_out) == ("2 payments", "5,000 JPY, 120.00 USD in")


def test_an_attached_payment_goes_with_the_rows_it_was_moved_to(acme):
    invoices = [make_invoice(acme, usd(amount)) for amount in (10, 15)]
    attach_money(transaction=unattached(), client=acme, invoices=invoices, by=None)
    assert Transaction.objects.count() == 5
    delete(acme, Transaction.objects.latest("pk"))
    assert not Transaction.objects.exists()
    assert [as_now(invoice)[0] for invoice in invoices] == ["unpaid", "unpaid"]
    assert balances_of(acme) == [usd(0)]


def test_another_clients_transactions_are_not_touched(acme):
    other = pay(make_client("Globex"), usd(20))
    with refused("What was chosen is gone already, or remains of a client that was deleted; nothing was deleted."):
        delete_transactions(client=acme, chosen=[other.pk], by=None)


# ── Invoices ──


def test_a_paid_invoice_is_unpaid_again_and_overdue(acme):
    late = make_invoice(acme, usd(100), due_on=DAY)
    soon = make_invoice(acme, usd(50), due_on=datetime.date(2999, 1, 1))
    payment = pay(acme, usd(150), late, soon)
    looked_at = look(acme, payment)
    assert looked_at.effects == [
        "INV-000001, INV-000002 are unpaid again: 150.00 USD is due.",
        "1 of them is overdue then: INV-000001.",
    ]
    assert look(acme, pay(acme, usd(1), make_invoice(acme, usd(1), due_on=DAY), reference="T2")).effects == [
        "INV-000003 is unpaid again: 1.00 USD is due.",
        "It is overdue then.",
    ]
    delete(acme, payment)
    assert as_now(late) == ("unpaid", usd(0), usd(100))
    assert (late.paid_at, late.is_overdue(timezone.localdate())) == (None, True)
    assert as_now(soon) == ("unpaid", usd(0), usd(50))


def test_another_payment_of_the_invoice_stays(acme):
    invoice = make_invoice(acme, usd(100), due_on=datetime.date(2999, 1, 1))
    pay(acme, usd(30), invoice)
    payment = pay(acme, usd(50), invoice, reference="T2")
    assert look(acme, payment).effects == ["INV-000001 stays unpaid: 70.00 USD is due."]
    delete(acme, payment)
    assert as_now(invoice) == ("unpaid", usd(30), usd(70))


def test_credit_that_paid_the_rest_stays_on_the_invoice(acme):
    give_credit(acme, usd(30))
    invoice = make_invoice(acme, usd(100))
    apply_credit(invoice=invoice, by=None)
    payment = pay(acme, usd(70), invoice)
    assert as_now(invoice)[0] == "paid"
    delete(acme, payment)
    assert as_now(invoice) == ("unpaid", usd(0), usd(70))


def refunded_invoice(acme, *parts):
    """An invoice of 100, paid in these parts, all of it refunded, and marked so."""
    invoice = make_invoice(acme, usd(100), due_on=datetime.date(2999, 1, 1))
    payments = [pay(acme, usd(part), invoice, reference=f"T{number}") for number, part in enumerate(parts)]
    for payment in payments:
        last = payment is payments[-1]
        refund_payment(payment=payment, amount=payment.amount_in, to="method", by=None, close_invoice=last)
    assert as_now(invoice)[0] == "refunded"
    return invoice, payments


def test_an_invoice_of_which_no_refund_is_left_is_owed_again(acme):
    invoice, (payment,) = refunded_invoice(acme, 100)
    looked_at = look(acme, payment)
    assert looked_at.effects == ["INV-000001 is no longer refunded: 100.00 USD is due."]
    delete(acme, payment)
    assert as_now(invoice) == ("unpaid", usd(0), usd(100))


def test_an_invoice_stays_refunded_while_a_refund_of_it_is_left(acme):
    invoice, (one, other) = refunded_invoice(acme, 60, 40)
    assert look(acme, one).effects == []
    delete(acme, one)
    assert as_now(invoice) == ("refunded", usd(0), usd(100))
    assert look(acme, other).effects == ["INV-000001 is no longer refunded: 100.00 USD is due."]
    delete(acme, other)
    assert as_now(invoice)[0] == "unpaid"


def test_what_a_credit_note_took_back_stays_off_the_invoice(acme):
    invoice = make_invoice(acme, usd(100))
    payment = pay(acme, usd(100), invoice)
    line = invoice.lines.get()
    issue_credit_note(invoice=invoice, lines=[CreditLine(line.pk, gross=usd(30))], by=None, reason="Too much")
    assert as_now(invoice) == ("paid", usd(70), usd(0))
    delete(acme, payment)
    assert as_now(invoice) == ("unpaid", usd(0), usd(70))


# ── Credit ──


def test_credit_of_an_overpayment_is_taken_back_and_its_grant_stays(acme):
    payment = pay(acme, usd(120), make_invoice(acme, usd(100), due_on=datetime.date(2999, 1, 1)))
    grant = CreditGrant.objects.get()
    assert look(acme, payment).effects[1] == (
        "20.00 USD of credit that came from them is taken back. The credit stays on the ledger, without a payment."
    )
    delete(acme, payment)
    grant.refresh_from_db()
    assert (grant.transaction, grant.amount, grant.remaining, balances_of(acme)) == (None, usd(20), usd(0), [usd(0)])
    given, taken = grant.entries.order_by("pk")
    assert (taken.kind, taken.amount, taken.reverses, taken.description) == (
        "reverse", usd(-20), given, "Its payment was deleted",
    )  # fmt: skip


def test_of_credit_that_was_removed_in_part_the_rest_is_taken_back(acme):
    payment = pay(acme, usd(50))
    remove_credit(client=acme, amount=usd(20), description="Wrong", by=None)
    delete(acme, payment)
    assert balances_of(acme) == [usd(0)]
    assert [entry.amount for entry in CreditEntry.objects.order_by("pk")] == [usd(50), usd(-20), usd(-30)]
    assert CreditEntry.objects.latest("pk").reverses is None


def test_a_payment_whose_credit_is_used_stays_and_the_others_go(acme):
    used, unused = pay(acme, usd(50)), pay(acme, usd(10), reference="T2")
    invoice = make_invoice(acme, usd(12))
    apply_credit(invoice=invoice, by=None)
    why = (
        "12.00 USD of the 50.00 USD of credit “Payment” that it gave is used on INV-000001. Take the credit off "
        "INV-000001 first."
    )
    looked_at = look(acme, used, unused)
    assert (looked_at.rows, looked_at.in_and_out, looked_at.stay) == ([unused.pk], "10.00 USD in", 1)
    assert [(each.payment, each.why) for each in looked_at.staying] == [(used, why)]
    with refused(f"Payment “T1” cannot be deleted: {why} Nothing was deleted."):
        delete_transactions(client=acme, chosen=[used.pk], by=None)
    delete(acme, used, unused)
    assert (list(Transaction.objects.all()), balances_of(acme)) == ([used], [usd(38)])
    release_credit(invoice=invoice, by=None)
    delete(acme, used)
    assert (Transaction.objects.count(), balances_of(acme)) == (0, [usd(0)])


def test_a_payment_whose_credit_was_transferred_stays(acme):
    globex = make_client("Globex")
    payment = pay(acme, usd(50))
    transfer_credit(source=acme, target=globex, amount=usd(5), by=None)
    transfer_credit(source=globex, target=acme, amount=usd(5), by=None)
    with refused(
        "Payment “T1” cannot be deleted: 5.00 USD of the 50.00 USD of credit “Payment” that it gave was transferred "
        f"to client {globex.number} and does not come back to it. The payment stays. Nothing was deleted."
    ):
        delete_transactions(client=acme, chosen=[payment.pk], by=None)


def test_money_refunded_to_credit_takes_that_credit_back(acme):
    invoice = make_invoice(acme, usd(100))
    payment = pay(acme, usd(100), invoice)
    refund_payment(payment=payment, amount=usd(40), to="credit", by=None)
    delete(acme, payment)
    assert (balances_of(acme), as_now(invoice)[0]) == ([usd(0)], "unpaid")


def test_one_used_credit_of_two_keeps_the_whole_payment(acme):
    invoice = make_invoice(acme, usd(100))
    payment = pay(acme, usd(120), invoice)
    refund_payment(payment=payment, amount=usd(40), to="credit", by=None)
    apply_credit(invoice=invoice, amount=usd(40), by=None)
    looked_at = look(acme, payment)
    assert (looked_at.rows, looked_at.stay, looked_at.effects) == ([], 1, [])


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
    (row,) = activity.data["rows"]
    kept = dict(zip(activity.data["columns"], row, strict=True))
    assert kept.pop("booked_at")
    assert kept == {
        "id": payment.pk, "date": "2026-05-17", "kind": "payment", "payment_method": "BankT1", "reference": "T1",
        "part": 1, "invoice": "INV-000001", "currency": "USD", "in": "100.00", "fees": "0.60", "out": "0.00",
        "description": "Payment of INV-000001", "note": "From Ann", "booked_by": "System",
    }  # fmt: skip


def test_several_are_told_by_their_number(acme):
    for number in range(3):
        pay(acme, usd(10), reference=f"T{number}")
    delete(acme, *Transaction.objects.all())
    assert Activity.objects.latest("pk").summary == "3 payments deleted: 30.00 USD in"


def test_the_same_form_again_says_that_it_was_done(acme):
    payment = pay(acme, usd(10))
    looked_at = look(acme, payment)
    first = delete(acme, payment, seen=looked_at.seen, key=FormKey(key="form-1"))
    with nothing_changes():
        again = FormKey(key="form-1")
        second = delete_transactions(client=acme, chosen=[], by=None, seen=looked_at.seen, key=again)
    assert (again.repeated, second) == (True, first)
    assert "Payment “T1” of 17 May 2026 deleted: 10.00 USD in." in again.repeated_text


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
