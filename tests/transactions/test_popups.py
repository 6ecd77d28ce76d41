"""The popups Add Transaction and Attach, Payment Methods, and who may open which."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from billing_admin.staff.groups import BILLING, OWNER, VIEWER
from credits.models import CreditAccount
from invoices.models import Invoice
from tests.credits.refused_amounts import REFUSED
from tests.factories import make_client, make_invoice, make_staff, usd
from tests.invariants import assert_invariants
from tests.pages import fill, get_page, parse
from tests.transactions.popups import FORM, IN_DIALOG, NOT_EMPTY, error, paid, send, toast, unattached, url
from tests.unchanged import nothing_changes
from transactions.models import PaymentMethod, Transaction
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

# ── Add Transaction ──


def test_it_pays_the_invoices_named_and_says_what_became_of_the_money(billing):
    acme = make_client("Acme Ltd", number=4011)
    for amount in (30, 50):
        make_invoice(acme, usd(amount))
    page = get_page(billing, url("add_for_client", 4011))
    assert page.one("main .popup-body p").text == "Unpaid: INV-000001 (30.00 USD), INV-000002 (50.00 USD)."
    answer = send(billing, url("add_for_client", 4011), amount="100", invoices="inv-2; 1", fees="2.5", reference="T1")
    assert toast(answer) == {
        "text": "Payment of 100.00 USD recorded: 50.00 USD for INV-000002, 30.00 USD for INV-000001, "
        "20.00 USD became credit.",
        "level": "good",
    }
    assert {"paymentsChanged", "invoicesChanged", "creditsChanged"} < set(json.loads(answer.headers["HX-Trigger"]))
    assert (Transaction.objects.get(part=1).fees, Transaction.objects.get(part=1).created_by_name) == (
        usd("2.50"),
        "robin",
    )
    assert_invariants()


def test_as_credit_in_another_currency(billing):
    make_client("Acme Ltd", number=4011)
    answer = send(billing, url("add_for_client", 4011), amount="40", currency="EUR", as_credit="on")
    assert toast(answer)["text"] == "Payment of 40.00 EUR recorded: 40.00 EUR became credit."
    assert CreditAccount.objects.get().balance == Money(40, "EUR")


def test_on_the_list_the_client_is_named_or_left_for_later(billing):
    make_client("Acme Ltd", currency="GBP")
    answer = send(billing, url("add"), client="acme", amount="40", as_credit="on")
    assert toast(answer)["text"] == "Payment of 40.00 GBP recorded: 40.00 GBP became credit."
    with nothing_changes():
        answer = send(billing, url("add"), amount="7")
    assert error(answer, "currency") == "Choose the currency: there is no client to take it from."
    answer = send(billing, url("add"), amount="7", currency="USD")
    assert toast(answer)["text"] == "Payment of 7.00 USD recorded. It is not attached to a client yet."
    assert_invariants()


def test_what_invoices_are_left_without_is_said(billing):
    acme = make_client("Acme Ltd", number=4011)
    for amount in (30, 50):
        make_invoice(acme, usd(amount))
    answer = send(billing, url("add_for_client", 4011), amount="30", invoices="1 2")
    assert toast(answer)["text"] == (
        "Payment of 30.00 USD recorded: 30.00 USD for INV-000001. Nothing was left for INV-000002."
    )


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({}, "invoices", "Name the invoices that it pays, or tick Add as credit."),
        ({"invoices": "INV-9"}, "invoices", "Acme Ltd has no invoice “INV-9”."),
        ({"invoices": "2"}, "invoices", "Acme Ltd has no invoice “2”."),
        ({"invoices": "x"}, "invoices", "Acme Ltd has no invoice “x”."),
        ({"invoices": "1, 1"}, "invoices", "INV-000001 is named twice. Nothing was booked."),
        (
            {"invoices": "1", "as_credit": "on"},
            "as_credit",
            "Name invoices, or add it as credit. What invoices leave of it becomes credit by itself.",
        ),
        ({"as_credit": "on", "amount": "0"}, "amount", "The amount must be at least 0.01."),
        ({"as_credit": "on", "amount": "-5"}, "amount", "The amount must be at least 0.01."),
        ({"as_credit": "on", "fees": "-1"}, "fees", "The amount must not be negative."),
        ({"as_credit": "on", "fees": "41"}, "fees", "Fees of 41.00 USD do not fit a payment of 40.00 USD."),
        (
            {"as_credit": "on", "date": "2999-01-01"},
            "date",
            "1 Jan 2999 is yet to come; give the day that the money came in.",
        ),
        (
            {"as_credit": "on", "reference": "ch_1"},
            "reference",
            "Bank transfer already has a payment “ch_1” of 5.00 USD for no invoice. Nothing was recorded.",
        ),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(billing, typed, field, said):
    acme, globex = make_client("Acme Ltd", number=4011), make_client("Globex")
    make_invoice(acme, usd(30))
    make_invoice(globex, usd(30))
    bank = PaymentMethod.objects.get(name="Bank transfer")
    receive_payment(client=globex, amount=usd(5), payment_method=bank, by=None, reference="ch_1")
    with nothing_changes():
        answer = send(billing, url("add_for_client", 4011), **{"amount": "40", **typed})
    assert error(answer, field) == said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"client": "nobody"}, "No client matches “nobody”."),
        ({"client": "acme"}, "Several clients match “acme”. Choose one."),
        ({"invoices": "1"}, "Say whose invoices or credit it is, or leave all of it for later."),
        ({"as_credit": "on"}, "Say whose invoices or credit it is, or leave all of it for later."),
    ],
)
def test_a_client_that_is_not_clear_is_refused(billing, typed, said):
    make_client("Acme Ltd")
    make_client("Acme Inc")
    with nothing_changes():
        answer = send(billing, url("add"), amount="40", **typed)
    assert error(answer, "client") == said


@pytest.mark.parametrize(("typed", "currency", "said"), REFUSED)
def test_what_is_no_amount_is_refused_beside_it(billing, typed, currency, said):
    make_client(number=4011, currency=currency)
    with nothing_changes():
        answer = send(billing, url("add_for_client", 4011), amount=typed, as_credit="on")
    assert said in error(answer, "amount")


@pytest.mark.parametrize(("typed", "currency", "said"), NOT_EMPTY)
def test_what_is_no_amount_is_refused_beside_the_fees(billing, typed, currency, said):
    make_client(number=4011, currency=currency)
    with nothing_changes():
        answer = send(billing, url("add_for_client", 4011), amount="100", fees=typed, as_credit="on")
    assert said in error(answer, "fees")


def test_without_a_script_the_clients_that_match_are_there_to_choose_from(billing):
    inc, ltd = make_client("Acme Inc", email="inc@example.com"), make_client("Acme Ltd", status="closed")
    page = parse(send(billing, url("add"), client="acme", amount="40", as_credit="on"))
    assert page.texts("fieldset.offered label") == [
        f"Acme Inc No. {inc.number}, inc@example.com",
        f"Acme Ltd No. {ltd.number}, {ltd.email} Closed",
    ]
    choice = page.all("[name=client_choice]")[1]["value"]
    changed = fill(billing, page, "form", {"client_choice": choice, "client": "acme inc"}, headers=IN_DIALOG)
    assert changed.status_code == 204  # the text was changed since, so that the choice is no longer meant
    assert Transaction.objects.get().client == inc
    again = parse(send(billing, url("add"), client="acme", amount="41", as_credit="on"))
    assert fill(billing, again, "form", {"client_choice": choice}, headers=IN_DIALOG).status_code == 204
    assert Transaction.objects.latest("pk").client == ltd


def test_what_was_chosen_names_one_client_though_others_are_called_so(billing):
    acme, _twin = make_client("Acme Ltd"), make_client("Acme Ltd")
    chosen = f"Acme Ltd – No. {acme.number}"
    assert send(billing, url("add"), client=chosen, amount="40", as_credit="on").status_code == 204
    assert Transaction.objects.get().client == acme
    with nothing_changes():
        answer = send(billing, url("add"), client=f"Globex – No. {acme.number}", amount="40", as_credit="on")
    assert error(answer, "client") == f"Client {acme.number} is called Acme Ltd now. Choose the client again."


def test_more_than_a_few_clients_are_not_all_offered(billing):
    for number in range(12):
        make_client(f"Acme {number:02}")
    answer = send(billing, url("add"), client="acme", amount="40", as_credit="on")
    assert len(parse(answer).all("[name=client_choice]")) == 10
    assert (
        error(answer, "client")
        == "Several clients match “acme”. Choose one. More than 10 match; type more of the name."
    )


def test_a_tax_id_names_its_client(billing):
    acme = make_client("Acme Ltd", tax_id="DE 123456789")
    make_client("Globex")
    assert send(billing, url("add"), client="de123456789", amount="40", as_credit="on").status_code == 204
    assert Transaction.objects.get().client == acme


def test_the_same_form_sent_twice_counts_once_and_is_not_told_as_a_success(billing):
    make_client("Acme Ltd", number=4011)
    popup = get_page(billing, url("add_for_client", 4011), headers=IN_DIALOG)
    typed = {"amount": "40", "as_credit": "on"}
    fill(billing, popup, FORM, typed, headers=IN_DIALOG)
    with nothing_changes():
        again = fill(billing, popup, FORM, typed, headers=IN_DIALOG)
    today = timezone.localdate()
    assert toast(again) == {
        "text": f"This payment was already recorded on {today:%-d %b %Y} by robin (40.00 USD became credit); "
        "nothing more was recorded.",
        "level": "attention",
    }
    assert_invariants()


def test_without_javascript_it_leads_to_the_list(billing):
    make_client("Acme Ltd", number=4011)
    answer = fill(
        billing, get_page(billing, url("add_for_client", 4011)), FORM, {"amount": "4", "as_credit": "on"}, follow=True
    )
    assert answer.redirect_chain == [(url("of_client", 4011), 302)]
    assert parse(answer).one("#toasts p").text == "Payment of 4.00 USD recorded: 4.00 USD became credit."


# ── Attach ──


def test_unattached_money_finds_its_client(billing):
    acme, money = make_client("Acme Ltd"), unattached()
    make_invoice(acme, usd(30))
    answer = send(billing, url("attach", money.pk), client="acme", invoices="1")
    assert toast(answer)["text"] == (
        "40.00 USD attached to Acme Ltd: 30.00 USD for INV-000001, 10.00 USD became credit."
    )
    popup = get_page(billing, url("attach", money.pk))
    assert "already. What is attached stays attached." in popup.one(".popup .alert").text
    assert popup.all(FORM) == []
    assert_invariants()


def test_money_attached_meanwhile_is_not_attached_again(billing):
    money = unattached()
    make_client("Acme Ltd", number=4011)
    make_client("Globex", number=4012)
    popup = get_page(billing, url("attach", money.pk), headers=IN_DIALOG)
    fill(billing, popup, FORM, {"client": "4011", "as_credit": "on"}, headers=IN_DIALOG)
    with nothing_changes():
        answer = fill(billing, popup, FORM, {"client": "4012", "as_credit": "on"}, headers=IN_DIALOG)
    assert parse(answer).one("[role=alert]").text == (
        "Payment “T1” of 40.00 USD belongs to client 4011, Acme Ltd, already; nothing was changed."
    )


def test_attaching_needs_a_client_and_a_purpose(billing):
    make_client("Acme Ltd")
    money = unattached()
    with nothing_changes():
        assert error(send(billing, url("attach", money.pk)), "client") == "Say whose money it is."
        assert error(send(billing, url("attach", money.pk), client="acme"), "invoices") == (
            "Name the invoices that it pays, or tick Add as credit."
        )


# ── Payment methods ──


def test_methods_are_added_renamed_and_switched_off(owner):
    answer = fill(owner, get_page(owner, url("add_method")), FORM, {"name": "Cheque"}, follow=True)
    assert parse(answer).one("#toasts p").text == "Payment method Cheque added."
    cheque = PaymentMethod.objects.get(name="Cheque")
    answer = fill(owner, get_page(owner, url("rename_method", cheque.pk)), FORM, {"name": "Money order"}, follow=True)
    assert parse(answer).one("#toasts p").text == "Cheque is called Money order now."
    answer = owner.post(url("switch_method", cheque.pk), {"active": "0"}, follow=True)
    assert parse(answer).one("#toasts p").text == "Money order is no longer offered; its transactions stay."
    with nothing_changes():
        answer = owner.post(url("switch_method", cheque.pk), {"active": "0"}, follow=True)
    assert parse(answer).one("#toasts .toast")["data-toast"] == "attention"
    assert parse(answer).one("#toasts p").text == "Money order is switched off already; nothing was changed."
    with nothing_changes():
        answer = send(owner, url("rename_method", cheque.pk), name="card")
    assert error(answer, "name") == "There is a payment method Card already."


# ── Rights ──


@pytest.mark.parametrize("name", ["add", "attach", "refund", "reverse", "add_method"])
def test_each_needs_its_right(client, name):
    money = unattached()
    address = url(name) if name in ("add", "add_method") else url(name, money.pk)
    may = {"add": True, "attach": True, "refund": True, "reverse": True, "add_method": False}[name]
    for group, allowed in ((VIEWER, False), (BILLING, may), (OWNER, True)):
        client.force_login(make_staff(group))
        get_page(client, address, status=200 if allowed else 403)
        if not allowed:
            with nothing_changes():
                assert client.post(address, {}).status_code == 403


def test_income_and_statuses_on_the_summary_lead_to_their_lists(billing):
    acme = make_client(number=4011)
    paid(of=acme)
    assert Invoice.objects.get().status == "paid"
    billing_panel = get_page(billing, reverse("clients:summary", args=[4011])).one("#billing")
    assert [link["href"] for link in billing_panel.all("tfoot a")] == [url("of_client", 4011) + "?currency=USD"] * 3
    assert {link["href"] for link in billing_panel.all("tbody td.num a")} == {
        reverse("invoices:of_client", args=[4011]) + "?status=paid&currency=USD"
    }
