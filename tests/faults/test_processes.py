"""Processes of ours killed or stopped under load: others go on, and what is started again loses nothing."""

import os
import signal
import time

import psycopg
import pytest

from billing_admin.db.locks import BILLING

from .installation import Installation, wait_for
from .under_load import under_load

pytestmark = [pytest.mark.django_db, pytest.mark.long]

# A transaction that bills and does not go on: the one of a process that is stopped.
_STANDS_STILL = f"""
    SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE classid = {BILLING} AND granted AND state = 'idle in transaction'
      AND state_change < clock_timestamp() - interval '0.3 s'
"""


def test_a_web_worker_is_killed(house):
    with house.at_work() as (port, serve, _), under_load("SIGKILL of a web worker", house, port) as load:
        load.strike(lambda: os.kill(serve.children(b"spawn_main")[0], signal.SIGKILL))


def test_the_web_server_is_killed(house):
    with house.at_work() as (port, serve, _), under_load("SIGKILL of serve", house, port) as load:
        load.strike(lambda: serve.send(signal.SIGKILL))
        wait_for(lambda: serve.starts > 1)


def test_a_queue_worker_is_killed_in_a_run(house):
    with house.at_work() as (port, _, work), under_load("SIGKILL of a queue worker", house, port) as load:
        load.strike(lambda: work.send(signal.SIGKILL))
        wait_for(lambda: work.starts > 1)


def test_a_queue_worker_that_holds_claims_is_stopped_for_half_a_minute(house):
    with house.at_work() as (port, _, work), under_load("SIGSTOP of a queue worker", house, port) as load:
        load.strike(lambda: stop_in_a_chunk(house, work))
        time.sleep(30)
        assert load.is_back()
        work.send(signal.SIGCONT)
        wait_for(lambda: work.starts > 1)  # it was taken for dead, and ends
    assert "was taken for dead" in work.log.read_text()


def stop_in_a_chunk(house: Installation, work) -> None:
    with psycopg.connect(house.url, autocommit=True) as session:
        for _ in range(200):
            work.send(signal.SIGSTOP)
            time.sleep(0.5)
            if session.execute(_STANDS_STILL).fetchone()[0]:
                return
            work.send(signal.SIGCONT)
            time.sleep(0.05)
    raise AssertionError("The worker took no part in the run.")
