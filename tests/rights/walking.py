"""What is answered to somebody, and what a page offers them. Whatever is sent is taken back."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.test import Client as Browser

from tests.pages import parse
from tests.rights.table import MAY, MAY_NOT, url_of
from tests.unchanged import taken_back

NOT_TAKEN, SIGNED_OUT = "·", "sign-in"

# A file of any list, and of its documents, is asked for as that of these.
_AS_ONE = {"export": "/lists/clients/act/export/", "documents": "/lists/invoices/act/documents/"}


def ask(browser: Browser, address: str, method: str = "GET") -> Any:
    """The answer."""
    session = browser.cookies.get(settings.SESSION_COOKIE_NAME)
    with taken_back():
        answer: Any = browser.get(address) if method == "GET" else browser.post(address, {})
        if answer.streaming:
            b"".join(answer.streaming_content)
    if session is not None:  # signing out takes it away
        browser.cookies[settings.SESSION_COOKIE_NAME] = session.value
    return answer


def mark_of(answer: Any) -> str:
    """How the table says it: answered, refused, not a method of it, or led to the sign-in page."""
    if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return NOT_TAKEN
    if answer.status_code == HTTPStatus.FORBIDDEN:
        return MAY_NOT
    if answer.status_code == HTTPStatus.FOUND and answer.headers["Location"].startswith("/sign-in/?next="):
        return SIGNED_OUT
    assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, answer
    return MAY


def offered(answer: Any, address: str) -> Iterator[tuple[str, str]]:
    """URL and method of every link, form and button of a page, as the table has them.

    A form that nothing sends is none: it shows what somebody may not change.
    """
    if answer.status_code != HTTPStatus.OK or not answer.headers["Content-Type"].startswith("text/html"):
        return
    page = parse(answer)
    told = [(link.attributes["href"], "GET") for link in page.all("a[href]")]
    told += [(part.attributes["hx-get"], "GET") for part in page.all("[hx-get]")]
    for form in page.all("form"):
        method = form.attributes.get("method", "get").upper()
        buttons = [button.attributes["formaction"] for button in form.all("[formaction]")]
        named = form.attributes.get("id", "-")
        if form.all("button, [data-autosubmit], [type=submit]") or page.all(f'button[form="{named}"]'):
            told += [(action, method) for action in (form.attributes.get("action", ""), *buttons)]
    for target, method in told:
        whole = urlsplit(urljoin(address, target))
        if not whole.netloc and not whole.scheme and not whole.path.startswith(settings.STATIC_URL):
            url = url_of(whole.path)
            yield next((one for doing, one in _AS_ONE.items() if url.endswith(f"/act/{doing}/")), url), method
