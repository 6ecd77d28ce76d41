"""Second factors in the browser, with an authenticator as Chromium plays one: added, signed in with, recovered from."""

import re

import pytest
from playwright.sync_api import Page, expect

from billing_admin.models import Role, StaffSession
from clients.models import Client
from tests.factories import make_client
from tests.second_factors import code_of, codes_of, give_app

pytestmark = pytest.mark.browser

PASSWORD = "correct horse battery"


@pytest.fixture
def passkeys(page: Page):
    """Chromium has an authenticator that knows its owner. Passkeys belong to a name, as localhost."""
    chromium = page.context.new_cdp_session(page)
    chromium.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    return chromium.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


@pytest.fixture
def home(live_server, maria):
    """The product, by its name."""
    return live_server.url.replace("127.0.0.1", "localhost")


def sign_in(page: Page) -> None:
    page.get_by_label("User name or e-mail").fill("maria")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.locator(".bar-person summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/**")


def test_an_app_is_added_and_signs_in_and_a_recovery_code_does(page, home, maria):
    page.goto(f"{home}/account/")
    sign_in(page)
    page.get_by_role("link", name="Add an app").click()
    secret = re.search(r"Key: (\S+)", page.locator("main").inner_text())[1]
    page.get_by_label("Code that the app shows").fill(code_of(secret))
    page.get_by_role("button", name="Add App").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    code = page.locator(".recovery-codes li").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator("#factors")).to_contain_text("10 left")
    sign_out(page)
    sign_in(page)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(f"{home}/")
    assert len(codes_of(maria)) == 9


def test_a_passkey_is_added_and_signs_in_alone_and_as_second_step(page, home, passkeys):
    page.goto(f"{home}/account/")
    sign_in(page)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("Laptop <b>")
    page.get_by_role("button", name="Add Passkey").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    sign_out(page)
    page.goto(f"{home}/sign-in/?next=/clients/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{home}/clients/")
    page.goto(f"{home}/account/")
    expect(page.locator("#factors")).to_contain_text("Laptop <b>, added")
    sign_out(page)
    sign_in(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{home}/")


def test_a_passkey_that_is_not_known_here_signs_nobody_in(page, home, passkeys):
    page.goto(f"{home}/account/passkeys/add/")
    sign_in(page)
    page.get_by_role("button", name="Add Passkey").click()
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("link", name=re.compile("Remove Chrome")).click()
    page.get_by_role("button", name="Remove Passkey").click()
    expect(page.locator("#factors")).to_contain_text("They come with the first")
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator(".toast")).to_contain_text("This passkey is not known here.")
    assert not StaffSession.objects.filter(person__isnull=False).exists()


def test_who_must_have_one_is_led_there_and_goes_on_after(page, home):
    Role.objects.filter(built_in="owner").update(second_factor=True)
    page.goto(f"{home}/clients/")
    sign_in(page)
    expect(page.locator("main .alert")).to_contain_text("A role of yours needs a second factor.")
    page.get_by_role("link", name="Add an app").click()
    secret = re.search(r"Key: (\S+)", page.locator("main").inner_text())[1]
    page.get_by_label("Code that the app shows").fill(code_of(secret))
    page.get_by_role("button", name="Add App").click()
    page.get_by_role("link", name="I have kept them").click()
    page.goto(f"{home}/clients/")
    expect(page.locator("main h1")).to_contain_text("Clients")


def test_a_session_that_ended_asks_for_both_steps_in_place(page, home, maria):
    secret = give_app(maria)
    acme = make_client()
    page.goto(f"{home}/clients/{acme.number}/notes/add/")
    sign_in(page)
    page.get_by_label("Code").fill(codes_of(maria)[0])
    page.get_by_role("button", name="Go on").click()
    page.locator("main textarea").fill("Called about the outage")
    StaffSession.objects.all().delete()
    page.locator("main").get_by_role("button", name=re.compile("Add|Save")).click()
    again = page.locator("#sign-in-again")
    again.get_by_label("Password").fill(PASSWORD)
    again.get_by_role("button", name="Sign in", exact=True).click()
    again.get_by_label("Code").fill(code_of(secret))
    again.get_by_role("button", name="Go on").click()
    expect(page.locator("main")).to_contain_text("Called about the outage")
    assert acme.notes.get().text == "Called about the outage"


def test_a_popup_asks_who_it_is_and_goes_on_with_what_was_typed(page, home, settings, monkeypatch):
    from billing_admin.staff.sign_in import fresh

    acme = make_client()
    page.goto(f"{home}/clients/{acme.number}/")
    sign_in(page)
    monkeypatch.setattr(fresh, "SECONDS", 0)
    page.get_by_role("link", name="Delete Client").first.click()
    popup = page.locator("#dialog")
    popup.locator("[name=number]").fill(str(acme.number))
    popup.get_by_role("button", name="Delete Client").click()
    expect(popup).to_contain_text("Confirm that it is you")
    assert Client.objects.exists()
    popup.get_by_label("Your password").fill(PASSWORD)
    popup.get_by_role("button", name="Go on").click()
    page.wait_for_url(f"{home}/clients/")
    assert not Client.objects.exists()
