"""No line of the log has anything of a client, in plain words or as JSON; JSON has a line for each request."""

import io
import json
import logging
import logging.config

import pytest
from django.conf import settings as configured
from django.test import Client as Browser

from billing_admin.db import limits
from billing_admin.db.source import acting_from
from billing_admin.settings import _FORMATTERS
from billing_admin.web import requests
from billing_admin.web.log import PlainFormatter, PlainRefusals
from clients.models import Client
from tests.factories import make_client, make_staff
from tests.pages import fill, get_page

from .revealing import FAULTS, MAIL, NAME, PRIVATE

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["plain", "json"])
def log(request, monkeypatch):
    """What the product's own handler writes meanwhile, with a line for each request in both formats."""
    logging.config.dictConfig({
        "version": 1, "disable_existing_loggers": False, "incremental": False,
        "formatters": {"here": _FORMATTERS[request.param]},
        "handlers": {"made": {"class": "logging.StreamHandler", "formatter": "here"}},
    })  # fmt: skip
    (handler,) = [
        each
        for each in logging.getLogger().handlers
        if isinstance(each, logging.StreamHandler) and any(isinstance(one, PlainRefusals) for one in each.filters)
    ]
    formatter = logging.getHandlerByName("made").formatter
    before = handler.setStream(written := io.StringIO()), handler.formatter
    handler.setFormatter(formatter)
    level = logging.getLogger("billing_admin.requests").level
    logging.getLogger("billing_admin.requests").setLevel(logging.INFO)
    yield written
    logging.getLogger("billing_admin.requests").setLevel(level)
    handler.setStream(before[0])
    handler.setFormatter(before[1])
    assert isinstance(before[1], PlainFormatter)


def assert_names_nobody(text: str) -> None:
    assert [each for each in (*PRIVATE, "zaphod@") if each.lower() in text.lower()] == []


@pytest.mark.parametrize("fault", FAULTS)
def test_an_error_is_told_without_what_it_repeats(log, settings, fault):
    settings.ROOT_URLCONF = "tests.billing_admin.revealing"
    assert Browser(raise_request_exception=False).get(f"/{fault}/?q={MAIL}").status_code == 500
    written = log.getvalue()
    assert_names_nobody(written)
    assert "Traceback" in written
    assert "FAULTS[fault]()" in written  # the lines of code are all there
    if fault == "unique":
        assert "people_mail_key" in written


@pytest.mark.parametrize(
    ("method", "address", "headers", "status"),
    [
        ("get", f"/no/{MAIL}/?q={MAIL}", {}, 404),
        ("get", f"/lists/Zaphod/views/?q={MAIL}", {}, 404),
        ("get", f"/clients/?after={MAIL}&q=Zaphod", {}, 400),
        ("post", f"/clients/add/?q={MAIL}", {"Referer": f"https://elsewhere.example/?q={MAIL}"}, 403),
        ("get", f"/clients/?q={MAIL}", {"Host": "evil.example"}, 400),
        ("get", f"/clients/?q={MAIL}", {"User-Agent": NAME.replace("\n", " "), "X-Request-ID": MAIL}, 200),
    ],
)
def test_a_request_is_told_without_what_it_asked(log, method, address, headers, status):
    browser = Browser(enforce_csrf_checks=True, raise_request_exception=False)
    browser.force_login(make_staff())
    assert getattr(browser, method)(address, headers=headers, secure=True).status_code == status
    assert_names_nobody(log.getvalue())
    assert log.getvalue()


def test_slow_statements_are_told_without_what_is_put_into_them(client, log, monkeypatch):
    """Every statement is slow here: of a client who is added, looked up and changed."""
    monkeypatch.setattr(limits, "SECONDS_OF_A_SLOW_STATEMENT", -1)
    client.force_login(make_staff())
    page = get_page(client, "/clients/add/")
    fill(client, page, "main form", {"first_name": "Zaphod", "last_name": "Beeblebrox", "email": MAIL})
    made = Client.objects.get(email=MAIL)
    for address in ("/clients/?q=Zaphod", f"/search/?q={MAIL}", f"/clients/{made.number}/"):
        assert client.get(address).status_code in (200, 302)  # to the one that was found
    assert log.getvalue().count(" FROM ") > 20
    assert "INSERT INTO" in log.getvalue()
    assert "%s" in log.getvalue()
    assert_names_nobody(log.getvalue())


