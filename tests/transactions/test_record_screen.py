"""The Record Payment popup, and the same page without JavaScript."""

import datetime
import json

import pytest
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from billing_admin.staff.groups import BILLING, VIEWER
from credits.models import CreditAccount, CreditGrant
from invoices.models import Invoice
from invoices.services.issue import NewLine, draft_invoice
from tests.credits.refused_amounts import REFUSED
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.pages import fill, get_page, parse, values_of
from tests.unchanged import nothing_changes, reused
from transactions.models import PaymentMethod, Transaction
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

IN_DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}
FORM = ".popup form"


@pytest.fixture
def billing(client):
    """A browser in which somebody of Billing is signed in."""
    client.force_login(make_staff(BILLING, username="robin"))
    return client


def url_of(invoice):
    return reverse("transactions:record", args=[invoice.pk])


def pay(browser, invoice, **typed):
    """Open the popup in the dialog, change what is named, save; the answer."""
    return fill(browser, get_page(browser, url_of(invoice), headers=IN_DIALOG), FORM, typed, headers=IN_DIALOG)


def toast(answer):
    return json.loads(answer.headers["HX-Trigger"])["toast"]


def error(answer, field):
    assert answer.status_code == 422
    return parse(answer).one(f"#id_{field}_error").text


def test_it_begins_with_what_is_due_today_and_the_methods_in_use(billing):
    acme = make_client("Acme Ltd")
    PaymentMethod.objects.filter(name="Cash").update(active=False)
    give_credit(acme, usd(30))
    page = get_page(billing, url_of(make_invoice(acme, usd("1234.50"))))
    values = values_of(page.one(FORM))
    assert (values["amount"], values["date"], values["fees"]) == ("1204.50", timezone.localdate().isoformat(), "")
    assert page.one(".popup-body p").text == "Acme Ltd owes 1,204.50 USD on INV-000001. More than that becomes credit."
    assert page.texts("[name=payment_method] option") == ["Bank transfer", "Card", "PayPal"]
    assert page.one("h1").text == "Record Payment – INV-000001"


def test_a_payment_of_all_pays_the_invoice_and_is_announced(billing):
    invoice = make_invoice(make_client(), usd(100))
    answer = pay(billing, invoice, reference="ch_1", fees="1.75", date="2026-03-01", description="By telephone")
    assert answer.status_code == 204
    assert json.loads(answer.headers["HX-Trigger"]) == {
        "dialogClose": {},
        "paymentsChanged": {},
        "invoicesChanged": {},
        "creditsChanged": {},
        "toast": {
            "text": "Payment of 100.00 USD recorded for INV-000001. Nothing is due, it is Paid.",
            "level": "good",
        },
    }
    paid = Transaction.objects.get()
    assert (paid.amount_in, paid.fees, paid.reference) == (usd(100), usd("1.75"), "ch_1")
    assert (paid.date, paid.note, paid.created_by_name) == (datetime.date(2026, 3, 1), "By telephone", "robin")
    assert Invoice.objects.get().status == Invoice.Status.PAID
    assert_invariants()


def test_a_part_payment_says_what_is_still_due(billing):
    invoice = make_invoice(make_client(), Money("10.500", "KWD"))
    assert toast(pay(billing, invoice, amount="4.250"))["text"] == (
        "Payment of 4.250 KWD recorded for INV-000001. 6.250 KWD is still due."
    )
    assert values_of(get_page(billing, url_of(invoice)).one(FORM))["amount"] == "6.250"
    assert_invariants()


def test_a_part_payment_is_not_said_to_have_paid_its_invoice(billing):
    invoice = make_invoice(make_client(), usd(10))
    shown = []
    for amount in ("4", "6"):
        pay(billing, invoice, amount=amount)
        page = get_page(billing, reverse("transactions:detail", args=[Transaction.objects.latest("pk").pk]))
        shown.append(page.texts("#facts dl > div")[0])
    assert shown == ["For invoice INV-000001 Paid in part", "For invoice INV-000001 Paid"]


