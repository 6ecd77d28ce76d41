"""What a test in Chromium needs: the browser, the product served as it is, and somebody signed in."""

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as PlainBrowser
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from billing_admin.staff.groups import OWNER
from clients.models import Client
from tests.browser import chromium
from tests.browser.everything import make_acme
from tests.factories import make_staff
from tests.real_commits import transactional_db  # noqa: F401

PATIENCE = 15_000  # milliseconds, for a machine that is busy


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium of this machine. Without one the tests here fail in CI and are skipped elsewhere."""
    path = chromium.find()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(chromium.MISSING)
    return {**browser_type_launch_args, "executable_path": path, "args": chromium.ARGUMENTS}


@pytest.fixture(scope="session", autouse=True)
def queries_beside_playwright() -> Iterator[None]:
    """Playwright leaves its event loop where Django sees it and takes every query for one inside a coroutine.

    For the whole session: the loop stays until the browser is closed, which is after the last test.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """The test server finds static files where they are made, by their plain names."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def maria(transactional_db: None) -> User:  # noqa: F811
    """An Owner."""
    return make_staff(OWNER, username="maria")


@pytest.fixture
def signed_in(context: BrowserContext, live_server: Any, maria: User) -> None:
    """Maria is signed in already."""
    plain = PlainBrowser()
    plain.force_login(maria)
    (cookie,) = plain.cookies.values()
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


@pytest.fixture
def page(page: Page, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that fails the test when a script fails or the content security policy stops something.

    What a test brings about itself it says by the mark `faults(pattern)`.
    """
    faults: list[str] = []
    expected = "|".join(["status of 422", *(mark.args[0] for mark in request.node.iter_markers("faults"))])

    def note(message: ConsoleMessage) -> None:
        # Chromium calls a form that was refused with 422 an error.
        if message.type == "error" and not re.search(expected, message.text):
            faults.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    yield page
    assert faults == []


@pytest.fixture
def visit(page: Page, live_server: Any) -> Callable[[str], Page]:
    """`visit("/clients/1/")` opens an address of the product."""

    def visit(path: str) -> Page:
        page.goto(f"{live_server.url}{path}")
        return page

    return visit


@pytest.fixture
def acme(transactional_db: None) -> Client:  # noqa: F811
    """A client with something of everything."""
    return make_acme()
