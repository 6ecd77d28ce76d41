"""Each request has an id, whatever becomes of it, and a page of an error shows it."""

import re

import pytest
from django.test import Client as Browser

from tests.factories import make_staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("/clients/", {}, 200),
        ("/no-such-page/", {}, 404),
        ("/clients/?after=x", {}, 400),
        ("/clients/", {"Host": "evil.example"}, 400),
        ("/sign-out/", {}, 405),
    ],
)
def test_every_answer_has_an_id_and_pages_of_errors_show_it(address, headers, status):
    browser = Browser(raise_request_exception=False)
    browser.force_login(make_staff())
    answer = browser.get(address, headers=headers)
    assert answer.status_code == status
    number = answer["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", number)
    assert (f"Request {number}" in answer.text) == (status in (400, 404))
    assert browser.get(address, headers=headers)["X-Request-ID"] != number


def test_an_error_of_ours_shows_the_id_that_a_proxy_gave(settings):
    settings.ROOT_URLCONF = "tests.billing_admin.failing"
    browser = Browser(raise_request_exception=False, headers={"X-Request-ID": "proxy-00000042"})
    browser.force_login(make_staff())
    answer = browser.get("/")
    assert (answer.status_code, answer["X-Request-ID"]) == (500, "proxy-00000042")
    assert "Request proxy-00000042" in answer.text