def test_what_is_more_than_due_becomes_credit_and_is_said(billing):
    acme = make_client()
    answer = pay(billing, make_invoice(acme, usd(100)), amount="105")
    assert toast(answer)["text"] == (
        "Payment of 105.00 USD recorded for INV-000001. 5.00 USD more than was due became credit. "
        "Nothing is due, it is Paid."
    )
    assert CreditAccount.objects.get(client=acme).balance == usd(5)
    assert CreditGrant.objects.get().category == CreditGrant.Category.PAID
    assert_invariants()


def test_without_javascript_it_is_a_page_that_leads_back_to_the_invoice(billing):
    invoice = make_invoice(make_client(), usd(100))
    page = get_page(billing, url_of(invoice))
    assert page.links()["Cancel"] == reverse("invoices:detail", args=[invoice.pk])
    answer = fill(billing, page, FORM, {"amount": "40"}, follow=True)
    assert answer.redirect_chain == [(reverse("invoices:detail", args=[invoice.pk]), 302)]
    assert parse(answer).one("#toasts p").text == (
        "Payment of 40.00 USD recorded for INV-000001. 60.00 USD is still due."
    )


@pytest.mark.parametrize(("typed", "currency", "said"), REFUSED)
def test_what_is_no_amount_is_refused_beside_it(billing, typed, currency, said):
    invoice = make_invoice(make_client(currency=currency), Money(100, currency))
    with nothing_changes():
        answer = pay(billing, invoice, amount=typed)
    assert said in error(answer, "amount")


