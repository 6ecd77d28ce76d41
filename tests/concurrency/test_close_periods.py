"""Closing a month while somebody is still writing into it misses no entry and counts none twice."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy

import pytest
from django.db import connection
from django.db import transaction as db_transaction
from django.db.backends.postgresql.base import DatabaseWrapper

from billing_admin.db.locks import second_connection
from credits.models import ClosedPeriod, ClosedPeriodSum, CreditEntry
from credits.selectors.liability import roll_forward
from credits.services import close_periods as service
from credits.services.check import check_ledger
from credits.services.close_periods import Closed, close_periods
from tests.concurrency.racing import race
from tests.factories import give_credit, make_client, usd

# One more of the entries, as an import of history or a transaction that began before midnight would write it.
_WRITE = """
    INSERT INTO credits_creditentry
        (grant_id, account_id, client_id, kind, currency, amount, description, actor_name, at)
    SELECT grant_id, account_id, client_id, 'remove', currency, -1, '', '', at FROM credits_creditentry WHERE id = %s
"""


@pytest.fixture
def entry(time_machine) -> CreditEntry:
    """10.00 given on 20 May 2099; it is July now."""
    acme = make_client()
    time_machine.move_to("2099-05-20 12:00", tick=False)
    give_credit(acme, usd(10))
    time_machine.move_to("2099-07-10 12:00", tick=False)
    return CreditEntry.objects.get()


@pytest.fixture
def other() -> Iterator[DatabaseWrapper]:
    """Somebody else's transaction."""
    with second_connection() as own:
        own.set_autocommit(False)
        yield own


def write(other: DatabaseWrapper, entry: CreditEntry) -> None:
    with other.cursor() as cursor:
        cursor.execute(_WRITE, [entry.pk])


def reported() -> dict[str, object]:
    """The movements of May."""
    (part,) = roll_forward(datetime.date(2099, 5, 1), datetime.date(2099, 5, 31))
    return {kind: sum(amounts.values()) for kind, amounts in part.movements.items() if any(amounts.values())}


def when_all_have_ended(monkeypatch: pytest.MonkeyPatch, then: Callable[[], object]) -> None:
    """Do something between the wait for others and the summing up."""
    wait = service._all_have_ended

    def wait_and_then(patience: float) -> bool:
        ended = wait(patience)
        then()
        return ended

    monkeypatch.setattr(service, "_all_have_ended", wait_and_then)


def test_who_was_writing_before_is_waited_for(entry, other):
    write(other, entry)
    assert close_periods(patience=0.1) == Closed(summed=0, waiting=2)
    other.commit()
    assert reported() == {"grant": 10, "remove": -1}  # by the ledger
    assert close_periods() == Closed(summed=2, waiting=0)
    assert reported() == {"grant": 10, "remove": -1}
    assert check_ledger().finding_count == 0


def test_control_who_was_writing_before_would_be_missed(entry, other, monkeypatch):
    monkeypatch.setattr(service, "_all_have_ended", lambda patience: True)
    write(other, entry)
    close_periods()
    other.commit()
    assert reported() == {"grant": 10}
    assert check_ledger().finding_count == 2


@pytest.mark.parametrize("commits", ["before the sums", "after the sums", "never"])
def test_who_writes_while_it_is_closed_adds_it_to_the_sums(entry, other, monkeypatch, commits):
    def then() -> None:
        write(other, entry)
        if commits == "before the sums":
            other.commit()

    when_all_have_ended(monkeypatch, then)
    assert close_periods() == Closed(summed=2, waiting=0)
    if commits == "never":
        other.rollback()
    else:
        other.commit()
    assert reported() == {"grant": 10} | ({} if commits == "never" else {"remove": -1})
    assert check_ledger().finding_count == 0
    close_periods()
    assert check_ledger().finding_count == 0
    assert ClosedPeriodSum.objects.count() == (2 if commits == "never" else 4)


def test_who_has_not_written_yet_is_not_waited_for(entry, other):
    with other.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM credits_creditentry")
    assert close_periods(patience=0) == Closed(summed=2, waiting=0)
    write(other, entry)
    other.commit()
    assert reported() == {"grant": 10, "remove": -1}
    assert check_ledger().finding_count == 0


def test_who_writes_to_another_database_is_not_waited_for(entry):
    settings = deepcopy(connection.settings_dict) | {"NAME": "postgres"}
    settings["OPTIONS"].pop("pool", None)
    elsewhere = DatabaseWrapper(settings)
    try:
        elsewhere.set_autocommit(False)
        with elsewhere.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")
        assert close_periods(patience=0) == Closed(summed=2, waiting=0)
    finally:
        elsewhere.close()


def test_closing_holds_up_nobody_who_writes(entry, other, monkeypatch):
    """Not even one who writes into a period that is being summed up at that moment."""
    sum_up = service._sum_up

    def sum_up_meanwhile(periods: Sequence[int]) -> int:
        with db_transaction.atomic():
            done = sum_up(periods)
            with other.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '1s'")
            write(other, entry)
            other.commit()
            return done

    monkeypatch.setattr(service, "_sum_up", sum_up_meanwhile)
    assert close_periods() == Closed(summed=2, waiting=0)
    assert reported() == {"grant": 10, "remove": -1}
    assert check_ledger().finding_count == 0


def test_two_at_once_sum_up_once(entry):
    outcomes = race(*[close_periods] * 4, meet_before=["UPDATE credits_closedperiod"])
    assert sum(outcome.summed for outcome in outcomes) == 2
    assert ClosedPeriodSum.objects.count() == 2
    assert not ClosedPeriod.objects.filter(summed_at=None).exists()
    assert check_ledger().finding_count == 0
