"""Two who decide at once: one of them does it."""

from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User

from billing_admin.staff.groups import MANAGER, SUPPORT
from clients.approvals import approve_request
from clients.models import ApprovalRequest, NeedsApproval
from clients.services.approvals import requests
from clients.services.approvals.requests import refuse_request, request_approval, withdraw_request
from clients.services.merge.merge_clients import merge_clients
from credits.models import CreditEntry
from credits.services.grant import add_credit
from tests.concurrency.racing import kinds, race
from tests.factories import make_client, make_staff, usd
from tests.invariants import assert_invariants
from tests.limits import limited_person

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
