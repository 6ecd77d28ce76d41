"""Two who decide at once: one of them does it."""

from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User

from billing_admin.errors import BusinessError
from billing_admin.staff.groups import BILLING, MANAGER, OWNER, SUPPORT
from clients.approvals import approve_request
from clients.models import ApprovalRequest, NeedsApproval
from clients.services.approvals import requests
from clients.services.approvals.requests import refuse_request, request_approval, withdraw_request
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from credits.models import CreditEntry
from credits.services.bulk.preview import preview_credit_file
from credits.services.grant import add_credit
from credits.services.limits import look_at_bulk_limits
from invoices.models import Invoice, WriteOff
from invoices.services.cancel import cancel_invoice
from invoices.services.write_off import write_off_invoice
from tests.concurrency.racing import kinds, race
from tests.factories import make_client, make_invoice, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.limits import limit, limited_person
from transactions.services.receive import receive_payment

CLOSED = ["UPDATE clients_approvalrequest"]


def waiting() -> tuple[ApprovalRequest, User]:
    """A request of somebody of Support for 250.00 USD of credit."""
    sam, acme = limited_person({"given entry USD": 100}, SUPPORT), make_client()
    given: dict[str, Any] = {"client": acme, "amount": usd(250), "description": "Goodwill"}
    with pytest.raises(NeedsApproval) as above:
        add_credit(**given, by=sam)
    asked = request_approval(
        action="credit.add", given=given, above=above.value, reason="A good client", by=sam, client=acme
    )
    return asked, sam


def two_approve() -> list[Any]:
    asked, _ = waiting()
    approve = partial(approve_request, request_id=asked.pk)
    return race(partial(approve, by=make_staff(MANAGER)), partial(approve, by=make_staff(MANAGER)), meet_before=CLOSED)


def test_two_approvers_at_once_book_once():
    outcomes = two_approve()
    assert len([each for each in outcomes if isinstance(each, Exception)]) == 1
    assert CreditEntry.objects.count() == 1
    assert_invariants()


