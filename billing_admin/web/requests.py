"""What each request is known by: an id, which its answer, the page of an error, the log and activity bear.

Each is a line of the log where that is JSON, else only one that took long. It has the route, which no client is named
in, never the address with what was asked.
"""

import logging
import re
import time
from collections.abc import Callable
from http import HTTPMethod
from uuid import uuid4

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from billing_admin.db.source import acting_from

from .log import actor_of
from .metrics import NO_VIEW, count_request

HEADER = "X-Request-ID"
SECONDS_OF_A_SLOW_REQUEST = 2

METHODS = frozenset(HTTPMethod)

_GIVEN = re.compile(r"[\w.-]{8,64}", re.ASCII)

_log = logging.getLogger("billing_admin.requests")


class RequestsMiddleware:
    """Take the id that a proxy gave the request, or give it one of ours; tell what became of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.monotonic()
        given = request.headers.get(HEADER, "")
        request.id = given if _GIVEN.fullmatch(given) else uuid4().hex  # type: ignore[attr-defined]
        with acting_from({"request": request.id}):  # type: ignore[attr-defined]
            response = self.get_response(request)
            _tell(request, response, time.monotonic() - began)
        response[HEADER] = request.id  # type: ignore[attr-defined]
        return response


def _tell(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    match = request.resolver_match
    view = match.view_name if match else NO_VIEW
    method = str(request.method) if request.method in METHODS else "other"  # anybody can make one up
    count_request(view, method, response.status_code, seconds)
    level = logging.WARNING if seconds > SECONDS_OF_A_SLOW_REQUEST else logging.INFO
    if not _log.isEnabledFor(level):
        return
    told = {
        "method": method,
        "route": match.route if match else "",
        "view": view,
        "status": response.status_code,
        "milliseconds": round(1000 * seconds),
        "actor": actor_of(request),
        "request": request.id,  # type: ignore[attr-defined]
    }
    words = "%(method)s /%(route)s (%(view)s): %(status)s in %(milliseconds)s ms, person %(actor)s, request %(request)s"
    _log.log(level, words, told, extra={"told": told})
