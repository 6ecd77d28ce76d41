"""What a load balancer asks is answered to any Host, over plain HTTP, and says what a page would meet."""

import os
import signal
import time

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client as Browser

from billing_admin.db import limits
from billing_admin.web import probes
from tests.concurrency.test_outages import another_connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def prober(settings, monkeypatch):
    """As a load balancer asks where all else needs HTTPS and a name of ours; each time anew."""
    settings.SECURE_SSL_REDIRECT = True
    monkeypatch.setattr(probes, "SECONDS_KEPT", -1)
    return Browser(headers={"Host": "10.0.0.7:8000"})


def said(answer) -> tuple[int, str]:
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    return answer.status_code, answer.text.strip()


def test_both_are_answered_to_anybody_by_any_name(prober):
    assert said(prober.get("/healthz")) == (200, "This process answers.")
    assert said(prober.get("/readyz")) == (200, "Ready.")
    assert prober.head("/readyz").status_code == 200
    assert prober.get("/readyz/").status_code == 400  # as all else by that name


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_nothing_but_get_and_head_is_answered(prober, path):
    answer = prober.post(path)
    assert said(answer)[0] == 405
    assert answer["Allow"] == "GET, HEAD"


def test_without_the_database_the_process_lives_and_is_not_ready(prober):
    with another_connection(HOST="/no/such/folder"):
        assert said(prober.get("/healthz"))[0] == 200
        assert said(prober.get("/readyz")) == (503, "Not ready: the database does not answer.")
    assert said(prober.get("/readyz"))[0] == 200


def test_the_process_itself_asks_no_database(prober, django_assert_num_queries):
    with django_assert_num_queries(0):
        prober.get("/healthz")


def test_a_migration_of_ours_that_did_not_run_is_not_ready(prober):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('clients', '9999_newer', now())")
        assert said(prober.get("/readyz"))[0] == 200  # of a newer version: this one goes on
        cursor.execute("DELETE FROM django_migrations WHERE app = 'credits' AND name LIKE '0001%'")
    assert said(prober.get("/readyz")) == (
        503, "Not ready: 1 migration of this version did not run yet (manage.py migrate)."
    )  # fmt: skip


def test_where_all_connections_are_in_use_pages_take_turns(prober):
    with another_connection(pool={"min_size": 1, "max_size": 1, "timeout": 0.2}) as own:
        own.pool.open()
        with own.pool.connection():
            assert said(prober.get("/readyz")) == (200, "Ready.")


def test_what_was_found_is_kept_for_a_moment(prober, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(probes, "SECONDS_KEPT", 60)
    prober.get("/readyz")
    with django_assert_num_queries(0):
        assert prober.get("/readyz").status_code == 200


def test_a_session_that_hangs_holds_up_no_probe(prober, monkeypatch):
    """Its server would stop the statement, if it did anything. Else each probe would keep a thread for ever."""
    monkeypatch.setattr(limits, "_MORE", 0.5)
    monkeypatch.setattr(probes, "_MILLISECONDS", 300)
    pool = settings.DATABASES["default"]["OPTIONS"]["pool"] | {"max_size": 1, "timeout": 0.5}
    with another_connection(pool=pool) as own:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        os.kill(pid, signal.SIGSTOP)
        try:
            began = time.monotonic()
            assert said(prober.get("/readyz"))[0] == 503
            assert time.monotonic() - began < 10
        finally:
            os.kill(pid, signal.SIGCONT)
    assert said(prober.get("/readyz"))[0] == 200
