"""The popups that give money back: Refund, Reverse and Delete."""

import pytest
from django.urls import reverse
from djmoney.money import Money

from tests.credits.refused_amounts import REFUSED
from tests.factories import give_credit, make_client, make_invoice, usd
from tests.invariants import assert_invariants
from tests.pages import fill, get_page, parse, values_of
from tests.transactions.popups import FORM, IN_DIALOG, NOT_EMPTY, error, paid, send, toast, url
from tests.unchanged import nothing_changes, sent_before
from transactions.models import PaymentMethod, Transaction
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

# ── Refund ──


def test_the_refund_says_before_what_it_does_and_then_what_it_did(billing):
    payment = paid()
    page = get_page(billing, url("refund", payment.pk))
    assert page.one(".popup-body p").text.endswith(
        "100.00 USD can be refunded. What is refunded is owed again on INV-000001, which is then Unpaid."
    )
    assert values_of(page.one(FORM))["amount"] == "100.00"
    assert page.texts("#id_to label") == ["Card", "Credit of the client"]
    answer = send(billing, url("refund", payment.pk), amount="30", reference="re_1")
    assert toast(answer)["text"] == "30.00 USD refunded to Card. INV-000001 is Unpaid; 30.00 USD is due on it."
    answer = send(billing, url("refund", payment.pk), amount="20", to="credit")
    assert toast(answer)["text"] == "20.00 USD refunded to credit. INV-000001 is Unpaid; 50.00 USD is due on it."
    assert_invariants()


def test_an_invoice_can_be_marked_refunded_where_all_is_given_back(billing):
    payment = paid()
    answer = send(billing, url("refund", payment.pk), close_invoice="on")
    assert toast(answer)["text"] == "100.00 USD refunded to Card. INV-000001 is Refunded; nobody owes it."
    page = get_page(billing, reverse("invoices:detail", args=[payment.invoice_id]))
    assert page.texts(".balance dd")[-1] == "–"
    page = get_page(billing, "/invoices/?status=refunded")
    assert page.texts("tbody td")[-1] == "–"
    assert page.one(".panel-note").text.endswith("100.00 USD, of which 0.00 is due")


def test_marking_it_refunded_is_offered_only_where_it_can_be(billing):
    acme = make_client()
    give_credit(acme, usd(10))
    payment = paid("90", of=acme)
    assert get_page(billing, url("refund", payment.pk)).all("[name=close_invoice]") == []
    second = paid("60", of=acme)
    popup = get_page(billing, url("refund", second.pk), headers=IN_DIALOG)
    with nothing_changes():
        answer = fill(billing, popup, FORM, {"close_invoice": "on", "amount": "50"}, headers=IN_DIALOG)
    assert error(answer, "close_invoice") == (
        "INV-000002 cannot be marked Refunded: 10.00 USD of payments and 0.00 USD of credit would still settle it. "
        "Nothing was refunded."
    )


def test_of_an_overpayment_the_popup_offers_what_is_unspent(billing):
    acme = make_client()
    paid("120", of=acme)
    make_invoice(acme, usd(12))
    rest = Transaction.objects.get(part=2)
    page = get_page(billing, url("refund", rest.pk))
    assert values_of(page.one(FORM))["amount"] == "8.00"
    assert page.texts("#id_to label") == ["Card"]
    with nothing_changes():
        answer = send(billing, url("refund", rest.pk), amount="9")
    assert error(answer, "amount") == (
        "This payment became credit, of which 8.00 USD is unspent: no more can be refunded, 9.00 USD was asked for."
    )
    toast(send(billing, url("refund", rest.pk)))
    assert get_page(billing, url("refund", rest.pk)).one(".popup .alert").text == (
        "This payment became credit, of which 0.00 USD is unspent. There is nothing to refund."
    )


@pytest.mark.parametrize(("typed", "currency", "said"), REFUSED)
def test_what_is_no_amount_is_not_refunded(billing, typed, currency, said):
    acme = make_client(currency=currency)
    card = PaymentMethod.objects.get(name="Card")
    payment = receive_payment(client=acme, amount=Money(100, currency), payment_method=card, by=None).transaction
    with nothing_changes():
        answer = send(billing, url("refund", payment.pk), amount=typed)
    assert said in error(answer, "amount")


def test_a_refund_cannot_be_before_the_payment_nor_beyond_it(billing):
    payment = paid()
    with nothing_changes():
        answer = send(billing, url("refund", payment.pk), date="2020-01-01")
        assert "it cannot go out before that." in error(answer, "date")
        answer = send(billing, url("refund", payment.pk), amount="100.01")
        assert error(answer, "amount") == ("100.00 USD came in: 100.00 USD can be refunded, 100.01 USD was asked for.")


def test_the_same_refund_sent_twice_is_booked_once_and_said_so(billing):
    payment = paid()
    popup = get_page(billing, url("refund", payment.pk), headers=IN_DIALOG)
    fill(billing, popup, FORM, {"amount": "30"}, headers=IN_DIALOG)
    with nothing_changes():
        again = fill(billing, popup, FORM, {"amount": "30"}, headers=IN_DIALOG)
    assert toast(again) == {
        "text": sent_before(f"30.00 USD of {payment.label} refunded to {payment.payment_method}"),
        "level": "attention",
    }


# ── Reverse ──


def test_the_reversal_says_before_what_it_undoes_and_then_what_it_undid(billing):
    payment = paid("120")
    page = get_page(billing, url("reverse", payment.pk))
    assert page.one(".popup .alert").text == (
        "120.00 USD goes out again: INV-000001 is owed again: 100.00 USD. Credit of 20.00 USD is taken back."
    )
    answer = send(billing, url("reverse", payment.pk), fee="15")
    assert toast(answer)["text"] == (
        "Payment of 120.00 USD reversed. INV-000001 is owed again. 20.00 USD of credit was taken back."
    )
    assert Transaction.objects.get(kind="reversal", part=1).fees == usd(15)
    assert get_page(billing, url("reverse", payment.pk)).one(".popup .alert").text == (
        "All of 100.00 USD was given back already. There is nothing to reverse."
    )
    assert_invariants()


def test_spent_credit_is_said_before_and_refused(billing):
    acme = make_client()
    payment = paid("120", of=acme)
    make_invoice(acme, usd(12))
    page = get_page(billing, url("reverse", payment.pk))
    assert page.texts(".popup .alert li")[1] == (
        "12.00 USD of the credit that it gave has been used, 8.00 USD is unspent. Use Take Credit Off on what it paid "
        "first. As it is, it can be reversed only where what is missing is billed."
    )
    with nothing_changes():
        answer = send(billing, url("reverse", payment.pk))
    assert answer.status_code == 422
    assert "12.00 USD of the 20.00 USD of credit" in parse(answer).one("[role=alert]").text


@pytest.mark.parametrize(("typed", "currency", "said"), NOT_EMPTY)
def test_what_is_no_amount_is_no_fee(billing, typed, currency, said):
    acme = make_client(currency=currency)
    card = PaymentMethod.objects.get(name="Card")
    payment = receive_payment(client=acme, amount=Money(100, currency), payment_method=card, by=None).transaction
    with nothing_changes():
        answer = send(billing, url("reverse", payment.pk), fee=typed)
    assert said in error(answer, "fee")
