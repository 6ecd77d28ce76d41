"""Requests for approval: asked for on a form, decided on by another, with everything looked at once more."""

import re
from functools import partial

import pytest
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from billing_admin.errors import BusinessError
from billing_admin.staff.groups import BILLING, MANAGER, OWNER, SUPPORT
from clients.approvals import approve_request
from clients.models import Activity, ApprovalRequest, Client, LimitSettings, LimitUse
from clients.services.approvals.requests import refuse_request, withdraw_request
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from credits.models import CreditEntry, CreditGrant
from credits.selectors.balances import balances_of
from credits.services.transfer import transfer_credit
from invoices.services.credit_notes import issue_credit_note
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.limits import limit, switch_on
from tests.pages import Element, parse, values_of
from tests.unchanged import nothing_changes
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

State = ApprovalRequest.State


@pytest.fixture
def sam():
    """Of Support: gives 100.00 USD at once."""
    limit(SUPPORT, {"given entry USD": 100})
    switch_on()
    return make_staff(SUPPORT, username="sam")


@pytest.fixture
def robin():
    """A manager, without limits."""
    return make_staff(MANAGER, username="robin")


def browser_of(person: User) -> Browser:
    browser = Browser()
    browser.force_login(person)
    return browser


def fill(form: Element, **typed) -> dict[str, str]:
    """What a browser sends of a form; a tick that is there, with what it carries."""
    ticked = {name: form.one(f"[name={name}]")["value"] for name, value in typed.items() if value is True}
    return {**values_of(form), **typed, **ticked}


def send(person: User, url: str, selector: str, **typed):
    """Open a popup's page, fill its form and send it; asked for approval where it is offered."""
    browser = browser_of(person)
    page = parse(browser.get(url))
    answer = browser.post(url, fill(page.one(selector), **typed))
    if answer.status_code != 422:
        return answer
    offered = parse(answer).one(selector)
    assert offered.one("[name=ask_approval]")
    return browser.post(url, fill(offered, ask_approval=True, ask_reason="A good client"))


def ask_for_credit(person: User, amount: str = "250", to: Client | None = None) -> ApprovalRequest:
    acme = to or make_client()
    url = reverse("credits:manage", args=[acme.number])
    answer = send(person, url, "#add-credit", amount=amount, currency="USD", description="Goodwill")
    asked = ApprovalRequest.objects.latest("pk")
    assert answer.headers["Location"] == reverse("approval", args=[asked.pk])
    return asked


def refused(act) -> str:
    with nothing_changes(), pytest.raises(BusinessError) as error:
        act()
    return str(error.value)


def test_what_is_above_the_limit_waits_and_books_nothing(sam):
    asked = ask_for_credit(sam)
    assert (asked.client, asked.kind, asked.amount, asked.requester, asked.state, asked.reason) == (
        Client.objects.get(), "given", usd(250), sam, State.WAITING, "A good client",
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
    assert (asked.state, asked.decided_by, asked.decision, asked.payload) == (State.APPROVED, robin, "Fine", {})
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


def test_a_withdrawn_request_cannot_be_approved(sam, robin):
    asked = ask_for_credit(sam)
    assert "only they can withdraw it" in refused(partial(withdraw_request, request_id=asked.pk, by=robin))
    browser_of(sam).post(reverse("withdraw_approval", args=[asked.pk]))
    assert "This was withdrawn on" in refused(partial(approve_request, request_id=asked.pk, by=robin))
    assert not CreditEntry.objects.exists()


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


def test_a_request_follows_a_merge_and_its_undo(sam, robin):
    acme, globex = make_client(), make_client("Globex")
    asked = ask_for_credit(sam, to=acme)
    merge = merge_clients(kept=globex, discarded=acme, by=None)
    asked.refresh_from_db()
    assert asked.client == globex
    undo_merge(merge=merge, by=None)
    asked.refresh_from_db()
    assert asked.client.number == acme.number
    merge_clients(kept=globex, discarded=Client.objects.get(number=acme.number), by=None)
    approve_request(request_id=asked.pk, by=robin)
    assert balances_of(globex) == [usd(250)]


def test_a_request_goes_with_a_deletion(sam, robin):
    asked = ask_for_credit(sam)
    delete_client(client=asked.client, by=None)
    assert "There is no such request" in refused(partial(approve_request, request_id=asked.pk, by=robin))


def test_a_transfer_to_a_deleted_client_is_refused(robin):
    limit(BILLING, {"transferred entry USD": 10})
    switch_on()
    by, acme, globex = make_staff(BILLING), make_client(), make_client("Globex")
    give_credit(acme, usd(50))
    url = reverse("credits:transfer", args=[acme.number])
    send(by, url, "form[action*=transfer]", to=str(globex.number), amount="40", currency="USD")
    delete_client(client=globex, by=None)
    asked = ApprovalRequest.objects.get()
    assert "no longer there" in refused(partial(approve_request, request_id=asked.pk, by=robin))


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
