"""The pages for what went wrong. Django's own look for a token in the form first, which may be what cannot be read."""

import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from .bodies import refused_body, too_large
from .outages import unavailable


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the address or the form is not as expected; 413 where it is too large."""
    if (reason := too_large(exception)) is not None:
        return refused_body(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, reason)
    return _page(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the right that is missing where the view named it."""
    return _page(request, HTTPStatus.FORBIDDEN, str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with what is not there where the view said it."""
    said = exception.args[0] if exception.args else ""
    return _page(request, HTTPStatus.NOT_FOUND, said if isinstance(said, str) else "")


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 where it is no fault of ours but an outage."""
    return unavailable(request, sys.exc_info()[1]) or _page(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def _page(request: HttpRequest, status: HTTPStatus, said: str = "") -> HttpResponse:
    content = render_to_string(f"{status:d}.html", {"request": request, "exception": said})
    return HttpResponse(content, status=status)
