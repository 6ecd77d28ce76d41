"""A session that ends, or a server that is away, while something was typed: nothing of it is lost."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from billing_admin.models import StaffSession
from billing_admin.staff.groups import OWNER
from clients.models import Client
from credits.models import CreditGrant
from tests.factories import make_client, make_staff, usd

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]

PASSWORD = "correct horse battery"


def sign_in_again(page: Page, password: str = PASSWORD) -> None:
    again = page.locator("#sign-in-again")
    again.get_by_label("Password").fill(password)
    again.get_by_role("button", name="Sign in", exact=True).click()


def open_and_fill(visit, acme: Client) -> Page:
    page = visit(reverse("clients:summary", args=[acme.number]))
    page.get_by_role("link", name="Manage Credits").first.click()
    page.get_by_label("Amount").fill("12.50")
    page.get_by_label("Description").fill("Damaged in the post")
    return page


def test_a_popup_goes_on_after_signing_in_again(visit):
    acme = make_client()
    page = open_and_fill(visit, acme)
    StaffSession.objects.all().delete()
    page.locator("#dialog").get_by_role("button", name="Save Changes").click()
    expect(page.locator("#sign-in-again")).to_contain_text("What you typed is still here.")
    sign_in_again(page, "wrong")
    expect(page.locator("#sign-in-again .alert")).to_be_visible()
    sign_in_again(page)
    expect(page.locator(".toast-good")).to_contain_text("Credit of 12.50 USD added")
    assert CreditGrant.objects.get().amount == usd("12.50")


def test_a_page_goes_on_after_signing_in_again(visit):
    page = visit(reverse("clients:add"))
    page.get_by_label("Company name").fill("Acme Ltd")
    page.get_by_label("Currency").fill("USD")
    StaffSession.objects.all().delete()
    page.locator("main").get_by_role("button", name="Add Client").click()
    sign_in_again(page)
    expect(page.locator("main h1")).to_contain_text("Acme Ltd")
    assert Client.objects.get().name == "Acme Ltd"


def test_somebody_else_gets_a_page_of_their_own(visit):
    make_staff(OWNER, username="ben")
    page = open_and_fill(visit, make_client())
    StaffSession.objects.all().delete()
    page.locator("#dialog").get_by_role("button", name="Save Changes").click()
    page.locator("#sign-in-again").get_by_label("User name or e-mail").fill("ben")
    sign_in_again(page)
    page.wait_for_url("**/")
    expect(page.get_by_text("12.50")).to_have_count(0)
    assert not CreditGrant.objects.exists()


@pytest.mark.faults("net::ERR_FAILED|^htmx:")
def test_a_server_that_cannot_be_reached_is_said_beside_the_button(visit):
    page = open_and_fill(visit, make_client())
    page.route("**/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    popup = page.locator("#dialog")
    popup.get_by_role("button", name="Save Changes").click()
    expect(popup.locator("[data-unsent]")).to_contain_text("The server did not answer.")
    expect(page.locator(".toast")).to_have_count(0)
    page.unroute_all()
    popup.get_by_role("button", name="Save Changes").click()
    expect(page.locator(".toast-good")).to_contain_text("Credit of 12.50 USD added")


@pytest.mark.faults("net::ERR_FAILED")
def test_a_page_says_it_too_and_keeps_what_was_typed(visit):
    page = visit(reverse("clients:add"))
    page.get_by_label("Company name").fill("Acme Ltd")
    page.route("**/signed-in/", lambda route: route.abort())
    page.locator("main").get_by_role("button", name="Add Client").click()
    expect(page.locator("main [data-unsent]")).to_contain_text("The server did not answer.")
    expect(page.get_by_label("Company name")).to_have_value("Acme Ltd")


@pytest.mark.faults("status of 403|^htmx:|Response Status Error")
def test_a_form_opened_before_signing_in_elsewhere_is_sent(visit, context, live_server):
    """Signing in anew changes the token that forms are sent with."""
    page = open_and_fill(visit, make_client())
    StaffSession.objects.all().delete()
    elsewhere = context.new_page()
    elsewhere.goto(f"{live_server.url}/sign-in/")
    elsewhere.get_by_label("User name or e-mail").fill("maria")
    elsewhere.get_by_label("Password").fill(PASSWORD)
    elsewhere.get_by_role("button", name="Sign in", exact=True).click()
    elsewhere.wait_for_url("**/")
    page.locator("#dialog").get_by_role("button", name="Save Changes").click()
    expect(page.locator(".toast-good")).to_contain_text("Credit of 12.50 USD added")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_toast_covers_nothing(visit, width):
    page = open_and_fill(visit, make_client())
    page.set_viewport_size({"width": width, "height": 800})
    page.locator("#dialog").get_by_role("button", name="Save Changes").click()
    expect(page.locator(".toast")).to_be_visible()
    assert covered_by_toasts(page, "#dialog-body") == []
    page.locator("#dialog").get_by_role("button", name="Close").click()
    expect(page.locator("#dialog")).to_be_hidden()
    expect(page.locator(".toast")).to_be_visible()
    assert covered_by_toasts(page, "main, .bar") == []


def covered_by_toasts(page: Page, place: str) -> list[str]:
    return page.evaluate(
        """(place) => [...document.querySelectorAll(`:is(${place}) :is(a, button, input, .figure)`)].filter((each) => {
            const [box, toast] = [each, document.querySelector(".toast")].map((one) => one.getBoundingClientRect());
            return each.checkVisibility() && box.top < toast.bottom && box.bottom > toast.top
                && box.left < toast.right && box.right > toast.left;
        }).map((each) => each.outerHTML)""",
        place,
    )