def test_control_without_the_lock_the_second_gets_as_far_as_the_row(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(requests, "lock_key", lambda key: None)
    outcomes = two_approve()
    (refusal,) = (each for each in outcomes if isinstance(each, Exception))
    assert str(refusal) == requests.GONE  # the row itself lets only one close it
    assert CreditEntry.objects.count() == 1


def test_withdrawn_while_it_is_approved_one_of_both_happens():
    asked, sam = waiting()
    outcomes = race(
        partial(approve_request, request_id=asked.pk, by=make_staff(MANAGER)),
        partial(withdraw_request, request_id=asked.pk, by=sam),
        meet_before=CLOSED,
    )
    assert len([each for each in outcomes if isinstance(each, Exception)]) == 1
    asked.refresh_from_db()
    assert CreditEntry.objects.count() == (asked.state == "approved")
    assert_invariants()


def test_deciding_and_merging_at_once_wait_for_nobody_for_good():
    asked, _ = waiting()
    assert asked.client is not None
    outcomes = race(
        partial(refuse_request, request_id=asked.pk, by=make_staff(MANAGER), reason="No"),
        partial(merge_clients, kept=make_client("Globex"), discarded=asked.client, by=None),
    )
    assert not isinstance(outcomes[1], Exception)
    assert set(kinds(outcomes)) <= {"done", "ClientGone"}


def writing_off() -> tuple[ApprovalRequest, Invoice]:
    """A request of somebody of Manager to write off 40.00 USD."""
    sam, invoice = limited_person({"written_off entry USD": 10}), make_invoice(make_client(), usd(40))
    given: dict[str, Any] = {"invoice": invoice, "amount": usd(40), "reason": "Insolvent"}
    with pytest.raises(NeedsApproval) as above:
        write_off_invoice(**given, by=sam)
    asked = request_approval(
        action="invoice.write_off", given=given, above=above.value, reason="Why", by=sam, client=invoice.client
    )
    return asked, invoice


def one_of(outcomes: list[Any]) -> None:
    """One of them happened, and what it left is right."""
    assert len([each for each in outcomes if isinstance(each, BusinessError)]) == 1, outcomes
    assert not [each for each in outcomes if isinstance(each, Exception) and not isinstance(each, BusinessError)]
    assert_invariants()


def test_approved_while_cancelled_or_asked_for_again_one_happens():
    asked, invoice = writing_off()
    outcomes = race(
        partial(approve_request, request_id=asked.pk, by=make_staff(OWNER)),
        partial(cancel_invoice, invoice=invoice, by=None),
        partial(write_off_invoice, invoice=invoice, by=None, reason="Insolvent"),
    )
    assert len([each for each in outcomes if isinstance(each, BusinessError)]) == 2, outcomes
    asked.refresh_from_db()
    assert (asked.state == "approved") == (not isinstance(outcomes[0], Exception))
    assert_invariants()


def test_approved_while_it_is_paid_the_payment_takes_it_back():
    asked, invoice = writing_off()
    method = make_payment_method()
    pay = partial(receive_payment, invoices=[invoice], amount=usd(40), payment_method=method, by=None)
    approved, paid = race(partial(approve_request, request_id=asked.pk, by=make_staff(OWNER)), pay)
    assert not isinstance(paid, Exception)
    asked.refresh_from_db()
    assert (asked.state == "approved") == (not isinstance(approved, Exception))
    assert Invoice.objects.get().status == Invoice.Status.PAID
    assert_invariants()


@pytest.mark.parametrize("way", ["undone", "deleted", "merged"])
def test_approved_while_its_client_is_undone_merged_or_deleted(way):
    asked, invoice = writing_off()
    globex, acme = make_client("Globex"), invoice.client
    act: Any = partial(merge_clients, kept=globex, discarded=acme, by=None)
    if way == "undone":
        act = partial(undo_merge, merge=act(), by=None)
    if way == "deleted":
        act = partial(delete_client, client=acme, by=None)
    approved, done = race(partial(approve_request, request_id=asked.pk, by=make_staff(OWNER)), act)
    assert not isinstance(done, Exception), done
    if isinstance(approved, Exception):
        assert isinstance(approved, BusinessError)
    assert WriteOff.objects.count() == (way != "deleted" and not isinstance(approved, Exception))
    for each in ApprovalRequest.objects.all():
        assert each.client_id == Invoice.objects.get().client_id


def test_a_file_that_is_approved_and_refused_at_once_is_one_of_both():
    sam = limited_person({"bulk entry USD": 10}, BILLING)
    content = f"Client ID,Amount,Currency,Description\n{make_client().number},60,USD,Downtime\n".encode()
    batch = preview_credit_file(path="credit.csv", content=content, by=sam)
    with pytest.raises(NeedsApproval) as above:
        look_at_bulk_limits(batch, by=sam)
    asked = request_approval(
        action="credit.bulk", given={"batch_id": batch.pk, "totals": {"USD": "60"}}, above=above.value, reason="Why",
        by=sam, client=None, uploader=sam,
    )  # fmt: skip
    one_of(race(
        partial(approve_request, request_id=asked.pk, by=make_staff(MANAGER)),
        partial(refuse_request, request_id=asked.pk, by=make_staff(MANAGER), reason="No"),
    ))  # fmt: skip
    asked.refresh_from_db()
    assert CreditEntry.objects.count() == (asked.state == "approved")


def test_one_approver_does_not_pass_a_days_limit_by_two_requests_at_once():
    limit(MANAGER, {"given person_day USD": 300})
    first, second = waiting()[0], waiting()[0]
    robin = make_staff(MANAGER)
    one_of(race(
        partial(approve_request, request_id=first.pk, by=robin),
        partial(approve_request, request_id=second.pk, by=robin), meet_before=["INSERT INTO clients_limituse"],
    ))  # fmt: skip
    assert CreditEntry.objects.count() == 1
