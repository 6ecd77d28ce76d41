"""Taking back a booked file: what goes, what stays, and that it can be imported again."""

import pytest
from django.urls import reverse

from billing_admin.errors import BusinessError
from clients.models import Activity
from credits.models import CreditAccount
from credits.services.apply import apply_credit
from invoices.models import Invoice
from tests.factories import make_client, make_invoice, make_payment_method, usd
from tests.invariants import assert_invariants
from tests.jobs import do_jobs
from tests.pages import fill, get_page, parse
from tests.unchanged import nothing_changes
from transactions.models import PaymentBatch, PaymentFileMapping, Transaction
from transactions.selectors.deletion import batch_deletion
from transactions.services.delete import DeletionMoved
from transactions.services.importing.book import import_payments
from transactions.services.importing.take_back import take_back_file
from transactions.services.refund import refund_payment
from transactions.views import booked_files

pytestmark = pytest.mark.django_db

FILE = b"Date,Amount,Invoice\n2026-03-01,100.00,INV-000001\n2026-03-02,40.00,INV-000002\n2026-03-03,7.00,\n"


@pytest.fixture
def batch() -> PaymentBatch:
    """A file that paid an invoice each of two clients; 7.00 of it is nobody's."""
    make_invoice(make_client("Acme Ltd"), usd(100))
    make_invoice(make_client("Globex Inc"), usd(40))
    book()
    return PaymentBatch.objects.get()


def book():
    mapping = PaymentFileMapping(
        name="Bank", date_column="Date", amount_column="Amount", invoice_column="Invoice", currency="USD",
        payment_method=make_payment_method(),
    )  # fmt: skip
    return import_payments(name="bank.csv", content=FILE, mapping=mapping, by=None)


def due() -> list[str]:
    return [f"{invoice.due.amount:.2f}" for invoice in Invoice.objects.order_by("number")]


def test_what_a_file_booked_goes_and_can_be_imported_again(batch):
    assert (due(), batch.counts, batch.totals) == (["0.00", "0.00"], {"pays": 2, "unattached": 1}, {"USD": "147.00"})
    taken = take_back_file(batch=batch, by=None, seen=batch_deletion(batch).seen)
    assert taken.words == (
        "3 payments of bank.csv taken back: 147.00 USD in. INV-000001, INV-000002 are unpaid again: 140.00 USD is due. "
        "3 payments were booked from a file. Importing the file again books them again."
    )
    assert (due(), Transaction.objects.count()) == (["100.00", "40.00"], 0)
    batch.refresh_from_db()
    assert (batch.taken_back_by_name, batch.taken_back_at is not None) == ("System", True)
    assert_invariants()
    book()
    assert (due(), PaymentBatch.objects.count()) == (["0.00", "0.00"], 2)


def test_each_client_and_the_file_have_it_on_record(batch):
    take_back_file(batch=batch, by=None)
    said = Activity.objects.filter(verb__in=["payments.taken_back", "transactions.deleted"]).order_by("client__number")
    assert [(each.client and each.client.name, each.words) for each in said] == [
        ("Acme Ltd", "1 transaction of a file that was taken back"),
        ("Globex Inc", "1 transaction of a file that was taken back"),
        (None, "3 payments of a file taken back: 147.00 USD in: bank.csv"),
    ]


def test_a_payment_that_was_refunded_since_or_whose_credit_is_used_stays(batch):
    first = Transaction.objects.get(client_name="Acme Ltd")
    refund_payment(payment=first, amount=usd(1), by=None, to="method")
    looked_at = batch_deletion(batch)
    assert [each.why for each in looked_at.staying] == ["It was refunded or reversed since."]
    assert take_back_file(batch=batch, by=None).words.endswith("1 payment of it stays.")
    assert sorted(Transaction.objects.values_list("client_name", "kind")) == [
        ("Acme Ltd", "payment"), ("Acme Ltd", "refund"),
    ]  # fmt: skip
    with nothing_changes(), pytest.raises(BusinessError, match="It was refunded or reversed since"):
        take_back_file(batch=batch, by=None)


def test_credit_of_an_overpayment_is_taken_back_unless_it_is_used():
    acme = make_client("Acme Ltd")
    make_invoice(acme, usd(60))
    globex = make_client("Globex Inc")
    make_invoice(globex, usd(40))
    mapping = PaymentFileMapping(
        name="Bank", date_column="Date", amount_column="Amount", invoice_column="Invoice", name_column="Name",
        currency="USD", payment_method=make_payment_method(),
    )  # fmt: skip
    text = b"Date,Amount,Invoice,Name\n2026-03-01,100.00,INV-000001,Acme Ltd\n2026-03-02,50.00,INV-000002,Globex Inc\n"
    import_payments(name="bank.csv", content=text, mapping=mapping, by=None)
    apply_credit(invoice=make_invoice(globex, usd(5), credit_use="never"), amount=usd(5), by=None)
    batch = PaymentBatch.objects.get()
    take_back_file(batch=batch, by=None)
    assert set(Transaction.objects.values_list("client_name", flat=True)) == {"Globex Inc"}
    assert CreditAccount.objects.get(client=acme).balance == usd(0)
    assert_invariants()


def test_where_something_happened_since_the_page_nothing_is_done(batch):
    seen = batch_deletion(batch).seen
    refund_payment(payment=Transaction.objects.get(client_name="Acme Ltd"), amount=usd(1), by=None, to="method")
    with nothing_changes(), pytest.raises(DeletionMoved):
        take_back_file(batch=batch, by=None, seen=seen)


def test_it_is_taken_back_on_the_page(owner, batch):
    page = get_page(owner, reverse("transactions:import"))
    assert page.texts("#booked tbody td")[:2] == ["bank.csv", "Bank"]
    popup = get_page(owner, reverse("transactions:take_back", args=[batch.pk]))
    assert popup.one("#going").text == "3 payments: 147.00 USD in."
    answer = fill(owner, popup, ".popup form", follow=True)
    assert parse(answer).one("#toasts p").text.startswith("3 payments of bank.csv taken back: 147.00 USD in.")
    assert "taken back" in get_page(owner, reverse("transactions:import")).one("#booked tbody").text
    assert not parse(answer).all("#booked tbody a")


def test_a_large_file_is_a_workers(owner, batch, monkeypatch):
    monkeypatch.setattr(booked_files, "MOST_AT_ONCE", 2)
    fill(owner, get_page(owner, reverse("transactions:take_back", args=[batch.pk])), ".popup form")
    assert Transaction.objects.count() == 3
    do_jobs()
    assert not Transaction.objects.exists()


def test_it_needs_the_right_to_delete_transactions(billing, batch):
    assert billing.get(reverse("transactions:take_back", args=[batch.pk])).status_code == 403
    assert not get_page(billing, reverse("transactions:import")).all("#booked tbody a")