# Fees may be left empty.
@pytest.mark.parametrize(("typed", "currency", "said"), [case for case in REFUSED if str(case.values[0]).strip()])
def test_what_is_no_amount_is_refused_beside_the_fees(billing, typed, currency, said):
    invoice = make_invoice(make_client(currency=currency), Money(100, currency))
    with nothing_changes():
        answer = pay(billing, invoice, fees=typed)
    assert said in error(answer, "fees")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("amount", "0", "The amount must be at least 0.01."),
        ("amount", "-5", "The amount must be at least 0.01."),
        ("fees", "-5", "The amount must not be negative."),
        ("fees", "100.01", "Fees of 100.01 USD do not fit a payment of 100.00 USD."),
        ("date", "", "Give the day that the money came in."),
        ("date", "30.11.2026", "Give a date as 2026-11-30."),
        ("payment_method", "", "Choose how it was paid."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(billing, field, typed, said):
    invoice = make_invoice(make_client(), usd(100))
    with nothing_changes():
        answer = pay(billing, invoice, **{field: typed})
    assert error(answer, field) == said


def test_a_day_to_come_is_refused_and_today_is_not(billing):
    invoice = make_invoice(make_client(), usd(100))
    tomorrow = timezone.localdate() + datetime.timedelta(1)
    with nothing_changes():
        answer = pay(billing, invoice, date=tomorrow.isoformat())
    assert "is yet to come" in error(answer, "date")
    assert pay(billing, invoice).status_code == 204


def test_a_method_that_is_switched_off_is_refused(billing):
    method = make_payment_method("Cheque")
    invoice = make_invoice(make_client(), usd(100))
    PaymentMethod.objects.filter(pk=method.pk).update(active=False)
    with nothing_changes():
        answer = pay(billing, invoice, payment_method=str(method.pk))
    assert answer.status_code == 422


def test_the_same_form_sent_twice_counts_once_and_is_not_told_as_a_success(billing):
    acme = make_client()
    invoice = make_invoice(acme, usd(100))
    popup = get_page(billing, url_of(invoice), headers=IN_DIALOG)
    fill(billing, popup, FORM, {"amount": "105"}, headers=IN_DIALOG)
    with nothing_changes():
        again = fill(billing, popup, FORM, {"amount": "105"}, headers=IN_DIALOG)
    today = timezone.localdate()
    assert (again.status_code, toast(again)) == (
        204,
        {
            "text": f"This payment was already recorded on {today:%-d %b %Y} by robin (100.00 USD for INV-000001, "
            "5.00 USD became credit); nothing more was recorded.",
            "level": "attention",
        },
    )
    assert_invariants()


def test_the_same_form_sent_twice_is_told_without_javascript_too(billing):
    invoice = make_invoice(make_client(), usd(100))
    page = get_page(billing, url_of(invoice))
    fill(billing, page, FORM, {}, follow=True)
    with nothing_changes():
        again = parse(fill(billing, page, FORM, {}, follow=True))
    assert again.one("#toasts .toast")["data-toast"] == "attention"
    assert "was already recorded" in again.one("#toasts p").text


def test_the_same_form_with_another_amount_is_refused(billing):
    invoice = make_invoice(make_client(), usd(100))
    popup = get_page(billing, url_of(invoice), headers=IN_DIALOG)
    fill(billing, popup, FORM, {"amount": "40"}, headers=IN_DIALOG)
    with nothing_changes():
        again = fill(billing, popup, FORM, {"amount": "50"}, headers=IN_DIALOG)
    assert parse(again).one("[role=alert]").text == reused("Payment of 40.00 USD recorded for INV-000001")


def test_a_reference_used_with_other_figures_is_refused_beside_it(billing):
    acme = make_client()
    pay(billing, make_invoice(acme, usd(100)), reference="ch_1")
    second = make_invoice(acme, usd(70))
    with nothing_changes():
        answer = pay(billing, second, reference="ch_1")
    assert error(answer, "reference") == (
        "Bank transfer already has a payment “ch_1” of 100.00 USD for INV-000001. Nothing was recorded."
    )


def test_a_reference_that_comes_again_with_the_same_figures_counts_once(billing):
    invoice = make_invoice(make_client(), usd(100))
    pay(billing, invoice, amount="40", reference="ch_1")
    with nothing_changes():
        again = pay(billing, invoice, amount="40", reference="ch_1")
    assert toast(again)["level"] == "attention"


def test_an_invoice_paid_meanwhile_takes_no_second_payment(billing):
    invoice = make_invoice(make_client(), usd(100))
    popup = get_page(billing, url_of(invoice), headers=IN_DIALOG)
    receive_payment(invoices=[invoice], amount=usd(100), payment_method=make_payment_method(), by=None)
    with nothing_changes():
        answer = fill(billing, popup, FORM, {}, headers=IN_DIALOG)
    assert answer.status_code == 422
    assert parse(answer).one("[role=alert]").text == ("INV-000001 is Paid; a payment of 100.00 USD was not recorded.")


def test_where_nothing_can_be_paid_the_popup_says_why_instead_of_asking(billing):
    acme = make_client()
    draft = draft_invoice(client=acme, lines=[NewLine("Hosting", usd(5))], by=None)
    give_credit(acme, usd(20))
    paid = make_invoice(acme, usd(20))
    for invoice, said in (
        (draft, "This is a draft of 5.00 USD. Issue it before recording a payment."),
        (paid, "INV-000001 is Paid: of 20.00 USD, 0.00 USD is due. There is nothing to pay."),
    ):
        page = get_page(billing, url_of(invoice))
        assert (page.one(".popup .alert").text, page.all(FORM)) == (said, [])


def test_it_needs_the_right_to_record_payments(client):
    invoice = make_invoice(make_client(), usd(100))
    client.force_login(make_staff(VIEWER))
    get_page(client, url_of(invoice), status=403)
    with nothing_changes():
        assert client.post(url_of(invoice), {"amount": "100"}).status_code == 403


def test_an_unknown_invoice_is_not_found(billing):
    get_page(billing, "/invoices/999999/payments/record/", status=404)
