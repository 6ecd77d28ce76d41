"""A story of the staff: somebody is invited by a link, joins, is given another role, and is deactivated."""

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from billing_admin.staff.groups import BILLING, VIEWER
from tests.staff import group

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]


def test_somebody_is_invited_joins_and_leaves(page, visit, browser, live_server):
    visit("/settings/staff/")
    page.get_by_role("link", name="Invite Somebody").first.click()
    popup = page.get_by_role("dialog")
    popup.get_by_label("E-mail").fill("ann@hosting.example")
    popup.get_by_label(VIEWER).check()
    popup.get_by_role("button", name="Invite").click()
    link = popup.get_by_label(re.compile("^Link"))
    expect(link).to_be_focused()
    address = link.input_value()
    assert address.startswith(f"{live_server.url}/join/?token=")
    popup.get_by_role("link", name="Done").click()
    expect(page.locator("#invitations tbody")).to_contain_text("ann@hosting.example")

    hers = browser.new_context().new_page()
    hers.goto(address)
    expect(hers.locator("main")).to_contain_text("ann@hosting.example")
    hers.get_by_label("First name").fill("Ann")
    hers.get_by_label("Last name").fill("Lee")
    hers.get_by_label("User name").fill("ann")
    hers.get_by_label("Password").fill("short")
    hers.get_by_role("button", name="Join").click()
    expect(hers.locator(".field-error")).to_contain_text("too short")
    hers.get_by_label("Password").fill("correct horse battery")
    hers.get_by_role("button", name="Join").click()
    expect(hers.locator(".toast")).to_contain_text("Your account is there. Sign in as ann.")
    hers.get_by_label("User name or e-mail").fill("ann")
    hers.get_by_label("Password").fill("correct horse battery")
    hers.get_by_role("button", name="Sign in", exact=True).click()
    expect(hers.locator("h1")).to_contain_text("Home")
    hers.goto(address)
    expect(hers.locator("main")).to_contain_text("This invitation is not valid")

    visit("/settings/staff/")
    page.get_by_role("link", name="Ann Lee").click()
    popup.get_by_label(VIEWER).uncheck()
    popup.get_by_label(BILLING).check()
    popup.get_by_role("button", name="Save Changes").click()
    expect(page.locator(".toast")).to_contain_text("Ann Lee is in Billing from now on.")
    ann = User.objects.get(username="ann")
    assert list(ann.groups.all()) == [group(BILLING)]

    page.get_by_role("link", name="Ann Lee").click()
    popup.get_by_role("link", name="Deactivate").click()
    popup.get_by_role("button", name="Deactivate").click()
    expect(page.locator(".toast")).to_contain_text("Ann Lee is deactivated and signed out everywhere.")
    hers.goto(f"{live_server.url}/clients/")
    expect(hers.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
