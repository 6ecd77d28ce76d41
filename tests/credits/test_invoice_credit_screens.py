"""Apply Credit and Take Credit Off on the page of an invoice."""

import datetime
import json

import pytest
from django.urls import reverse
from djmoney.money import Money

from billing_admin.staff.groups import BILLING, VIEWER
from clients.models import CreditUse
from credits.models import CreditEntry, CreditGrant
from credits.selectors.balances import balances_of
from credits.services.expire import expire_credit
from invoices.models import Invoice
from tests.credits.refused_amounts import REFUSED
from tests.factories import give_credit, make_client, make_invoice, make_staff, usd
from tests.invariants import assert_invariants
from tests.pages import fill, get_page, parse, queries_of, values_of
from tests.unchanged import nothing_changes, sent_before

pytestmark = pytest.mark.django_db

IN_DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}
FIGURES = {"HX-Request": "true", "HX-Target": "after"}


@pytest.fixture
def billing(client):
    client.force_login(make_staff(BILLING, username="robin"))
    return client


def url_of(invoice, what="apply"):
    return reverse(f"credits:{what}", args=[invoice.pk])


def unpaid_with_credit(due=20, credit=12):
    """An unpaid invoice of a client who holds credit that is not used by itself."""
    acme = make_client("Acme Ltd", credit_use=CreditUse.NEVER)
    give_credit(acme, usd(credit))
    return make_invoice(acme, usd(due))


def send(browser, invoice, what="apply", **typed):
    page = get_page(browser, url_of(invoice, what), headers=IN_DIALOG)
    return fill(browser, page, "form", typed, headers=IN_DIALOG)


def toast(answer):
    return json.loads(answer.headers["HX-Trigger"])["toast"]["text"]


def test_it_begins_with_all_that_there_is_and_fits(billing):
    page = get_page(billing, url_of(unpaid_with_credit()), headers=IN_DIALOG)
    assert values_of(page.one("form"))["amount"] == "12.00"
    assert page.one("#after").text == "After that 8.00 USD is due and 0.00 USD of credit is available."
    more = get_page(billing, url_of(unpaid_with_credit(due=20, credit=50)), headers=IN_DIALOG)
    assert values_of(more.one("form"))["amount"] == "20.00"
    assert more.one("#after").text == (
        "After that nothing is due, INV-000002 is Paid and 30.00 USD of credit is available."
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("5", "After that 15.00 USD is due and 7.00 USD of credit is available."),
        ("12.01", "At most 12.00 USD; 12.01 USD was typed."),
        ("0", "Give an amount above zero."),
        ("1,5", "“1,5” is not an amount: is 15.00 or 1.50 meant? Type that."),
    ],
)
def test_the_figures_follow_what_is_typed(billing, typed, said):
    invoice = unpaid_with_credit()
    page = get_page(billing, url_of(invoice), data={"amount": typed}, headers=FIGURES)
    assert page.one("#after").text == said


def test_applying_an_amount(billing):
    invoice = unpaid_with_credit()
    assert toast(send(billing, invoice, amount="5")) == "Credit of 5.00 USD applied to INV-000001. 15.00 USD is due."
    assert toast(send(billing, invoice)) == "Credit of 7.00 USD applied to INV-000001. 8.00 USD is due."
    invoice.refresh_from_db()
    assert (invoice.credit_applied, invoice.due, invoice.status) == (usd(12), usd(8), "unpaid")
    assert_invariants()


def test_applying_all_that_is_due_pays_the_invoice(billing):
    invoice = unpaid_with_credit(due=10)
    assert toast(send(billing, invoice)) == "Credit of 10.00 USD applied to INV-000001. Nothing is due, it is Paid."
    assert Invoice.objects.get().status == "paid"
    assert_invariants()


def test_more_than_is_available_or_due_is_refused(billing):
    few, much = unpaid_with_credit(due=20, credit=12), unpaid_with_credit(due=5, credit=12)
    with nothing_changes():
        too_much = send(billing, few, amount="13")
        beyond_due = send(billing, much, amount="6")
    assert parse(too_much).texts("#id_amount_error") == [
        "Only 12.00 USD of credit is available; 13.00 USD was asked for."
    ]
    assert parse(beyond_due).texts("#id_amount_error") == [
        "Only 5.00 USD is due on INV-000002; 6.00 USD was asked for."
    ]


@pytest.mark.parametrize("what", ["apply", "release"])
@pytest.mark.parametrize(("typed", "currency", "said"), [case for case in REFUSED if case.values[1] == "USD"])
def test_what_is_no_amount_is_refused(billing, what, typed, currency, said):
    acme = make_client(credit_use=CreditUse.ALWAYS)
    give_credit(acme, usd(5))
    invoice = make_invoice(acme, usd(10))
    give_credit(acme, usd(5))
    with nothing_changes():
        answer = send(billing, invoice, what, amount=typed)
    assert said in parse(answer).texts("#id_amount_error")[0]


