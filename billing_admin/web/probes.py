"""What a load balancer or a supervisor asks: whether this process answers, and whether it can do its work.

Each is answered before hosts, HTTPS, sessions and people are looked at, over plain HTTP too. Neither says anything of
the worker or of daily tasks: pages go on without them, and `manage.py doctor` and the metrics tell of those.
"""

import logging
import time
from collections.abc import Callable
from http import HTTPMethod, HTTPStatus
from threading import Lock

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from psycopg_pool import PoolTimeout

from billing_admin.db.limits import TookTooLong, at_most
from billing_admin.db.locks import second_connection
from billing_admin.db.versions import missing_migrations
from billing_admin.text import pluralize

ALIVE, READY = "/healthz", "/readyz"

# So long what was found is told again without a look, however many ask.
SECONDS_KEPT = 1
_log = logging.getLogger("billing_admin.probes")
_MILLISECONDS = 2_000
_NO_DATABASE = "Not ready: the database does not answer."


class ProbesMiddleware:
    """`/healthz`: this process answers. `/readyz`: the database does too, and has what this version needs; else 503."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.looking = Lock()
        self.found, self.found_at = "", float("-inf")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info not in (ALIVE, READY):
            return self.get_response(request)
        if request.method not in (HTTPMethod.GET, HTTPMethod.HEAD):
            return plain("Only GET and HEAD are answered here.", HTTPStatus.METHOD_NOT_ALLOWED, Allow="GET, HEAD")
        if request.path_info == ALIVE:
            return plain("This process answers.")
        why_not = self.why_not_ready()
        return plain(why_not, HTTPStatus.SERVICE_UNAVAILABLE) if why_not else plain("Ready.")

    def why_not_ready(self) -> str:
        """In a sentence; empty where it is ready."""
        with self.looking:
            if time.monotonic() > self.found_at + SECONDS_KEPT:
                before, self.found, self.found_at = self.found, _look(), time.monotonic()
                if self.found != before:
                    _log.warning("%s", self.found or "Ready again.")
            return self.found


def plain(text: str, status: HTTPStatus = HTTPStatus.OK, **headers: str) -> HttpResponse:
    """A line of text that nobody keeps."""
    kept = {"Cache-Control": "no-store", **headers}
    answer = HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8", headers=kept)
    answer._has_been_logged = True  # type: ignore[attr-defined]  # else Django would add a line each time
    return answer


def _look() -> str:
    try:
        with at_most(_MILLISECONDS):
            missing = missing_migrations(connection)
    except (Error, TookTooLong) as error:
        return _NO_DATABASE if is_away(error) else ""
    if missing:
        return f"Not ready: {pluralize(len(missing), 'migration')} of this version did not run yet (manage.py migrate)."
    return ""


def is_away(error: Exception) -> bool:
    """Whether the database does not answer. Where it does beside the pool, all of that is in use: pages take turns."""
    if not isinstance(error.__cause__, PoolTimeout):
        return True
    try:
        with second_connection() as own, own.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return True
    return False
