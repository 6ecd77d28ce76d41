"""Lists are read from a real standby: one that is behind, one that is far behind, and one that dies."""

import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from billing_admin.backup.programs import address, session_on
from billing_admin.checks import running
from billing_admin.db import replica
from billing_admin.embedded_database.places import DATABASE, USER, place_for
from billing_admin.errors import BusinessError
from tests.concurrency.test_outages import another_connection
from tests.factories import make_staff
from tests.pages import fill, get_page
from tests.replica import replica_on
from tests.setup.test_killed_in_mid_run import kill_all

from .standby import pair_of_servers, value, wait_for_standby, wait_until

pytestmark = pytest.mark.long

ONE_LOOK = 3  # BEGIN, a look at how far behind it is, ROLLBACK
LONG = 60  # longer than this test takes on a busy machine
BEAT = "INSERT INTO procrastinate_workers (id, last_heartbeat) OVERRIDING SYSTEM VALUE VALUES (1, clock_timestamp())"
BEAT += " ON CONFLICT (id) DO UPDATE SET last_heartbeat = clock_timestamp()"


def beat() -> None:
    """A queue worker at work says so on the first server."""
    with connection.cursor() as cursor:
        cursor.execute(BEAT)


def add(browser: Browser, name: str) -> None:
    page = get_page(browser, "/clients/add/")
    assert fill(browser, page, "main form[method=post]", {"company_name": name}).status_code == 302


def clients(browser: Browser) -> list[str]:
    """The clients of the list."""
    return sorted(each.rpartition(" ")[2] for each in get_page(browser, "/clients/").texts("tbody a.row-link"))


def listed(browser: Browser) -> tuple[list[str], bool]:
    """The clients of the list, and whether it was read from the replica."""
    with CaptureQueriesContext(connections[replica.ALIAS]) as asked:
        found = clients(browser)
    return found, len(asked) > ONE_LOOK


def test_who_wrote_sees_it_and_all_see_it_soon(db, monkeypatch):
    with pair_of_servers() as (first, second):
        wait_for_standby(first, "")
        _look_at(first, second, monkeypatch)


def _look_at(first: Path, second: Path, monkeypatch) -> None:
    standby, pool = place_for(second).url, settings.DATABASES["default"]["OPTIONS"]["pool"]
    with (
        another_connection(HOST=str(place_for(first).socket_folder), NAME=DATABASE, USER=USER, pool=pool),
        replica_on(monkeypatch, HOST=str(place_for(second).socket_folder)),
    ):
        monkeypatch.setattr(replica, "MOST_BEHIND", LONG)
        with pytest.raises(BusinessError, match="This server follows another one"), session_on(address(standby), "x"):
            pass
        robin, alex = Browser(), Browser()
        robin.force_login(make_staff())
        alex.force_login(make_staff())
        beat()
        add(robin, "Acme")
        wait_until(lambda: listed(robin) == (["Acme"], True))

        value(standby, "SELECT pg_wal_replay_pause()")
        wait_until(lambda: value(standby, "SELECT pg_get_wal_replay_pause_state() = 'paused'"))
        add(robin, "Globex")
        assert listed(robin) == (["Acme", "Globex"], False)  # at once, from the first server
        assert listed(alex) == (["Acme"], True)  # somebody else’s is seen a moment later
        for limited in (replica, running):
            monkeypatch.setattr(limited, "MOST_BEHIND", 1)
        time.sleep(1.5)
        beat()
        assert listed(alex) == (["Acme", "Globex"], False)
        (told,) = running.check_replica()
        assert told.msg.startswith("The replica of DATABASE_REPLICA_URL is ")
        assert told.msg.endswith(" seconds behind.")

        for limited in (replica, running):
            monkeypatch.setattr(limited, "MOST_BEHIND", LONG)
        value(standby, "SELECT pg_wal_replay_resume()")
        wait_until(lambda: listed(robin) == listed(alex) == (["Acme", "Globex"], True))
        assert list(running.check_replica()) == []
        kill_all(second)
        assert clients(alex) == ["Acme", "Globex"]
        add(alex, "Initech")
        assert clients(robin) == ["Acme", "Globex", "Initech"]
