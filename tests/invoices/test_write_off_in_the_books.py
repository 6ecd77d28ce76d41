"""Write-offs beside everything else that moves an invoice: what the books say after, and what the database refuses."""

import pytest
from django.db import connection
from django.utils import timezone
from djmoney.money import Money

from clients.models import FormKey
from clients.models.form_key import KeyReused
from clients.selectors.statement import statement
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from invoices.models import Invoice, WriteOff
from invoices.services.credit_notes import CreditLine, issue_credit_note
from invoices.services.write_off import reverse_write_off, write_off_invoice
from tests.factories import make_client, make_invoice, make_payment_method, usd
from tests.invoices.test_write_off import figures, fresh, in_order, make_written_off, pay
from tests.unchanged import refused, refused_by_database
from transactions.models import Transaction
from transactions.services.delete import delete_transactions
from transactions.services.receive import receive_payment
from transactions.services.record_many import Payment, record_payments
from transactions.services.refund import refund_payment
from transactions.services.reverse import reverse_payment

pytestmark = pytest.mark.django_db


def insert(invoice: Invoice, amount: int, reverses: WriteOff | None = None) -> None:
    """A row that no service would write."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO invoices_writeoff (client_id, invoice_id, currency, amount, reverses_id, created_by_name,
                                              created_at) VALUES (%s, %s, 'USD', %s, %s, '', now())""",
            [invoice.client_id, invoice.pk, amount, reverses.pk if reverses else None],
        )


def owed_after(invoice: Invoice) -> Money:
    today = timezone.localdate()
    (account,) = statement(invoice.client, today, today)
    return account.owed_after


def test_one_invoice_never_takes_back_what_is_written_off_of_another():
    acme = make_client()
    lost, other = make_invoice(acme, usd(100)), make_invoice(acme, usd(100))
    row = write_off_invoice(invoice=lost, by=None, reason="Insolvent")
    write_off_invoice(invoice=other, by=None, reason="Insolvent")
    # With a row that is right beside it, too.
    reverse_write_off(invoice=lost, by=None, reason="Mistake", amount=usd(10))
    with refused_by_database("and of its own invoice"):
        insert(other, -20, row)


def close_refunded(*amounts: int, paid: int) -> Invoice:
    """An invoice that was paid in part and written off; the payment was given back, and it is Refunded."""
    invoice = make_invoice(make_client(), *map(usd, amounts))
    payment = pay(invoice, paid).transaction
    write_off_invoice(invoice=invoice, by=None, reason="Insolvent")
    refund_payment(payment=payment, amount=usd(paid), to="method", by=None, close_invoice=True)
    return fresh(invoice)


@pytest.mark.parametrize("status", ["paid", "refunded", "writtenoff"])
def test_the_database_writes_off_nothing_of_what_is_not_unpaid(status):
    if status == "refunded":
        invoice = close_refunded(100, paid=60)
    else:
        invoice = make_written_off(total=100)
        if status == "paid":
            pay(invoice, 100)
    assert fresh(invoice).status == status
    with refused_by_database("Only what is due on an unpaid invoice is written off."):
        insert(invoice, 10)


def test_refunded_then_credited_and_its_payment_deleted_is_written_off():
    invoice = close_refunded(60, 40, paid=60)
    assert (figures(invoice), owed_after(invoice)) == (("refunded", 0, 40, 60), usd(0))
    line = CreditLine(invoice.lines.order_by("position")[0].pk)
    assert issue_credit_note(invoice=invoice, reason="Down", by=None, lines=[line]).taken_back.amount == usd(0)
    assert (figures(invoice), owed_after(invoice)) == (("refunded", 0, 40, 0), usd(0))
    chosen = list(Transaction.objects.values_list("pk", flat=True))
    delete_transactions(client=invoice.client, chosen=chosen, by=None)
    assert (figures(invoice), owed_after(invoice)) == (("writtenoff", 0, 40, 0), usd(0))
    assert fresh(invoice).paid_at is None
    in_order()


def test_a_chargeback_leaves_the_rest_written_off_and_owes_what_went_out():
    invoice = make_written_off()
    payment = pay(invoice, 40).transaction
    reverse_payment(payment=payment, by=None)
    assert (figures(invoice), owed_after(invoice)) == (("unpaid", 0, 60, 40), usd(40))
    in_order()


def test_the_same_reference_again_takes_nothing_more_back():
    invoice, card = make_written_off(), make_payment_method()
    day = timezone.localdate()
    for _ in range(2):
        receive_payment(invoices=[invoice], amount=usd(40), payment_method=card, by=None, reference="R1")
    assert figures(invoice) == ("writtenoff", 40, 60, 0)
    payments = [Payment(invoice.pk, usd(amount), card, day, f"R{amount}") for amount in (10, 80)]
    record_payments(payments=[Payment(invoice.pk, usd(40), card, day, "R1"), *payments], by=None)
    assert figures(invoice) == ("paid", 100, 0, 0)
    in_order()


@pytest.mark.parametrize(
    ("currency", "smallest", "too_small", "said"),
    [
        ("JPY", "1", "0.5", "JPY has no decimal places; 0.5 has more."),
        ("KWD", "0.001", "0.0005", "KWD has 3 decimal places; 0.0005 has more."),
    ],
)
def test_each_currency_has_its_places(currency, smallest, too_small, said):
    invoice = make_invoice(make_client(currency=currency), Money("7", currency), tax_rate="20")
    for service in (write_off_invoice, reverse_write_off):
        with refused(said, field="amount"):
            service(invoice=invoice, by=None, reason="Insolvent", amount=Money(too_small, currency))
    write_off_invoice(invoice=invoice, by=None, reason="Insolvent", amount=Money(smallest, currency))
    write_off_invoice(invoice=invoice, by=None, reason="Insolvent")
    receive_payment(
        invoices=[fresh(invoice)], amount=Money(smallest, currency), payment_method=make_payment_method(), by=None
    )
    assert fresh(invoice).amount_written_off == fresh(invoice).total - Money(smallest, currency)
    in_order()


def test_a_reversal_sent_again_with_another_amount_is_refused():
    invoice = make_written_off()
    figures_ = {"invoice": invoice, "by": None, "reason": "Heir found", "key": FormKey(key="a")}
    reverse_write_off(**figures_, amount=usd(10))
    with pytest.raises(KeyReused):
        reverse_write_off(**{**figures_, "key": FormKey(key="a")}, amount=usd(20))
    assert figures(invoice) == ("unpaid", 0, 90, 10)


def test_rows_of_before_between_and_after_a_merge_stay_with_their_invoices():
    acme, globex = make_client("Acme"), make_client("Globex")
    theirs, ours = make_invoice(globex, usd(100)), make_invoice(acme, usd(50))
    for invoice in (theirs, ours):
        write_off_invoice(invoice=invoice, by=None, reason="Before", amount=usd(10))
    done = merge_clients(kept=acme, discarded=globex, by=None)
    reverse_write_off(invoice=fresh(theirs), by=None, reason="Between", amount=usd(4))
    for invoice in (theirs, ours):
        write_off_invoice(invoice=fresh(invoice), by=None, reason="Between")
    in_order()
    restored = undo_merge(merge=done, by=None)
    assert set(WriteOff.objects.values_list("invoice", "client")) == {(theirs.pk, restored.pk), (ours.pk, acme.pk)}
    reverse_write_off(invoice=fresh(theirs), by=None, reason="After")
    assert (figures(theirs), figures(ours)) == (("unpaid", 0, 0, 100), ("writtenoff", 0, 50, 0))
    in_order()
