"""Deciding on a request: by another, with everything looked at once more."""

import re
from functools import partial

import pytest
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from billing_admin.staff.groups import BILLING, MANAGER, OWNER, SUPPORT
from clients.approvals import approve_request
from clients.models import Activity, ApprovalRequest, LimitUse
from clients.services.approvals.requests import refuse_request
from credits.models import CreditEntry, CreditGrant
from credits.selectors.balances import balances_of
from credits.services.transfer import transfer_credit
from invoices.services.credit_notes import issue_credit_note
from tests.asking import ask_for_credit, browser_of, refused, send
from tests.factories import give_credit, make_client, make_invoice, make_staff, usd
from tests.invariants import assert_invariants
from tests.limits import limit, switch_on
from tests.pages import parse

pytestmark = pytest.mark.django_db


def test_approving_books_it_with_both_names(sam, robin):
    asked = ask_for_credit(sam)
    approve_request(request_id=asked.pk, by=robin, reason="Fine")
    (entry,) = CreditEntry.objects.all()
    assert (entry.actor, entry.actor_name) == (sam, "sam, approved by robin")
    assert CreditGrant.objects.get().created_by_name == "sam, approved by robin"
    added = Activity.objects.get(verb="credit.added")
    assert (added.actor, added.actor_name) == (sam, "sam, approved by robin")
    assert (added.data["request"], added.data["approved_by"]) == (asked.pk, robin.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by, asked.decision, asked.payload) == ("approved", robin, "Fine", {})
    assert [use.person for use in LimitUse.objects.all()] == [robin]
    assert_invariants()


def test_a_second_approval_says_who_was_first(sam, robin):
    asked = ask_for_credit(sam)
    approve_request(request_id=asked.pk, by=robin)
    said = refused(partial(approve_request, request_id=asked.pk, by=make_staff(OWNER)))
    assert re.fullmatch(r"This was approved on .* by robin; nothing more was done\.", said)
    assert CreditEntry.objects.count() == 1


def test_nobody_approves_or_refuses_their_own(sam):
    asked = ask_for_credit(sam)
    sam.groups.add(Group.objects.get(name=OWNER))  # may approve by now
    own = "You asked for this yourself; somebody else has to decide on it."
    again = User.objects.get(pk=sam.pk)
    assert refused(partial(approve_request, request_id=asked.pk, by=again)) == own
    assert refused(partial(refuse_request, request_id=asked.pk, by=again, reason="No")) == own
    assert own in parse(browser_of(again).get(reverse("approval", args=[asked.pk]))).text


def test_the_database_lets_nobody_approve_their_own(sam):
    asked = ask_for_credit(sam)
    with pytest.raises(IntegrityError, match="approval_by_another"), transaction.atomic():
        ApprovalRequest.objects.filter(pk=asked.pk).update(state="approved", decided_by=sam, decided_at=asked.asked_at)