def test_the_same_form_twice_applies_once(billing):
    invoice = unpaid_with_credit()
    page = get_page(billing, url_of(invoice), headers=IN_DIALOG)
    fill(billing, page, "form", {"amount": "5"}, headers=IN_DIALOG)
    with nothing_changes():
        again = fill(billing, page, "form", {"amount": "5"}, headers=IN_DIALOG)
    assert json.loads(again.headers["HX-Trigger"])["toast"] == {
        "text": sent_before("Credit of 5.00 USD applied to INV-000001"), "level": "attention"
    }  # fmt: skip


def test_credit_in_another_currency_applies_nothing_and_says_why(billing):
    """Acceptance 11."""
    acme = make_client("Acme Ltd")
    give_credit(acme, usd(50))
    invoice = make_invoice(acme, Money(20, "EUR"))
    page = get_page(billing, url_of(invoice))
    assert page.one(".popup .alert").text == (
        "Acme Ltd has no credit in EUR for INV-000001. "
        "There is 50.00 USD, which pays only invoices in its own currency."
    )
    assert page.all(".popup [type=submit]") == []


def test_a_paid_invoice_takes_no_credit_and_says_so(billing):
    acme = make_client()
    give_credit(acme, usd(50))
    page = get_page(billing, url_of(make_invoice(acme, usd(20))))
    assert page.one(".popup .alert").text == "INV-000001 is Paid; credit applies only to unpaid invoices."


def test_taking_off_gives_back_to_the_same_credits_last_used_first(billing):
    acme = make_client("Acme Ltd")
    first, second = give_credit(acme, usd(10)), give_credit(acme, usd(10))
    invoice = make_invoice(acme, usd(15))
    page = get_page(billing, url_of(invoice, "release"), headers=IN_DIALOG)
    assert values_of(page.one("form"))["amount"] == "15.00"
    assert page.one("#after").text == "After that 15.00 USD is due and 20.00 USD of credit is available."
    said = toast(send(billing, invoice, "release", amount="7"))
    assert said == "Credit of 7.00 USD taken off INV-000001. 7.00 USD is due."
    for grant, left in ((first, 2), (second, 10)):
        grant.refresh_from_db()
        assert grant.remaining == usd(left)
    assert_invariants()


def test_what_expired_meanwhile_comes_back_and_expires_at_once(billing, time_machine):
    """Acceptance 14."""
    acme = make_client()
    give_credit(acme, usd(10), expires_on=datetime.date(2099, 1, 1))
    invoice = make_invoice(acme, usd(10))
    time_machine.move_to("2099-06-01 12:00", tick=False)
    billing.force_login(make_staff(BILLING))
    expire_credit(as_of=datetime.date(2099, 6, 1), by=None)
    send(billing, invoice, "release")
    shown = get_page(billing, reverse("credits:of_client", args=[acme.number]), data={"show": "ledger"})
    assert [row.all("td")[1].text for row in shown.all("tbody tr")] == ["Expired", "Released", "Applied", "Given"]
    assert balances_of(acme) == [usd(0)]
    assert_invariants()


def test_more_than_is_applied_is_refused(billing):
    acme = make_client()
    give_credit(acme, usd(10))
    invoice = make_invoice(acme, usd(15))
    with nothing_changes():
        answer = send(billing, invoice, "release", amount="11")
    assert parse(answer).texts("#id_amount_error") == [
        "10.00 USD of credit is applied to INV-000001; 11.00 USD cannot be released."
    ]


def test_an_invoice_without_credit_has_none_to_take_off(billing):
    page = get_page(billing, url_of(make_invoice(make_client(), usd(5)), "release"))
    assert page.one(".popup .alert").text == "No credit is applied to INV-000001; there is nothing to take off."


def test_the_invoice_page_offers_what_can_be_done(billing):
    invoice = unpaid_with_credit(due=20, credit=12)
    address = reverse("invoices:detail", args=[invoice.pk])
    assert url_of(invoice) == get_page(billing, address).links()["Apply Credit"]
    assert "Take Credit Off" not in get_page(billing, address).links()
    send(billing, invoice)
    assert get_page(billing, address).links()["Take Credit Off"] == url_of(invoice, "release")


def test_without_javascript_it_leads_back_to_the_invoice(billing):
    invoice = unpaid_with_credit()
    answer = fill(billing, get_page(billing, url_of(invoice)), ".popup form", {"amount": "5"})
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("invoices:detail", args=[invoice.pk]))


@pytest.mark.parametrize("what", ["apply", "release"])
def test_a_viewer_may_not_and_an_unknown_invoice_is_not_found(client, what):
    invoice = unpaid_with_credit()
    client.force_login(make_staff(VIEWER))
    get_page(client, url_of(invoice, what), status=403)
    client.force_login(make_staff(BILLING))
    get_page(client, reverse(f"credits:{what}", args=[invoice.pk + 1]), status=404)


def test_the_popup_costs_the_same_with_one_credit_and_with_many(billing):
    invoice = unpaid_with_credit()
    before = queries_of(billing, url_of(invoice))
    for _ in range(10):
        give_credit(invoice.client, usd(1))
    assert queries_of(billing, url_of(invoice)) == before
    assert CreditGrant.objects.count() == 11
    assert CreditEntry.objects.filter(invoice=invoice).count() == 0
