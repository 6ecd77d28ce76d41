"""Requests for approval: asked for on a form, listed, withdrawn."""

from functools import partial

import pytest
from django.urls import reverse

from billing_admin.staff.groups import BILLING, SUPPORT
from clients.approvals import approve_request
from clients.models import Activity, ApprovalRequest, Client, LimitSettings
from clients.services.approvals.requests import withdraw_request
from credits.models import CreditEntry
from tests.asking import ask_for_credit, browser_of, fill, refused, send
from tests.factories import make_client, make_invoice, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.limits import limit, switch_on
from tests.pages import parse
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db


def test_what_is_above_the_limit_waits_and_books_nothing(sam):
    asked = ask_for_credit(sam)
    assert (asked.client, asked.kind, asked.amount, asked.requester, asked.state, asked.reason) == (
        Client.objects.get(), "given", usd(250), sam, "waiting", "A good client",
    )  # fmt: skip
    assert asked.why == "250.00 USD is more than the 100.00 USD that sam may give as credit at once."
    assert not CreditEntry.objects.exists()
    said = Activity.objects.get(verb="approval.asked")
    assert (said.summary, said.note, said.actor) == ("Approval of 250.00 USD asked for", "A good client", sam)


def test_the_form_offers_it_with_the_figures_and_asks_why(sam):
    browser, acme = browser_of(sam), make_client()
    url = reverse("credits:manage", args=[acme.number])
    form = parse(browser.get(url)).one("#add-credit")
    answer = parse(browser.post(url, fill(form, amount="250", currency="USD", description="Goodwill")))
    assert "more than the 100.00 USD that you may give as credit at once" in answer.one("[role=alert]").text
    silent = browser.post(url, fill(answer.one("#add-credit"), ask_approval=True, ask_reason=""))
    assert "Say why it should be approved." in parse(silent).one("#add-credit").text
    assert silent.status_code == 422
    assert not ApprovalRequest.objects.exists()


def test_a_tick_does_not_count_for_another_figure(sam):
    browser, acme = browser_of(sam), make_client()
    url = reverse("credits:manage", args=[acme.number])
    form = parse(browser.get(url)).one("#add-credit")
    offered = parse(browser.post(url, fill(form, amount="250", currency="USD", description="Goodwill")))
    sent = fill(offered.one("#add-credit"), ask_approval=True, ask_reason="Why", amount="2500")
    assert browser.post(url, sent).status_code == 422
    assert not ApprovalRequest.objects.exists()


def test_a_form_sent_twice_makes_one_request_and_never_books(sam):
    browser, acme = browser_of(sam), make_client()
    url = reverse("credits:manage", args=[acme.number])
    form = parse(browser.get(url)).one("#add-credit")
    offered = parse(browser.post(url, fill(form, amount="250", currency="USD", description="Goodwill")))
    sent = fill(offered.one("#add-credit"), ask_approval=True, ask_reason="Why")
    for _ in range(2):
        browser.post(url, sent)
    LimitSettings.objects.update(is_on=False)
    again = parse(browser.post(url, sent))
    assert "Approval of 250.00 USD asked for. Nothing more was done." in again.one("[role=alert]").text
    assert ApprovalRequest.objects.count() == 1
    assert not CreditEntry.objects.exists()


def test_refunds_reversals_and_credit_notes_can_be_asked_for(robin):
    limit(BILLING, {"refunded entry USD": 10, "credited entry USD": 10})
    switch_on()
    by, acme = make_staff(BILLING), make_client()
    paid, other = (
        receive_payment(
            invoices=[make_invoice(acme, usd(50))], amount=usd(50), payment_method=make_payment_method(), by=None
        ).transaction
        for _ in range(2)
    )
    send(by, reverse("transactions:refund", args=[paid.pk]), "form[action*=refund]", amount="20")
    send(by, reverse("transactions:reverse", args=[other.pk]), "form[action*=reverse]")
    send(by, reverse("invoices:issue_credit_note", args=[paid.invoice_id]), "form[action*=credit-note]", reason="Wrong")
    refund, reversal, note = ApprovalRequest.objects.order_by("pk")
    assert [each.amount for each in (refund, reversal, note)] == [usd(20), usd(50), usd(50)]
    for each in (refund, reversal, note):
        approve_request(request_id=each.pk, by=robin)
    names = set(paid.invoice.credit_notes.values_list("created_by__username", flat=True))
    assert names == {by.username}
    assert_invariants()


def test_a_withdrawn_request_cannot_be_approved(sam, robin):
    asked = ask_for_credit(sam)
    assert "only they can withdraw it" in refused(partial(withdraw_request, request_id=asked.pk, by=robin))
    browser_of(sam).post(reverse("withdraw_approval", args=[asked.pk]))
    assert "This was withdrawn on" in refused(partial(approve_request, request_id=asked.pk, by=robin))
    assert not CreditEntry.objects.exists()


def test_the_list_shows_approvers_all_and_others_their_own(sam, robin):
    asked = ask_for_credit(sam)
    url, other = reverse("approvals"), make_staff(SUPPORT)
    rows = {person: parse(browser_of(person).get(url)).all("tbody tr") for person in (sam, robin, other)}
    assert [len(rows[person]) for person in (sam, robin, other)] == [1, 1, 0]
    assert browser_of(other).get(reverse("approval", args=[asked.pk])).status_code == 403
    assert browser_of(other).post(reverse("withdraw_approval", args=[asked.pk])).status_code == 403
    assert browser_of(sam).post(reverse("decide_approval", args=[asked.pk])).status_code == 403


def test_home_tells_who_may_decide_what_waits(sam, robin):
    ask_for_credit(sam)
    home = reverse("home")
    assert "1 request waits for approval" in parse(browser_of(robin).get(home)).text
    assert "waits for approval" not in parse(browser_of(make_staff(SUPPORT)).get(home)).text
