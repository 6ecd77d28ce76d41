"""The first server dies under load, and its synchronous standby takes over: the recipe of docs/deploy.md."""

import time

import pytest

from billing_admin.embedded_database.places import SERVING, USER
from tests.setup.test_killed_in_mid_run import kill_all

from .installation import furnished
from .standby import either, go_on, pair_of_servers, pause, promote
from .under_load import under_load

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def test_a_standby_takes_over_all_that_was_acknowledged(tmp_path):
    with pair_of_servers() as (first, second):
        house = furnished(either(first, second, USER), tmp_path, DATABASE_URL=either(first, second, SERVING))

        def fail_over() -> None:
            pause(second)  # what is confirmed now is on the first server alone, and nothing may be
            time.sleep(2)
            kill_all(first)
            go_on(second)
            promote(second)

        with house.at_work() as (port, *_), under_load("Failover", house, port) as load:
            load.strike(fail_over)
        assert load.house.value("SELECT pg_walfile_name(pg_current_wal_lsn()) LIKE '00000002%'")
