"""docs/activity.md: what each form writes down, compared with the URLs and with what every test sees it write."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404

from clients.models.activity_permissions import PERMISSIONS

from .rights.table import url_of

DOCUMENT = settings.BASE_DIR / "docs" / "activity.md"
NOTHING = "nothing: "
_INSERT = re.compile(r"INSERT INTO \"?clients_activity\"? ")


def written_by_forms() -> dict[tuple[str, str], frozenset[str]]:
    """URL and method → the verbs of what it writes down; none of one that says why it writes nothing."""
    return {
        (url, method): frozenset() if said.startswith(NOTHING) else frozenset(said.replace("`", "").split())
        for url, method, said in lines()
    }


def lines() -> Iterator[tuple[str, str, str]]:
    """URL, method and what is written, of each line of that table."""
    for row in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if row.startswith("| `/"):
            url, method, said = (cell.strip() for cell in row.strip("| ").split("|"))
            yield url.strip("`"), method, said


class WrittenDown:
    """In the tests, the middleware that fails a request which writes other activity than the document says."""

    table: dict[tuple[str, str], frozenset[str]] = {}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        verbs: set[str] = set()

        def listen(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
            if isinstance(sql, str) and _INSERT.search(sql) and not many:
                verbs.update(each for each in params or () if isinstance(each, str) and each in PERMISSIONS)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(listen):
            response = self.get_response(request)
        # Whoever is asked on the way who it is answers that on any page.
        if told := {verb for verb in verbs if not verb.startswith("sign_in.")}:
            require_written(request, told)
        return response


def require_written(request: HttpRequest, verbs: set[str]) -> None:
    """Fail where none of these verbs stands in the line of the request."""
    try:
        url = url_of(request.path)
    except Resolver404:
        return
    WrittenDown.table = WrittenDown.table or written_by_forms()
    said = WrittenDown.table.get((url, request.method or ""))
    assert said is not None, f"docs/activity.md has no line for {request.method} {url}, which writes {verbs}."
    assert said & verbs, f"docs/activity.md says {set(said) or 'nothing'} of {request.method} {url}: it writes {verbs}."
