"""A chargeback of a payment whose credit was spent: booked in any case, and what is missing is billed."""

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Activity, FormKey
from clients.services.merge.merge_clients import merge_clients
from credits.models import CreditAccount
from credits.services.transfer import transfer_credit
from invoices.models import Invoice
from invoices.services.chargeback import book_chargeback
from tests.factories import give_credit, make_client, make_invoice, usd
from tests.invariants import assert_invariants
from tests.pages import get_page, parse
from tests.transactions.popups import IN_DIALOG, send, toast, url
from tests.unchanged import nothing_changes, refused
from transactions.models import PaymentMethod, Transaction
from transactions.services.receive import receive_payment
from transactions.services.reverse import reverse_payment

pytestmark = pytest.mark.django_db


def topped_up(of, amount="50"):
    card = PaymentMethod.objects.get(name="Card")
    return receive_payment(client=of, amount=usd(amount), payment_method=card, by=None, reference="ch_1").transaction


def transferred_away(amount="30"):
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    payment = topped_up(acme)
    transfer_credit(source=acme, target=globex, amount=usd(amount), by=None)
    return payment, acme, globex


def balances():
    return {row.client.name: row.balance for row in CreditAccount.objects.select_related("client")}


def test_the_refusal_names_the_transfer():
    payment, _, globex = transferred_away()
    day = f"{timezone.localdate():%-d %b %Y}"
    with refused(
        f"30.00 USD was transferred to client {globex.number} on {day}: that is of the 50.00 USD of credit that this "
        "payment gave (“Payment”); 20.00 USD is unspent. What was transferred stays where it is: if the chargeback has "
        "happened, book it and bill what is missing. Nothing was reversed."
    ):
        reverse_payment(payment=payment, by=None)


def test_what_is_missing_is_billed_to_the_client_whose_payment_it_was():
    payment, acme, _ = transferred_away()
    done = book_chargeback(payment=payment, by=None, reference="dp_1", fee=usd(15))
    assert (done.reversal.amount, done.reversal.credit_taken_back, done.reversal.shortfall) == (
        usd(50),
        usd(20),
        usd(30),
    )
    invoice = Invoice.objects.get()
    assert (invoice.client, invoice.status, invoice.total, invoice.tax, invoice.due) == (
        acme, "unpaid", usd(30), usd(0), usd(30),
    )  # fmt: skip
    assert done.invoice == invoice
    assert balances() == {"Acme Ltd": usd(0), "Globex": usd(30)}
    assert Activity.objects.latest("id").summary == ("30.00 USD that Reversal “dp_1” left missing billed by INV-000001")
    assert_invariants()


def test_credit_that_paid_an_invoice_is_billed_and_the_invoice_stays_paid():
    acme = make_client()
    payment = topped_up(acme)
    first = make_invoice(acme, usd(12))
    assert first.status == "paid"
    done = book_chargeback(payment=payment, by=None)
    first.refresh_from_db()
    assert (first.status, done.invoice.total, done.reversal.credit_taken_back) == ("paid", usd(12), usd(38))
    assert_invariants()


def test_the_rule_of_automatic_credit_is_that_of_every_invoice():
    payment, acme, _ = transferred_away()
    give_credit(acme, usd(5))
    acme.credit_use = "always"
    acme.save()
    assert book_chargeback(payment=payment, by=None).invoice.due == usd(25)
    assert_invariants()


def test_nothing_is_billed_where_nothing_was_spent():
    done = book_chargeback(payment=topped_up(make_client()), by=None)
    assert (done.invoice, Invoice.objects.exists(), done.reversal.credit_taken_back) == (None, False, usd(50))
    assert_invariants()


def test_the_same_form_twice_books_and_bills_once():
    payment, _, _ = transferred_away()
    book_chargeback(payment=payment, by=None, key=FormKey(key="form-1"))
    with nothing_changes():
        again = book_chargeback(payment=payment, by=None, key=FormKey(key="form-1"))
    assert (again.invoice, again.reversal.amount) == (None, usd(50))
    with refused("All of Payment “ch_1”, 50.00 USD, was given back already; nothing was reversed."):
        book_chargeback(payment=payment, by=None)


def test_the_popup_says_what_is_missing_and_each_page_links_the_other(billing):
    payment, _, globex = transferred_away()
    popup = get_page(billing, url("reverse", payment.pk), headers=IN_DIALOG)
    assert f"transferred to client {globex.number}" in popup.one(".alert").text
    assert popup.one("label[for=id_bill_missing]").text == (
        "It has happened: book it, and bill the 30.00 USD that is missing"
    )
    answer = send(billing, url("reverse", payment.pk), bill_missing="30.00 USD", reference="dp_1")
    assert toast(answer)["text"] == (
        "Payment of 50.00 USD reversed. 20.00 USD of credit was taken back. INV-000001 bills the 30.00 USD that is "
        "missing."
    )
    reversal, invoice = Transaction.objects.get(kind="reversal"), Invoice.objects.get()
    pages = [reverse("transactions:detail", args=[reversal.pk]), reverse("invoices:detail", args=[invoice.pk])]
    assert get_page(billing, pages[0]).all(f"#facts a[href='{pages[1]}']")
    assert get_page(billing, pages[1]).all(f".page-facts a[href='{pages[0]}']")


def test_what_is_missing_by_now_is_asked_about_again(billing):
    payment, acme, globex = transferred_away()
    transfer_credit(source=acme, target=globex, amount=usd(5), by=None)
    with nothing_changes():
        answer = send(billing, url("reverse", payment.pk), bill_missing="30.00 USD")
        assert answer.status_code == 422
        assert "By now 35.00 USD is missing. Tick again to bill that." in parse(answer).text
        with refused(
            "30.00 USD was missing, and by now it is 35.00 USD. Nothing was booked; look at the figures again.",
            "bill_missing",
        ):
            book_chargeback(payment=payment, by=None, missing=usd(30))


def test_the_link_stays_when_the_client_is_merged(billing):
    payment, acme, _ = transferred_away()
    done = book_chargeback(payment=payment, by=None)
    merge_clients(kept=make_client("Kept"), discarded=acme, by=None)
    address = reverse("invoices:detail", args=[done.invoice.pk])
    assert get_page(billing, address).all(
        f".page-facts a[href='{reverse('transactions:detail', args=[done.reversal.transactions[0].pk])}']"
    )
    assert_invariants()
