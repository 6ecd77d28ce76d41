"""Two entries of one person at once do not pass a day's limit together; and nobody waits for good."""

from functools import partial
from typing import Any

import pytest

from clients.models import Client, LimitUse
from clients.models.limits import limit as limits
from clients.services.merge.merge_clients import merge_clients
from credits.services.grant import add_credit
from credits.services.transfer import transfer_credit
from tests.concurrency.racing import kinds, race
from tests.factories import give_credit, make_client, usd
from tests.invariants import assert_invariants
from tests.limits import limited_person

COUNTED = ["INSERT INTO clients_limituse"]


def two_entries_for_two_clients() -> list[Any]:
    """60 and 60 of a day's limit of 100, for clients whose locks do not meet."""
    by = limited_person({"given person_day USD": 100})
    give = partial(add_credit, amount=usd(60), description="Downtime", by=by)
    acme, globex = make_client(), make_client("Globex")
    return race(partial(give, client=acme), partial(give, client=globex), meet_before=COUNTED)


def test_two_entries_at_once_do_not_pass_a_days_limit_together():
    outcomes = two_entries_for_two_clients()
    assert kinds(outcomes) == {"done": 1, "NeedsApproval": 1}
    (refusal,) = (each for each in outcomes if isinstance(each, Exception))
    assert "60.00 USD was used today, 40.00 USD is left." in str(refusal)
    assert [use.amount for use in LimitUse.objects.all()] == [usd(60)]
    assert_invariants()


def test_control_without_the_lock_on_the_person_they_do(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "lock_key", lambda key: None)
    assert kinds(two_entries_for_two_clients()) == {"done": 2}


def test_transfers_both_ways_and_a_merge_wait_for_nobody_for_good():
    by = limited_person({"transferred person_day USD": 1000})
    acme, globex = make_client(), make_client("Globex")
    give_credit(acme, usd(50))
    give_credit(globex, usd(50))
    transfer = partial(transfer_credit, amount=usd(10), by=by)
    outcomes = race(
        partial(transfer, source=acme, target=globex),
        partial(transfer, source=globex, target=acme),
        partial(merge_clients, kept=acme, discarded=globex, by=by),
    )
    assert not isinstance(outcomes[2], Exception)
    assert set(kinds(outcomes)) <= {"done", "ClientGone"}
    assert Client.objects.count() == 1
    assert_invariants()
