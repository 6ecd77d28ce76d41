"""The one box in the bar, and the client of a form, by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.factories import make_client

FILES = ("build/app.css", "build/app.js", "favicon.svg")

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]


@pytest.fixture
def acme(transactional_db):
    return make_client("Acme Ltd", email="billing@acme.example")


def box(page: Page):
    return page.get_by_role("combobox", name="Search")


def chosen(page: Page):
    """The option that Enter takes."""
    return page.locator("[role=option][aria-selected=true]")


@pytest.mark.parametrize("key", ["/", "Control+k", "Control+K"])
def test_results_come_while_typing_and_enter_takes_the_first(visit, acme, key):
    page = visit("/reports/")
    page.keyboard.press(key)
    expect(box(page)).to_be_focused()
    page.keyboard.type("acm")
    expect(chosen(page)).to_contain_text("Acme Ltd")
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/clients/{acme.number}/")


def test_enter_takes_the_first_though_it_was_pressed_before_it_came(visit, acme):
    page = visit("/reports/")
    page.keyboard.press("/")
    page.keyboard.type("acme")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/clients/{acme.number}/")


def test_arrows_go_round_and_escape_closes_then_leaves(visit, acme):
    make_client("Acme Two", email="")
    page = visit("/reports/")
    page.keyboard.press("/")
    page.keyboard.type("acme")
    expect(chosen(page)).to_contain_text("Acme Ltd")
    for key, expected in [("ArrowDown", "Acme Two"), ("ArrowDown", "Acme Ltd"), ("ArrowUp", "Acme Two")]:
        page.keyboard.press(key)
        expect(chosen(page)).to_contain_text(expected)
    page.keyboard.press("Escape")
    expect(page.locator("#found")).to_be_hidden()
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("acme")
    page.keyboard.press("Escape")
    expect(box(page)).not_to_be_focused()


def test_one_request_is_in_flight_and_the_newest_text_is_answered_last(visit, acme):
    page = visit("/reports/")
    page.evaluate(
        """() => {
            window.asked = { all: 0, running: 0, most: 0 };
            document.addEventListener("htmx:beforeSend", () => {
                asked.all += 1; asked.running += 1; asked.most = Math.max(asked.most, asked.running);
            });
            document.addEventListener("htmx:afterRequest", () => { asked.running -= 1; });
        }"""
    )
    page.keyboard.press("/")
    page.keyboard.type("billing@acme.example")
    expect(page.locator("[data-choices-for='billing@acme.example'] [role=option]")).to_have_text(re.compile("Acme Ltd"))
    asked = page.evaluate("asked")
    assert asked["most"] == 1
    assert asked["all"] < len("billing@acme.example")


def test_a_second_enter_does_not_wait_for_an_answer(visit, acme):
    page = visit("/reports/")
    page.route(
        re.compile("/search/"), lambda route: route.continue_() if route.request.is_navigation_request() else None
    )
    page.keyboard.press("/")
    page.keyboard.type("acme ltd")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/clients/{acme.number}/")
    page.unroute_all(behavior="ignoreErrors")


def test_an_action_opens_its_popup_here_and_focus_comes_back(visit, acme):
    page = visit("/reports/")
    page.keyboard.press("/")
    page.keyboard.type("add credit to acme")
    expect(chosen(page)).to_have_text(re.compile("Add credit to Acme Ltd"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_label("Amount")).to_be_focused()
    page.keyboard.press("Escape")
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("")
    expect(page.locator("#found")).to_be_hidden()
    expect(page).to_have_url(re.compile("/reports/$"))


def test_clients_looked_at_last_come_first_and_go_with_signing_out(visit, acme):
    visit(f"/clients/{acme.number}/")
    page = visit("/reports/")
    page.keyboard.press("/")
    expect(page.locator(".choices [role=option]")).to_have_text([re.compile("Acme Ltd")])
    assert [key for key in page.evaluate("Object.keys(localStorage)") if key.startswith("recent")] != []
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "Acme" not in kept
    page.locator("form[data-sign-out]").first.evaluate("form => form.requestSubmit()")
    page.wait_for_url("**/sign-in/**")
    assert [key for key in page.evaluate("Object.keys(localStorage)") if key.startswith("recent")] == []


def test_a_client_is_chosen_in_a_form_without_sending_it(visit, acme):
    make_client("Acme Two", email="")
    page = visit("/transactions/")
    page.get_by_role("link", name="Add Transaction").first.click()
    popup = page.get_by_role("dialog")
    field = popup.get_by_role("combobox", name="Client")
    expect(field).to_be_focused()
    page.keyboard.type("acme")
    expect(popup.locator("[data-choices-for=acme] [role=option]")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value(re.compile("Acme Two – No. "))
    expect(popup.locator("#id_client_list")).to_be_hidden()
    expect(popup).to_be_visible()
    page.keyboard.type("!")
    page.keyboard.press("Escape")  # closes the lines at most, never the form with what was typed
    expect(popup).to_be_visible()


def test_a_currency_and_a_language_are_chosen_from_the_same_lines(visit, acme):
    page = visit(f"/clients/{acme.number}/profile/")
    currency = page.get_by_role("combobox", name="Currency")
    expect(currency).to_have_value("USD")
    currency.click()
    expect(chosen(page)).to_have_text("USD")  # among all of them
    currency.press_sequentially("ch")
    expect(page.locator("#id_currency_box [role=option]")).to_have_text(["CHF"])
    page.keyboard.press("Enter")
    expect(currency).to_have_value("CHF")
    language = page.get_by_role("combobox", name="Language")
    language.focus()
    page.keyboard.type("german")
    page.keyboard.press("Tab")  # takes what is marked
    expect(language).to_have_value("German (de)")
    language.fill("Klingon")
    page.keyboard.press("Tab")
    expect(language).to_have_value("German (de)")  # what is no language gives way
    expect(page.locator("select[name=currency], select[name=language]")).to_have_count(2)
    page.get_by_role("button", name="Save Changes").click()
    expect(page.locator(".toast-good")).to_be_visible()
    acme.refresh_from_db()
    assert (acme.currency, acme.language) == ("CHF", "de")


def test_a_popups_currency_is_typed_and_few_choices_stay_a_select(visit, acme):
    page = visit(f"/clients/{acme.number}/credits/manage/")
    currency = page.get_by_role("combobox", name="Currency")
    currency.focus()
    page.keyboard.type("eur")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(currency).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("select[name=currency]")).to_have_value("EUR")
    page = visit(f"/clients/{acme.number}/profile/")
    expect(page.locator("select[name=status]")).to_be_visible()


def test_a_country_is_chosen_from_the_same_lines(visit, acme):
    page = visit(f"/clients/{acme.number}/profile/")
    country = page.get_by_role("combobox", name="Country")
    country.fill("")
    country.press_sequentially("osterr")
    expect(page.locator(".choices [role=option]")).to_have_count(0)
    country.fill("")
    country.press_sequentially("aust")
    expect(page.locator(".choices [role=option]")).to_have_text(["Australia (AU)", "Austria (AT)"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(country).to_have_value("Austria (AT)")


def test_a_first_visit_is_five_requests_at_most(page, live_server, acme):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(live_server.url)))
    page.goto(f"{live_server.url}/clients/{acme.number}/")
    page.wait_for_load_state("networkidle")
    assert {each for each in asked if each.startswith("/static/")} <= {f"/static/{name}" for name in FILES}
    assert len(asked) <= 5
