"""A refused request is one line in the log."""

import io
import logging
import logging.config

import pytest
from django.conf import settings

from billing_admin.staff.groups import VIEWER
from tests.factories import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def log():
    """What the product's own handler writes meanwhile."""
    written = io.StringIO()
    formats, filters = settings.LOGGING["formatters"], settings.LOGGING["filters"]
    config = logging.config.DictConfigurator({"version": 1})
    handler = logging.StreamHandler(written)
    handler.setFormatter(config.configure_formatter(formats["plain"]))
    for name in settings.LOGGING["handlers"]["console"]["filters"]:
        handler.addFilter(config.configure_filter(filters[name]))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


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
