"""Races on real connections: each racer is a thread with a database connection, and so a transaction, of its own.

A race is run twice, by a test and by its control. The test has the locks in place; the control takes them out (fixture
`without_locks`) and shows that the same race then ends differently. `meet_before` makes both certain where they would
only be likely: every racer stops before its first statement of that kind, with what it has read by then, until no other
can come any more. Without the lock all of them are there; behind it one is, and the rest wait for it in the database.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper

from billing_admin.errors import BusinessError
from clients.models import FormKey

LIMIT = 30  # seconds; whatever takes longer hangs, and fails
_SERVER_LIMITS = " ".join(
    f"-c {name}={LIMIT}s" for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
)


class Race:
    """The racers of one race, and where they meet."""

    def __init__(self, actions: tuple[Callable[[], Any], ...], meet_before: tuple[str, ...], in_turn: bool) -> None:
        self.outcomes: list[Any] = [None] * len(actions)
        self.settings = _settings_of_a_racer()
        self.meet_before = meet_before
        self.in_turn = in_turn
        self.start = threading.Barrier(len(actions))
        self.parted = threading.Event()
        self.waiting: set[int] = set()
        self.finished: set[int] = set()
        self.held_up: set[int] = set()
        self.backends: dict[int, int] = {}
        self.threads = [threading.Thread(target=self.run, args=item, daemon=True) for item in enumerate(actions)]

    def run(self, place: int, action: Callable[[], Any]) -> None:
        """One racer, from its connection to its outcome."""
        connections["default"] = own = DatabaseWrapper(deepcopy(self.settings))
        try:
            own.ensure_connection()
            self.backends[place] = own.connection.info.backend_pid
            self.start.wait(LIMIT)
            with own.execute_wrapper(self.stop_before_meeting(place)):
                self.outcomes[place] = action()
        except Exception as error:  # an outcome like any other: the test says which it expects
            self.outcomes[place] = error
        finally:
            own.close()
            self.finished.add(place)

    def stop_before_meeting(self, place: int) -> Callable[..., Any]:
        """A wrapper of statements that stops before the first one of the kind that is met before."""

        def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
            if place not in self.waiting and self.is_met_before(sql):
                self.waiting.add(place)
                self.parted.wait(LIMIT)
                while self.in_turn and any(earlier < place for earlier in self.waiting - self.finished - self.held_up):
                    time.sleep(0.005)
            return execute(sql, params, many, context)

        return wrapper

    def is_met_before(self, sql: str) -> bool:
        """Whether a statement does what is met before, by itself or as a part of a larger one."""
        text = " ".join(sql.replace('"', "").split()) + " "
        return any(kind in text for kind in self.meet_before)

    def see_who_is_held_up(self) -> None:
        """Who waits for a lock in the database keeps nobody behind it from going on: that one may hold the lock."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE pid = ANY(%s) AND wait_event_type = 'Lock'",
                [list(self.backends.values())],
            )
            waiting = {pid for (pid,) in cursor.fetchall()}
        self.held_up = {place for place, pid in self.backends.items() if pid in waiting}

    def all_that_can_have_come(self) -> bool:
        """Whether every racer waits at the meeting, has finished, or is held up by a lock in the database."""
        there = len(self.waiting | self.finished)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s) AND wait_event_type = 'Lock'",
                [list(self.backends.values())],
            )
            return there + cursor.fetchone()[0] == len(self.threads)


def race(
    *actions: Callable[[], Any], meet_before: Iterable[str] = (), in_turn: bool = False, limit: float = LIMIT
) -> list[Any]:
    """Do all `actions` at once and return what each returned or raised, in their order. A hang fails the test.

    `in_turn`: who has met leaves when those before it in the list have finished, or wait for a lock. `limit`: seconds
    for the whole.
    """
    run = Race(actions, tuple(meet_before), in_turn)
    deadline = time.monotonic() + limit
    for thread in run.threads:
        thread.start()
    while any(thread.is_alive() for thread in run.threads) and time.monotonic() < deadline:
        if not run.parted.is_set() and run.all_that_can_have_come():
            run.parted.set()
        elif run.in_turn and run.parted.is_set():
            run.see_who_is_held_up()
        time.sleep(0.005)
    if hanging := sum(thread.is_alive() for thread in run.threads):
        pytest.fail(f"{hanging} of {len(actions)} racers hang; so far: {run.outcomes}")
    if run.meet_before and not run.waiting:
        pytest.fail(f"Nobody came to the meeting before {run.meet_before}: the race was left to chance.")
    return run.outcomes


def _settings_of_a_racer() -> dict[str, Any]:
    """The test database, beside the pool: its eight connections are fewer than the racers."""
    settings = deepcopy(connection.settings_dict)
    settings["OPTIONS"].pop("pool", None)
    settings["OPTIONS"]["options"] = f"{settings['OPTIONS'].get('options', '')} {_SERVER_LIMITS}".strip()
    return settings


def kinds(outcomes: Iterable[Any]) -> Counter[str]:
    """How often each outcome was had: what a service said, an exception or broken constraint by name, or `done`."""
    return Counter(_kind(outcome) for outcome in outcomes)


def _kind(outcome: Any) -> str:
    if isinstance(outcome, IntegrityError):
        return outcome.__cause__.diag.constraint_name or str(outcome)
    if type(outcome) is BusinessError:
        return str(outcome)
    return type(outcome).__name__ if isinstance(outcome, Exception) else "done"


def send_form(service: Callable[..., Any], **given: Any) -> tuple[Any, bool]:
    """Call the service as a view does that was sent one form: its outcome, and whether the form was sent before."""
    key = FormKey(key="form-1")
    return service(**given, key=key), key.repeated
