"""At 200 % a window of 1280 × 800 has 640 × 400: the first field of a popup is seen in it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]


@pytest.mark.parametrize(
    ("link", "label"),
    [("Manage Credits", "Amount"), ("Add Transaction", "Amount"), ("Add Billable Item", "Description"),
     ("Close", "Reason")],
)  # fmt: skip
def test_the_first_field_of_a_popup_is_seen(visit, acme, link, label):
    page = visit(reverse("clients:summary", args=[acme.number]))
    page.set_viewport_size({"width": 640, "height": 400})
    page.get_by_role("link", name=link, exact=True).first.click()
    expect(page.locator("#dialog").get_by_label(label).first).to_be_in_viewport(ratio=1)
