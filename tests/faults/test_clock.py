"""The clock of web servers and queue workers jumps under load, with Debian's libfaketime; PostgreSQL's own does not."""

import os
from pathlib import Path

import pytest

from billing_admin.embedded_database import ensure_running
from billing_admin.embedded_database.places import place_for

from .installation import wait_for
from .under_load import under_load

pytestmark = [pytest.mark.django_db, pytest.mark.long]

# By how many hours the last entry of the ledger is ahead of PostgreSQL.
_AHEAD = "SELECT extract(epoch FROM at - clock_timestamp()) / 3600 FROM credits_creditentry ORDER BY id DESC LIMIT 1"
MISSING = "There is no libfaketime on this machine. Install it: apt-get install faketime."


def test_the_clock_jumps_an_hour_ahead_and_then_back_by_two(house, tmp_path):
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if library is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    clock = tmp_path / "clock"
    clock.write_text("+0")
    data_dir = Path(house.environment["BILLING_DATA_DIR"])
    ensure_running(data_dir)
    faked = {
        "DATABASE_URL": place_for(data_dir).serving_url,
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # that one jumps on no machine
        "FAKETIME_CACHE_DURATION": "1",
    }
    with house.at_work(**faked) as (port, *_), under_load("A jump of the clock", house, port) as load:
        load.strike(lambda: clock.write_text("+3600"))
        wait_for(load.is_back)
        assert house.value(_AHEAD) > 0.9
        load.mend(lambda: clock.write_text("-3600"))
        wait_for(load.is_back)
        assert house.value(_AHEAD) < -0.9
    assert load.failures() == []
    assert house.run("verify_activity")[0] == 0
