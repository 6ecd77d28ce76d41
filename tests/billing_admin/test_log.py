"""A refused request is one line in the log."""

import datetime
import io
import logging
import time

import pytest
from django.utils import timezone

from billing_admin.staff.groups import VIEWER
from billing_admin.web.log import PlainRefusals
from tests.factories import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def log():
    """What the product's own handler writes meanwhile."""
    written = io.StringIO()
    (handler,) = [
        each
        for each in logging.getLogger().handlers
        if isinstance(each, logging.StreamHandler)
        and any(isinstance(filter_, PlainRefusals) for filter_ in each.filters)
    ]
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


def test_a_line_says_when_in_utc(log, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        logging.getLogger("billing_admin").warning("Look at this")
    finally:
        monkeypatch.undo()
        time.tzset()
    moment, _, rest = log.getvalue().partition(" ")
    assert rest == "WARNING billing_admin: Look at this\n"
    assert moment.endswith("Z")
    assert abs(datetime.datetime.fromisoformat(moment) - timezone.now()) < datetime.timedelta(minutes=1)


def test_a_missing_right_is_one_line_with_user_and_path(client, log):
    client.force_login(make_staff(VIEWER, username="vera"))
    assert client.post("/settings/tax/add/").status_code == 403
    _signed_in, line = log.getvalue().splitlines()
    assert line.endswith("WARNING django.request: Forbidden (Permission denied): /settings/tax/add/ (vera)")


def test_a_form_without_its_token_is_one_line_too(client, log):
    client.handler.enforce_csrf_checks = True
    assert client.post("/sign-in/").status_code == 403
    (line,) = log.getvalue().splitlines()
    assert line.endswith("/sign-in/ (nobody signed in)")


def test_a_request_that_is_not_understood_is_one_line(client, log):
    client.force_login(make_staff(VIEWER))
    assert client.get("/clients/?after=nonsense").status_code == 400
    _signed_in, _not_understood = log.getvalue().splitlines()


def test_each_sign_in_is_one_line_with_name_and_address(client, log):
    make_staff(username="olga")
    for password in [*["hunter2"] * 6, "correct horse battery"]:
        client.post("/sign-in/", {"username": "olga", "password": password}, REMOTE_ADDR="203.0.113.7")
    client.post("/sign-in/", {"username": "olga", "password": "correct horse battery"}, REMOTE_ADDR="2001:db8::1")
    assert [line.split(" ", 1)[1] for line in log.getvalue().splitlines()] == [
        *["WARNING billing_admin.sign_in: Sign-in failed: 'olga' from 203.0.113.7"] * 5,
        *["WARNING billing_admin.sign_in: Sign-in refused after too many failures: 'olga' from 203.0.113.7"] * 2,
        "INFO billing_admin.sign_in: Signed in: 'olga' from 2001:db8::1",
    ]


@pytest.mark.parametrize("name", ["olga\nSigned in: ann", "\x1b[2Jolga", "%s %(x)s {0}", "hunter2"])
def test_a_name_that_is_no_account_is_not_written_down(client, log, name):
    """It is often a password."""
    answer = client.post("/sign-in/", {"username": name, "password": "x"}, REMOTE_ADDR="nonsense\nSigned in")
    assert answer.status_code == 200
    (line,) = log.getvalue().splitlines()
    assert line.endswith("Sign-in failed: nobody known from ::")


@pytest.mark.parametrize(
    ("name", "written"),
    [("o\nSigned in: ann", r"'o\nSigned in: ann'"), ("o\u2028l\u202eg", r"'o\u2028l\u202eg'"), ("名", "'名'")],
)
def test_a_hostile_name_of_an_account_is_one_line_too(client, log, name, written):
    make_staff(username=name)
    client.post("/sign-in/", {"username": name, "password": "x"})
    (line,) = log.getvalue().splitlines()
    assert line.endswith(f"Sign-in failed: {written} from 127.0.0.1")


def test_what_no_account_can_have_is_refused_by_the_form(client, log):
    assert client.post("/sign-in/", {"username": "a" * 70_000, "password": "x"}).status_code == 200
    assert client.post("/sign-in/", {"username": "olga", "password": "a" * 70_000}).status_code == 200
    assert log.getvalue() == ""


@pytest.mark.parametrize("name", ["a\0b", ""])
def test_what_is_no_name_is_refused_by_the_form(client, log, name):
    assert client.post("/sign-in/", {"username": name, "password": "x"}).status_code == 200
    assert log.getvalue() == ""
