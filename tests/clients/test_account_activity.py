"""Signing in as activity: each one that goes well, and those that fail counted, one row an hour."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from billing_admin.staff.sign_in.events import Event, note
from clients.models import Activity, ActivityCount
from clients.services.account_activity import NOBODY, VERBS, count_of_account, tell_counts
from tests.factories import make_staff

pytestmark = pytest.mark.django_db
FAILED = "sign_in.failed"
ADDRESS = "203.0.113.7"


@pytest.fixture
def ann():
    return make_staff(username="ann")


def fail(person, times=1, address=ADDRESS):
    for _ in range(times):
        count_of_account(verb=FAILED, person=person, address=address)


def an_hour_later():
    ActivityCount.objects.update(since=timezone.now() - datetime.timedelta(minutes=61))


def rows(verb=FAILED):
    return list(Activity.objects.filter(verb=verb).order_by("pk"))


def test_every_event_but_that_of_a_busy_server_is_written_down():
    assert {*Event} - VERBS.keys() == {Event.BUSY}


def test_a_flood_of_failures_is_a_row_and_a_count(ann):
    fail(ann, 40)
    (row,) = rows()
    assert (row.summary, row.actor, row.actor_name) == ("Sign-in failed", ann, "ann")
    assert ActivityCount.objects.get(person=ann).count == 39


def test_what_was_counted_is_told_when_the_hour_is_over(ann):
    fail(ann, 40)
    assert tell_counts() == 0
    an_hour_later()
    assert (tell_counts(), tell_counts()) == (1, 0)
    assert len(rows()) == 2
    assert rows()[1].summary.startswith("Sign-in failed 39 times between ")
    assert rows()[1].data == {"times": 39}
    fail(ann, 5)  # the next hour has begun with that row
    assert len(rows()) == 2


def test_the_next_failure_tells_what_was_counted_before_it(ann):
    fail(ann, 3)
    an_hour_later()
    fail(ann)
    assert [row.data for row in rows()] == [{"times": 1}, {"times": 3}]
    assert ActivityCount.objects.get().count == 0


def test_nothing_left_to_tell_leaves_no_row(ann):
    fail(ann)
    an_hour_later()
    assert tell_counts() == 0
    assert not ActivityCount.objects.exists()


def test_each_account_and_address_is_counted_for_itself(ann):
    fail(ann, 2)
    fail(ann, 2, "198.51.100.1")
    fail(None, 2)
    fail(None, 2)
    assert [row.actor_name for row in rows()] == ["ann", "ann", NOBODY]


def test_a_name_that_is_no_accounts_is_kept_nowhere(client):
    client.post("/sign-in/", {"username": "hunter2-my-password", "login": "hunter2-my-password", "password": "x"})
    assert [row.actor_name for row in rows()] == [NOBODY]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM clients_activity row WHERE row::text LIKE '%hunter2%'")
        assert cursor.fetchone() == (0,)


def test_signing_in_and_out_are_rows_of_the_person(client, ann):
    client.force_login(ann)
    key = client.session.session_key
    client.post("/sign-out/")
    (done,), (out,) = rows("sign_in.done"), rows("session.signed_out")
    assert (done.actor, done.summary, out.actor, out.summary) == (ann, "Signed in", ann, "Signed out")
    assert len(done.data["session"]) == 32
    assert key not in str(done.data)


def test_what_a_command_does_to_an_account_names_it(ann):
    note(Event.UNLOCKED, ann)
    (row,) = rows("sign_in.unlocked")
    assert (row.actor, row.actor_name, row.data) == (None, "System", {"account": "ann"})
    assert row.summary == "Failures forgotten by a command of ann"


def test_ended_sessions_are_one_row_with_their_number(ann):
    note(Event.SESSIONS_ENDED, ann, count=3)
    (row,) = rows("session.ended")
    assert (row.summary, row.data["number"]) == ("3 sessions ended of ann", 3)
