"""A refused request is one line in the log."""

import io
import logging

import pytest

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


def test_a_missing_right_is_one_line_with_user_and_path(client, log):
    client.force_login(make_staff(VIEWER, username="vera"))
    assert client.post("/settings/tax/add/").status_code == 403
    (line,) = log.getvalue().splitlines()
    assert line.endswith("WARNING django.request: Forbidden (Permission denied): /settings/tax/add/ (vera)")


def test_a_form_without_its_token_is_one_line_too(client, log):
    client.handler.enforce_csrf_checks = True
    assert client.post("/sign-in/").status_code == 403
    (line,) = log.getvalue().splitlines()
    assert line.endswith("/sign-in/ (nobody signed in)")


def test_a_request_that_is_not_understood_is_one_line(client, log):
    client.force_login(make_staff(VIEWER))
    assert client.get("/clients/?after=nonsense").status_code == 400
    assert len(log.getvalue().splitlines()) == 1
