"""Writing off what will not be paid: what it lowers, who may pay it after all, and when it is refused."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from djmoney.money import Money

from clients.models import Activity, FormKey
from clients.models.form_key import KeyReused
from credits.services.apply import apply_credit
from credits.services.check import check_ledger
from credits.services.release import release_credit
from invoices.models import Invoice, WriteOff
from invoices.services.cancel import cancel_invoice
from invoices.services.credit_notes import CreditLine, issue_credit_note
from invoices.services.issue import NewLine, draft_invoice
from invoices.services.write_off import reverse_write_off, write_off_invoice
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import refused
from transactions.models import Transaction
from transactions.services.attach import attach_money
from transactions.services.delete import delete_transactions
from transactions.services.receive import receive_payment, used_for
from transactions.services.record_many import Payment, record_payments
from transactions.services.refund import refund_payment

pytestmark = pytest.mark.django_db


def make_written_off(amount=None, *, total=100) -> Invoice:
    """An invoice of which `amount`, or all of it, is written off."""
    invoice = make_invoice(make_client(), usd(total))
    write_off_invoice(invoice=invoice, amount=amount, by=None, reason="Insolvent")
    return fresh(invoice)


def fresh(invoice: Invoice) -> Invoice:
    return Invoice.objects.get(pk=invoice.pk)


def figures(invoice: Invoice) -> tuple[str, Decimal, Decimal, Decimal]:
    """Status, what was paid, what is written off, what is due."""
    invoice = fresh(invoice)
    return (invoice.status, invoice.amount_paid.amount, invoice.amount_written_off.amount, invoice.due.amount)


def pay(invoice: Invoice, amount: int, **figures):
    return receive_payment(
        invoices=[invoice], amount=usd(amount), payment_method=make_payment_method(), by=None, **figures
    )


def in_order() -> None:
    assert_invariants()
    assert check_ledger().finding_count == 0


def test_the_whole_due_is_written_off_and_is_never_paid():
    ann, invoice = make_staff(username="ann"), make_invoice(make_client(), usd(100))
    pay(invoice, 30)
    row = write_off_invoice(invoice=invoice, by=ann, reason=" Insolvent ")
    assert figures(invoice) == ("writtenoff", 30, 70, 0)
    assert (fresh(invoice).paid_at, fresh(invoice).get_status_display()) == (None, "Written off")
    assert (row.amount, row.words, row.created_by_name) == (usd(70), "Written off: Insolvent", "ann")
    activity = Activity.objects.latest("id")
    assert (activity.verb, activity.words) == (
        "invoice.written_off", "70.00 USD of INV-000001 written off: Insolvent",
    )  # fmt: skip
    in_order()


def test_paying_what_is_left_of_a_part_leaves_it_written_off():
    invoice = make_written_off(usd(20))
    assert figures(invoice) == ("unpaid", 0, 20, 80)
    pay(invoice, 80)
    assert figures(invoice) == ("writtenoff", 80, 20, 0)
    assert fresh(invoice).paid_at is None
    in_order()


@pytest.mark.parametrize(
    ("written", "paid", "after"),
    [
        (100, 40, ("writtenoff", 40, 60, 0)),
        (100, 100, ("paid", 100, 0, 0)),
        (30, 80, ("writtenoff", 80, 20, 0)),
        (30, 100, ("paid", 100, 0, 0)),
        (30, 50, ("unpaid", 50, 30, 20)),
    ],
)
def test_a_later_payment_takes_back_as_much_as_it_pays(written, paid, after):
    invoice = make_written_off(usd(written))
    receipt = pay(invoice, paid)
    assert figures(invoice) == after
    assert sum(each.amount.amount for each in receipt.taken_back) == written - after[2]
    assert (fresh(invoice).paid_at is not None) == (after[0] == "paid")
    in_order()


def test_more_than_was_written_off_becomes_credit_and_activity_says_so():
    invoice = make_written_off()
    receipt = pay(invoice, 130)
    assert receipt.credited == usd(30)
    assert Activity.objects.filter(verb="payment.recorded").get().summary == (
        "Payment of 130.00 USD recorded: 100.00 USD for INV-000001, 30.00 USD became credit, the write-off of "
        "100.00 USD of INV-000001 reversed"
    )
    back = WriteOff.objects.get(amount__lt=0)
    assert (back.amount, back.words) == (usd(-100), "Write-off reversed by a payment")
    in_order()


def test_a_part_that_a_payment_pays_is_told_as_a_part():
    invoice = make_written_off()
    receipt = pay(invoice, 30)
    assert [each.sentence for each in receipt.taken_back] == ["30.00 USD of the write-off of 100.00 USD was reversed."]
    assert used_for(receipt).endswith("30.00 USD of the write-off of 100.00 USD of INV-000001 reversed")
    assert [each.sentence for each in pay(invoice, 70).taken_back] == ["The write-off of 70.00 USD was reversed."]


def test_a_payment_sent_again_tells_what_it_took_back():
    invoice, other = make_written_off(), make_invoice(make_client("Globex"), usd(10))
    method = make_payment_method()

    def receive(amount, reference, of=invoice):
        return receive_payment(invoices=[of], amount=usd(amount), payment_method=method, reference=reference, by=None)

    first, second = receive(30, "one"), receive(70, "two")
    receive(10, "three", other)
    for again, was in ((receive(30, "one"), first), (receive(70, "two"), second)):
        assert again.repeated
        assert again.taken_back == was.taken_back != []
    assert receive(10, "three", other).taken_back == []


def test_the_last_write_off_is_taken_back_first():
    invoice = make_written_off(usd(60))
    write_off_invoice(invoice=invoice, amount=usd(40), by=None, reason="Dissolved")
    reverse_write_off(invoice=invoice, amount=usd(50), by=None, reason="Heir found")
    first, second = WriteOff.objects.filter(amount__gt=0).order_by("pk")
    back = WriteOff.objects.filter(amount__lt=0).order_by("pk")
    assert [(row.amount, row.reverses_id) for row in back] == [(usd(-40), second.pk), (usd(-10), first.pk)]
    assert figures(invoice) == ("unpaid", 0, 50, 50)
    reverse_write_off(invoice=invoice, by=None, reason="All of it")
    assert figures(invoice) == ("unpaid", 0, 0, 100)
    assert Activity.objects.latest("id").words == "Write-off of 50.00 USD of INV-000001 reversed: All of it"
    in_order()


def test_many_payments_at_once_take_back_too():
    invoice, other = make_written_off(), make_invoice(make_client("Globex"), usd(10))
    day = fresh(invoice).issued_on
    card = make_payment_method()
    done = record_payments(
        payments=[Payment(invoice.pk, usd(100), card, day), Payment(other.pk, usd(10), card, day)], by=None
    )
    assert (done.count, done.refused) == (2, [])
    assert figures(invoice) == ("paid", 100, 0, 0)
    in_order()


@pytest.mark.parametrize("amount", [100, 130])
def test_money_attached_later_takes_back_too(amount):
    invoice = make_written_off()
    money = receive_payment(amount=usd(amount), payment_method=make_payment_method(), by=None).transaction
    receipt = attach_money(transaction=money, client=invoice.client, invoices=[invoice], by=None)
    assert receipt.taken_back == [("INV-000001", usd(100), usd(100))]
    assert figures(invoice) == ("paid", 100, 0, 0)
    in_order()


def test_a_refund_later_leaves_it_unpaid_and_the_write_off_reversed():
    invoice = make_written_off()
    payment = pay(invoice, 100).transaction
    refund_payment(payment=payment, amount=usd(100), to="method", by=None)
    assert figures(invoice) == ("unpaid", 0, 0, 100)
    in_order()


def test_marked_refunded_with_a_write_off_and_the_payment_deleted():
    invoice = make_invoice(make_client(), usd(100))
    payment = pay(invoice, 60).transaction
    write_off_invoice(invoice=invoice, by=None, reason="Insolvent")
    refund_payment(payment=payment, amount=usd(60), to="method", by=None, close_invoice=True)
    assert figures(invoice) == ("refunded", 0, 40, 60)
    with refused("INV-000001 is Refunded: what was written off of it stays so."):
        reverse_write_off(invoice=invoice, by=None, reason="x")
    chosen = list(Transaction.objects.values_list("pk", flat=True))
    delete_transactions(client=invoice.client, chosen=chosen, by=None)
    assert figures(invoice) == ("unpaid", 0, 40, 60)
    in_order()


def test_credit_goes_to_what_is_due_and_comes_off_again():
    invoice = make_written_off(usd(60))
    give_credit(invoice.client, usd(90))
    apply_credit(invoice=invoice, by=None)
    assert figures(invoice) == ("writtenoff", 0, 60, 0)
    with refused("INV-000001 is Written off; credit applies only to unpaid invoices."):
        apply_credit(invoice=invoice, by=None)
    release_credit(invoice=invoice, by=None)
    assert figures(invoice) == ("unpaid", 0, 60, 40)
    in_order()


def test_a_credit_note_takes_back_the_write_off_first():
    invoice = make_invoice(make_client(), usd(70), usd(30))
    pay(invoice, 20)
    write_off_invoice(invoice=invoice, by=None, reason="Insolvent")
    line = CreditLine(invoice.lines.order_by("position").last().pk)
    credited = issue_credit_note(invoice=invoice, reason="Down", by=None, lines=[line])
    assert (credited.taken_back.amount, credited.refunded) == (usd(30), usd(0))
    assert figures(invoice) == ("writtenoff", 20, 50, 0)
    credited = issue_credit_note(invoice=invoice, reason="All of it", by=None)
    assert (credited.taken_back.amount, credited.refunded) == (usd(50), usd(20))
    assert figures(invoice) == ("paid", 0, 0, 0)
    assert WriteOff.objects.latest("id").words == "Write-off reversed by a credit note"
    in_order()


def test_it_is_not_cancelled_before_the_write_off_is_reversed():
    invoice = make_written_off(usd(40))
    with refused("40.00 USD of INV-000001 is written off. Use Reverse Write-Off first."):
        cancel_invoice(invoice=invoice, by=None)
    reverse_write_off(invoice=invoice, by=None, reason="Mistake")
    assert cancel_invoice(invoice=invoice, by=None).invoice.status == "cancelled"
    in_order()


def test_refused_with_the_figures_and_nothing_is_changed():
    invoice = make_invoice(make_client(), usd(100))
    for field, value, said in (
        ("amount", usd(101), "Only 100.00 USD is due on INV-000001; 101.00 USD was to be written off."),
        ("amount", usd(0), "Give an amount above zero; 0.00 USD was given."),
        ("amount", Money("5", "EUR"), "INV-000001 is in USD; 5.00 EUR does not fit it."),
        ("reason", "  ", "Say why; it is kept with the figures."),
    ):
        with refused(said, field=field):
            write_off_invoice(**{"invoice": invoice, "by": None, "reason": "Insolvent", field: value})
    with refused("Nothing is written off of INV-000001."):
        reverse_write_off(invoice=invoice, by=None, reason="x")
    write_off_invoice(invoice=invoice, by=None, reason="Insolvent")
    with refused("INV-000001 is Written off: nothing is due that could be written off."):
        write_off_invoice(invoice=invoice, by=None, reason="Insolvent")
    with refused("100.00 USD is written off of INV-000001; 100.01 USD was to be taken back.", field="amount"):
        reverse_write_off(invoice=invoice, by=None, reason="x", amount=usd("100.01"))
    draft = draft_invoice(client=invoice.client, lines=[NewLine("Hosting", usd(3))], by=None)
    with refused("This is a draft: nothing is due of it yet."):
        write_off_invoice(invoice=draft, by=None, reason="x")


def test_a_form_sent_twice_counts_once():
    invoice = make_invoice(make_client(), usd(100))
    figures_ = {"invoice": invoice, "by": None, "reason": "Insolvent", "amount": usd(40)}
    rows = [write_off_invoice(**figures_, key=FormKey(key="a")) for _ in range(2)]
    assert rows[0] == rows[1]
    with pytest.raises(KeyReused):
        write_off_invoice(**{**figures_, "amount": usd(41)}, key=FormKey(key="a"))
    for _ in range(2):
        reverse_write_off(invoice=invoice, by=None, reason="Mistake", amount=usd(10), key=FormKey(key="b"))
    assert figures(invoice) == ("unpaid", 0, 30, 70)
    in_order()


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE invoices_writeoff SET amount = 5", "never changes"),
        ("UPDATE invoices_writeoff SET note = 'x'", "A note stays"),
        ("DELETE FROM invoices_writeoff", "never deleted"),
        ("UPDATE invoices_invoice SET amount_written_off = 5", "What settles an invoice follows"),
        (
            """INSERT INTO invoices_writeoff (client_id, invoice_id, currency, amount, created_by_name, created_at)
               SELECT client_id, id, currency, 10, '', now() FROM invoices_invoice""",
            "Only what is due",
        ),
        (
            """INSERT INTO invoices_writeoff (client_id, invoice_id, currency, amount, reverses_id, created_by_name,
                                              created_at)
               SELECT client_id, invoice_id, currency, -100.01, id, '', now() FROM invoices_writeoff""",
            "No more of a write-off is taken back",
        ),
    ],
)
def test_the_database_refuses_what_services_never_do(sql, said):
    make_written_off()
    with pytest.raises(IntegrityError, match=said), connection.cursor() as cursor:
        cursor.execute(sql)
