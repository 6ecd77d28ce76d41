"""Ways around a limit that are none: another kind, another currency, another form, another right."""

from decimal import Decimal

import pytest
from django.urls import reverse
from djmoney.money import Money

from billing_admin.errors import BusinessError
from billing_admin.staff.groups import BILLING, MANAGER, SUPPORT
from clients.approvals import approve_request
from clients.models import ApprovalRequest, LimitUse, NeedsApproval
from clients.services.approvals.requests import refuse_request
from clients.services.delete.prepare_deletion import cancel_unpaid_invoices
from credits.models import CreditEntry
from credits.selectors.balances import balances_of
from credits.services.bulk.preview import preview_credit_file
from credits.services.grant import add_credit
from credits.services.limits import look_at_bulk_limits, set_credit_limits
from invoices.services.cancel import cancel_invoice
from tests.asking import ask_for_credit, browser_of, fill, send
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.limits import limit, limited_person, switch_on
from tests.pages import parse
from tests.unchanged import nothing_changes
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment

pytestmark = pytest.mark.django_db


def test_what_is_given_back_of_credit_that_a_payment_became_is_a_refund():
    by, acme = limited_person({"refunded person_day USD": 30}), make_client()
    method = make_payment_method()
    receipt = receive_payment(client=acme, amount=usd(100), payment_method=method, by=by)  # as if it had come
    refund_payment(payment=receipt.transaction, amount=usd(30), to="method", by=by)
    with nothing_changes(), pytest.raises(NeedsApproval, match="give back of payments"):
        refund_payment(payment=receipt.transaction, amount=usd("0.01"), to="method", by=by)


def test_a_currency_without_cents_is_asked_for_and_booked_to_the_yen(robin):
    by = limited_person({"given entry JPY": 1000}, SUPPORT)
    acme = make_client(currency="JPY")
    add_credit(client=acme, amount=Money(1000, "JPY"), description="Downtime", by=by)
    url = reverse("credits:manage", args=[acme.number])
    send(by, url, "#add-credit", amount="1001", currency="JPY", description="Goodwill")
    asked = ApprovalRequest.objects.get()
    assert asked.why.startswith("1,001 JPY is more than the 1,000 JPY that")
    approve_request(request_id=asked.pk, by=robin)
    assert balances_of(acme) == [Money(2001, "JPY")]


def test_a_form_that_asked_does_not_give_something_else_afterwards(sam):
    browser, acme = browser_of(sam), make_client()
    url = reverse("credits:manage", args=[acme.number])
    form = parse(browser.get(url)).one("#add-credit")
    offered = parse(browser.post(url, fill(form, amount="250", currency="USD", description="Goodwill")))
    browser.post(url, fill(offered.one("#add-credit"), ask_approval=True, ask_reason="Why"))
    answer = browser.post(url, fill(form, amount="90", currency="USD", description="Goodwill"))
    assert answer.status_code == 422
    assert not CreditEntry.objects.exists()


def test_what_paid_credit_needs_is_looked_at_of_both(sam):
    asked = ask_for_credit(sam)
    ApprovalRequest.objects.filter(pk=asked.pk).update(payload={**asked.payload, "category": "paid"})
    with nothing_changes(), pytest.raises(Exception, match="paid credit without a payment"):
        approve_request(request_id=asked.pk, by=make_staff(MANAGER))


def test_of_two_balances_above_a_limit_neither_is_set():
    by = limited_person({"adjusted entry USD": 10, "adjusted entry EUR": 10}, MANAGER)
    acme = make_client()
    for code in ("USD", "EUR"):
        add_credit(client=acme, amount=Money(50, code), description="Before", by=None)
    url = reverse("clients:profile", args=[acme.number])
    typed = {"USD-balance": "90", "EUR-balance": "80"}
    send(by, url, "#profile", **typed)
    assert [each.amount for each in ApprovalRequest.objects.all()] in ([usd(40)], [Money(30, "EUR")])
    assert balances_of(acme) == [usd(50), Money(50, "EUR")]


def test_invoices_are_not_cancelled_by_preparing_a_deletion():
    by, acme = limited_person({"written_off client_day USD": 50}), make_client()
    for _ in range(2):
        make_invoice(acme, usd(40))
    done = cancel_unpaid_invoices(client=acme, by=by)
    assert len(done.labels) == 1
    assert "40.00 USD was used today, 10.00 USD is left" in done.refused[0]
    assert done.refused[0].startswith("INV-")
    assert_invariants()


def test_who_may_cancel_and_not_write_off_cancels_within_the_limit():
    by, acme = limited_person({"written_off entry USD": 40}, BILLING), make_client()
    cancel_invoice(invoice=make_invoice(acme, usd(40)), by=by)
    larger = make_invoice(acme, usd(41))
    with nothing_changes(), pytest.raises(NeedsApproval):
        cancel_invoice(invoice=larger, by=by)


def test_what_nobody_gives_alone_is_given_with_an_approval(sam, robin):
    set_credit_limits(largest_grants={"USD": Decimal(200)}, by=None)
    asked = ask_for_credit(sam)
    approve_request(request_id=asked.pk, by=robin)
    assert balances_of(asked.client) == [usd(250)]


def test_a_file_with_a_row_above_the_limit_of_all_waits_uncounted(robin):
    switch_on()
    by, acme = make_staff(MANAGER), make_client()
    row = f"Client ID,Amount,Currency,Description\n{acme.number},60,USD,Downtime\n"
    batch = preview_credit_file(path="credit.csv", content=row.encode(), by=by)
    look_at_bulk_limits(batch, by=by)
    assert not LimitUse.objects.exists()
    set_credit_limits(largest_grants={"USD": Decimal(50)}, by=None)
    send(by, reverse("credits:batch", args=[batch.pk]), "form.panel")
    approve_request(request_id=ApprovalRequest.objects.get().pk, by=robin)
    assert balances_of(acme) == [usd(60)]


def test_rights_of_who_approves_are_as_they_are_then(sam, robin):
    asked = ask_for_credit(sam)
    assert robin.has_perm("clients.approve_request")  # remembered from now on
    robin.groups.clear()
    with nothing_changes(), pytest.raises(BusinessError, match="Approve what is above"):
        approve_request(request_id=asked.pk, by=robin)


def test_a_form_that_asked_asks_no_second_time_once_it_was_refused(sam, robin):
    browser, acme = browser_of(sam), make_client()
    url = reverse("credits:manage", args=[acme.number])
    form = parse(browser.get(url)).one("#add-credit")
    offered = parse(browser.post(url, fill(form, amount="250", currency="USD", description="Goodwill")))
    sent = fill(offered.one("#add-credit"), ask_approval=True, ask_reason="Why")
    browser.post(url, sent)
    refuse_request(request_id=ApprovalRequest.objects.get().pk, by=robin, reason="No")
    browser.post(url, sent)
    assert ApprovalRequest.objects.count() == 1


@pytest.mark.parametrize("applied", [0, 25])
def test_cancelling_has_the_limit_of_write_offs_with_its_credit(applied):
    by, acme = limited_person({"written_off entry USD": 30}), make_client()
    if applied:
        give_credit(acme, usd(applied))
    invoice = make_invoice(acme, usd(40))
    said = "40.00 USD is more than the 30.00 USD that you may write off or cancel at once"
    with nothing_changes(), pytest.raises(NeedsApproval, match=said):
        cancel_invoice(invoice=invoice, by=by)
    limit(MANAGER, {"written_off entry USD": 40})
    cancel_invoice(invoice=invoice, by=by)
    assert LimitUse.objects.get().amount == usd(40)
    assert_invariants()
