"""What was typed into a page's form outlives going back, for the person who typed it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from clients.models import Client
from tests.factories import make_client

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]


def test_what_was_typed_is_there_on_coming_back_and_gone_after_signing_out(visit):
    address = reverse("clients:add")
    page = visit(address)
    page.get_by_label("Company name").fill("Acme Ltd")
    key = page.locator("main [name=key]").input_value()
    page.get_by_role("link", name="Invoices").first.click()
    page.wait_for_url("**/invoices/**")
    page.go_back()
    expect(page.get_by_label("Company name")).to_have_value("Acme Ltd")
    assert page.locator("main [name=key]").input_value() == key  # sent again, it counts once

    page.goto(page.url)
    expect(page.get_by_label("Company name")).to_have_value("")  # a form that is opened anew is empty

    page.get_by_label("Company name").fill("Globex")
    page.locator("form[data-sign-out]").first.evaluate("form => form.requestSubmit()")
    page.wait_for_url("**/sign-in/**")
    assert [key for key in page.evaluate("Object.keys(sessionStorage)") if key.startswith("typed")] == []


def test_a_country_that_is_typed_is_stored(visit, transactional_db):
    acme = make_client("Acme Ltd", country="AU")
    page = visit(reverse("clients:profile", args=[acme.number]))
    page.get_by_label("Country").fill("Austria")
    page.get_by_role("button", name="Save Changes").click()
    expect(page.get_by_label("Country")).to_have_value("Austria (AT)")
    assert Client.objects.get(pk=acme.pk).country == "AT"
