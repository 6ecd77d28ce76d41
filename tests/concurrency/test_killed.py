"""Merge, undo and deletion killed with SIGKILL at random points: all or nothing, and the ledger is in order."""

import os
import random
import signal

import pytest

from clients.models import Client, ClientMerge, MailboxMail
from clients.services.merge.merge_clients import merge_clients
from credits.services.check import check_ledger
from tests.clients.holders import make_holder
from tests.concurrency.killed import NEVER, Ended, Victims
from tests.unchanged import all_rows, nothing_changes

# Ten for the note, and whenever something here changed; a few each time.
POINTS = int(os.environ.get("BILLING_KILL_POINTS", "3"))


def assert_ledger_in_order() -> None:
    assert [finding.text for finding in check_ledger().findings.all()] == []


def kill_at_random_points(twin: list[object], command: list[object]) -> None:
    """Killed between any two of its statements, the command has changed nothing; then it does all of it.

    `twin` is the same done to other clients just like those: it tells how many statements there are.
    """
    with Victims() as victims:
        counted = victims.run(NEVER, *twin)
        assert counted.exit_code == 0
        # The last point: everything is done but the commit.
        points = [*sorted(random.sample(range(counted.statements), POINTS - 1)), counted.statements]
        for point in points:
            with nothing_changes():
                assert victims.run(point, *command) == Ended(-signal.SIGKILL, point)
        before = all_rows()
        assert victims.run(NEVER, *command) == counted
        assert all_rows() != before
    assert_ledger_in_order()


@pytest.mark.slow
def test_a_merge_killed_anywhere_is_done_whole_or_not_at_all():
    acme, globex, other, another = (make_holder(name) for name in ("Acme", "Globex", "Initech", "Hooli"))
    kill_at_random_points(
        ["merge_clients", other.number, another.number, "--no-input"],
        ["merge_clients", acme.number, globex.number, "--no-input"],
    )
    assert Client.objects.numbered(globex.number).get() == acme


@pytest.mark.slow
def test_an_undo_killed_anywhere_is_done_whole_or_not_at_all():
    acme, globex, other, another = (make_holder(name) for name in ("Acme", "Globex", "Initech", "Hooli"))
    for kept, discarded in ((acme, globex), (other, another)):
        merge_clients(kept=kept, discarded=discarded, by=None)
    kill_at_random_points(["undo_merge", another.number], ["undo_merge", globex.number])
    assert ClientMerge.objects.get(discarded_number=globex.number).undone_at is not None
    assert Client.objects.filter(number=globex.number).exists()


@pytest.mark.slow
def test_a_deletion_killed_anywhere_is_done_whole_or_not_at_all():
    acme, other = make_holder("Acme"), make_holder("Initech")
    MailboxMail.objects.all().delete()  # the first deletion would take the other's, too
    kill_at_random_points(["delete_client", other.number, "--no-input"], ["delete_client", acme.number, "--no-input"])
    assert not Client.objects.filter(pk=acme.pk).exists()
