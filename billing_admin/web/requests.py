"""What each request is known by: an id, which its answer, the page of an error, the log and activity bear."""

import re
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from billing_admin.db.source import acting_from

HEADER = "X-Request-ID"

_GIVEN = re.compile(r"[\w.-]{8,64}", re.ASCII)


class RequestsMiddleware:
    """Take the id that a proxy gave the request, or give it one of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        request.id = given if _GIVEN.fullmatch(given) else uuid4().hex  # type: ignore[attr-defined]
        with acting_from({"request": request.id}):  # type: ignore[attr-defined]
            response = self.get_response(request)
        response[HEADER] = request.id  # type: ignore[attr-defined]
        return response
