"""Whatever somebody sends, to any address, under any name: it is answered in words, and never with a 500."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.test import RequestFactory

from billing_admin.staff.groups import BILLING, MANAGER, OWNER, SUPPORT, VIEWER
from billing_admin.wsgi import application
from tests.factories import make_staff
from tests.fuzzing import fuzzed
from tests.pages import parse
from tests.thoroughness import examples

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_no_request_ends_in_a_500(client):
    fuzz = fuzzed(client, examples(300))
    assert {200, 302, 400, 404, 422} <= set(fuzz.answers)


@pytest.mark.slow
@pytest.mark.parametrize(
    "role", [VIEWER, *(pytest.param(each, marks=pytest.mark.long) for each in (SUPPORT, BILLING, MANAGER))]
)
def test_no_request_of_another_role_ends_in_a_500(client, role):
    fuzz = fuzzed(client, examples(60), role)
    assert {200, 403} <= set(fuzz.answers)


@pytest.mark.long  # its sisters above
@pytest.mark.parametrize(
    ("role", "number"), [(OWNER, 10_000), (MANAGER, 2_500), (BILLING, 2_500), (SUPPORT, 2_500), (VIEWER, 2_500)]
)
def test_none_of_20000_requests_ends_in_a_500(client, role, number):
    fuzzed(client, number, role)


# What ended in a 500, or in an empty answer, once.
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/invoices/?currency=%00", 200),
        ("/credits/?currency=%00", 200),
        (f"/clients/?group={'9' * 4_400}", 200),
        (f"/transactions/?method={'9' * 4_400}", 200),
        ("/clients/?after=[1,Infinity]", 400),
        (f"/clients/?before={'[' * 20_000}", 400),
        (f"/clients/{2**63}/", 404),
        (f"/invoices/{'9' * 30}/", 404),
        ("/credits/liability/?from=9999-12-31&to=9999-12-31", 200),
        ("/credits/entries/?to=9999-12-31", 200),
    ],
)
def test_what_no_link_says_is_answered_in_words(client, address, status):
    client.force_login(make_staff())
    answer = client.get(address)
    assert (answer.status_code, answer.headers["X-Frame-Options"]) == (status, "DENY")
    assert parse(answer).all("h1")


@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "latin-1"])
@pytest.mark.parametrize("address", ["/clients/add/", "/no-such-page/"])
def test_a_form_in_another_character_set_is_answered_with_a_page(client, charset, address):
    client.force_login(make_staff())
    client.get("/clients/add/")
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    answer = strict.generic("POST", address, b"a=1", f"application/x-www-form-urlencoded; charset={charset}")
    assert answer.status_code == (400 if "add" in address else 404)
    assert parse(answer).one("h1").text
    assert "Content-Security-Policy" in answer.headers


def test_a_content_type_that_cannot_be_taken_apart_counts_as_none(db):
    environ = RequestFactory().post("/clients/add/").environ | {"CONTENT_TYPE": "x; charset*=nonsense'x'y"}
    told: list[Any] = []
    body = b"".join(application(environ, lambda status, headers: told.append((status, dict(headers)))))
    assert told[0][0] == "403 Forbidden"
    assert b"<h1>" in body
    assert told[0][1]["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-01-01", "9999-12-31"])
def test_a_day_at_the_edge_of_the_calendar_is_refused_beside_its_field(client, day):
    client.force_login(make_staff())
    answer = client.post("/invoices/runs/start/", {"as_of": day})
    assert answer.status_code == 422
    assert parse(answer).one("#id_as_of_error").text == "Give a date from 1900 to 9998."
