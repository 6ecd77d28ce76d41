"""The clock of the web server jumps; PostgreSQL's own does not. Its sister under load: tests/faults/test_clock.py."""

import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from credits.models import CreditEntry
from tests.factories import make_client, make_staff
from tests.invariants import assert_invariants
from tests.pages import fill, get_page


@pytest.mark.django_db
def test_people_go_on_when_the_clock_jumps_ahead_and_back(time_machine):
    acme, browser, start = make_client(), Browser(), timezone.now()
    browser.force_login(make_staff())
    url = reverse("credits:manage", args=[acme.number])
    for hours in (0, 1, -1):
        page = get_page(browser, url)
        time_machine.move_to(start + datetime.timedelta(hours=hours))
        typed = {"amount": "5.00", "description": f"Downtime {hours}"}
        assert fill(browser, page, "#add-credit", typed).status_code == 302
        assert fill(browser, page, "#add-credit", typed).status_code == 302
    assert CreditEntry.objects.count() == 3
    assert_invariants()