def test_what_was_decided_or_asked_for_never_changes(sam, robin):
    asked = ask_for_credit(sam)
    refuse_request(request_id=asked.pk, by=robin, reason="No")
    for change in ("state = 'waiting', decided_at = NULL", "amount = 1", "action = 'credit.adjust'"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE clients_approvalrequest SET {change}")
    with pytest.raises(IntegrityError), transaction.atomic():
        ApprovalRequest.objects.all()._raw_delete("default")


def test_who_approves_needs_the_right_itself(sam, robin):
    asked = ask_for_credit(sam)
    approver = make_staff(BILLING)
    assert "“Approve what is above somebody’s limit”" in refused(
        partial(approve_request, request_id=asked.pk, by=approver)
    )
    Group.objects.get(name=MANAGER).permissions.remove(
        *Group.objects.get(name=SUPPORT).permissions.filter(codename="add_credit")
    )
    assert "“Give credit”" in refused(partial(approve_request, request_id=asked.pk, by=robin))


def test_who_approves_needs_a_limit_that_covers_it(sam, robin):
    asked = ask_for_credit(sam)
    limit(MANAGER, {"given entry USD": 200})
    assert refused(partial(approve_request, request_id=asked.pk, by=robin)) == (
        "Nothing was done. 250.00 USD is more than the 200.00 USD that robin may give as credit at once. Somebody with "
        "a higher limit can approve it."
    )
    limit(MANAGER, {"given entry USD": 250})
    approve_request(request_id=asked.pk, by=robin)


def test_what_is_approved_counts_towards_the_day_of_who_approves(sam, robin):
    limit(MANAGER, {"given person_day USD": 400})
    first, second = ask_for_credit(sam), ask_for_credit(sam, to=make_client("Globex"))
    approve_request(request_id=first.pk, by=robin)
    assert "250.00 USD was used today, 150.00 USD is left" in refused(
        partial(approve_request, request_id=second.pk, by=robin)
    )


def test_the_requesters_rights_are_looked_at_once_more(sam, robin):
    asked = ask_for_credit(sam)
    Group.objects.get(name=SUPPORT).permissions.clear()
    assert "sam, who asked for this, no longer has the right “Give credit”." in refused(
        partial(approve_request, request_id=asked.pk, by=robin)
    )
    User.objects.filter(pk=sam.pk).update(is_active=False)
    assert "does not work here any more" in refused(partial(approve_request, request_id=asked.pk, by=robin))


def test_a_refusal_needs_a_reason_and_is_told(sam, robin):
    asked = ask_for_credit(sam)
    url = reverse("decide_approval", args=[asked.pk])
    browser = browser_of(robin)
    answer = parse(browser.post(url, {"decision": "refuse", "reason": ""}, follow=True))
    assert "Say why it is refused" in answer.text
    browser.post(url, {"decision": "refuse", "reason": "Too much"})
    page = parse(browser_of(sam).get(reverse("approval", args=[asked.pk])))
    assert "Too much" in page.one("#decided").text


def test_the_balance_is_looked_at_once_more(robin):
    limit(BILLING, {"transferred entry USD": 10})
    switch_on()
    by, acme, globex = make_staff(BILLING), make_client(), make_client("Globex")
    give_credit(acme, usd(50))
    url = reverse("credits:transfer", args=[acme.number])
    send(by, url, "form[action*=transfer]", to=str(globex.number), amount="40", currency="USD")
    asked = ApprovalRequest.objects.get()
    transfer_credit(source=acme, target=globex, amount=usd(30), by=None)
    assert "Only 20.00 USD of credit is available; 40.00 USD was asked for." in refused(
        partial(approve_request, request_id=asked.pk, by=robin)
    )
    give_credit(acme, usd(20))
    approve_request(request_id=asked.pk, by=robin)
    assert balances_of(globex) == [usd(70)]


def test_a_balance_that_moved_is_not_set(robin):
    limit(OWNER, {"adjusted entry USD": 10})
    switch_on()
    by, acme = make_staff(OWNER), make_client()
    give_credit(acme, usd(50))
    url = reverse("clients:profile", args=[acme.number])
    send(by, url, "#profile", **{"USD-balance": "90", "city": "Vienna"})
    asked = ApprovalRequest.objects.get()
    acme.refresh_from_db()
    assert acme.city == "Vienna"  # what else was on the form is saved
    give_credit(acme, usd(1))
    assert "The balance has moved" in refused(partial(approve_request, request_id=asked.pk, by=robin))


def test_the_invoice_is_looked_at_once_more(robin):
    limit(OWNER, {"written_off entry USD": 10})
    switch_on()
    by, invoice = make_staff(OWNER), make_invoice(make_client(), usd(40))
    send(by, reverse("invoices:write_off", args=[invoice.pk]), "form[action*=write]", amount="40", reason="Insolvent")
    asked = ApprovalRequest.objects.get()
    issue_credit_note(invoice=invoice, reason="Wrong", by=None)
    assert "nothing is due that could be written off" in refused(
        partial(approve_request, request_id=asked.pk, by=robin)
    )