def test_a_statement_within_two_limits_is_told_once(log, monkeypatch):
    monkeypatch.setattr(limits, "SECONDS_OF_A_SLOW_STATEMENT", -1)
    with limits.set_in_transactions("SET LOCAL lock_timeout = '1s'"), limits.set_in_transactions():
        Client.objects.count()
    assert len(log.getvalue().splitlines()) == 1


def test_a_command_in_a_terminal_is_not_interrupted_by_what_takes_long(caplog, monkeypatch):
    monkeypatch.setattr(limits, "SECONDS_OF_A_SLOW_STATEMENT", -1)
    with acting_from({"command": "daily"}), limits.set_in_transactions():
        Client.objects.count()
    assert caplog.messages == []


def test_what_a_job_was_given_is_not_told(log):
    given = f"Job clients.make_sheet[7](query='q={MAIL}', source={{'address': '203.0.113.7'}}) ended with status: Error"
    logging.getLogger("procrastinate.worker").error(given)
    assert "Job clients.make_sheet[7] ended with status: Error" in log.getvalue()
    assert_names_nobody(log.getvalue())
    assert "203.0.113" not in log.getvalue()


@pytest.mark.parametrize("log", ["json"], indirect=True)
def test_json_says_of_each_request_what_it_was_and_who_asked(client, log):
    ann, acme = make_staff(username="ann"), make_client()
    client.force_login(ann)
    log.truncate(0)
    log.seek(0)
    answer = client.get(f"/clients/{acme.number}/?tab=x")
    (line,) = map(json.loads, log.getvalue().splitlines())
    assert line.pop("at").endswith("+00:00")
    assert 0 < line.pop("milliseconds") < 60_000
    assert line.pop("event").startswith("GET /clients/<int:number>/ (clients:summary): 200 in ")
    assert line == {
        "level": "INFO", "logger": "billing_admin.requests", "method": "GET", "route": "clients/<int:number>/",
        "view": "clients:summary", "status": 200, "actor": ann.pk, "request": answer["X-Request-ID"],
    }  # fmt: skip


@pytest.mark.parametrize("log", ["json"], indirect=True)
def test_json_says_in_all_lines_of_a_request_which_it_was(client, log):
    client.force_login(ann := make_staff())
    log.truncate(0)
    log.seek(0)
    answer = client.get("/clients/?after=nonsense")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["logger"] for line in lines] == ["django.request", "billing_admin.requests"]
    assert {(line["request"], line["actor"]) for line in lines} == {(answer["X-Request-ID"], ann.pk)}


@pytest.mark.parametrize("log", ["json"], indirect=True)
def test_json_says_by_what_job_and_never_from_which_address(log):
    with acting_from({"job": 7, "kind": "mail", "address": "203.0.113.7", "session": "abc"}):
        logging.getLogger("billing_admin.x").error("One\nline")
    (line,) = map(json.loads, log.getvalue().splitlines())
    assert {name: line[name] for name in line if name != "at"} == {
        "level": "ERROR", "logger": "billing_admin.x", "event": "One\nline", "job": 7, "kind": "mail",
    }  # fmt: skip


def test_in_plain_words_only_a_slow_request_is_told(client, caplog, monkeypatch):
    assert configured.LOG == "plain"
    client.force_login(make_staff())
    caplog.clear()
    client.get("/clients/")
    assert caplog.messages == []
    monkeypatch.setattr(requests, "SECONDS_OF_A_SLOW_REQUEST", -1)
    client.get("/clients/?q=Zaphod")
    (record,) = caplog.records
    assert (record.levelname, record.name) == ("WARNING", "billing_admin.requests")
    assert record.getMessage().startswith("GET /clients/ (clients:list): 200 in ")
