"""Requests within their limits: see `billing_admin/db/limits.py`.

Who was refused because of a lock is answered 409, who asked too often 429.
"""

from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus
from typing import Any

import psycopg
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django_htmx.http import reswap, trigger_client_event

from billing_admin.db.limits import Busy, LimitedRequest, limited_request
from billing_admin.db.source import Source, acting_from, source_here

from .rates import TooOften, too_often

_REFUSED = psycopg.errors.LockNotAvailable | psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure
_SOMETHING = "Somebody else is changing the same at this moment; nothing was saved. Try again in a moment."


def takes_long[View: Callable[..., HttpResponseBase]](view: View) -> View:
    """Let the statements of this view take their time: it reads very much, as an export or a preview of a file does."""
    view.takes_long = True  # type: ignore[attr-defined]
    return view


def _source_of(request: HttpRequest) -> Source:
    """Address, digest of the session, and the id of the request.

    Behind a proxy REMOTE_ADDR is what a trusted one said: see `billing_admin/wsgi.py`.
    """
    source: Source = {**source_here()}
    if address := request.META.get("REMOTE_ADDR"):
        source["address"] = address
    if key := request.session.session_key:
        source["session"] = sha256(key.encode()).hexdigest()[:32]
    return source


class LimitsMiddleware:
    """A form that was refused because of a lock comes back filled in, with 409; without a form a page says why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with acting_from(_source_of(request)), limited_request() as limited:
            request.limited = limited  # type: ignore[attr-defined]
            response = self.get_response(request)
        if limited.was_refused and response.status_code in (HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_CONTENT):
            response.status_code = HTTPStatus.CONFLICT
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        limited: LimitedRequest = request.limited  # type: ignore[attr-defined]
        limited.takes_long = getattr(view, "takes_long", False)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Say it where no form did. What was typed into a popup stays there, and a browser has it when it goes back."""
        if isinstance(error, OperationalError) and isinstance(error.__cause__, _REFUSED):
            said = _SOMETHING
        elif isinstance(error, Busy):
            said = str(error)
        elif isinstance(error, TooOften):
            return too_often(request, error)
        else:
            return None
        if getattr(request, "htmx", None):
            toast = HttpResponse(status=HTTPStatus.CONFLICT)
            return reswap(trigger_client_event(toast, "toast", {"text": said, "level": "attention"}), "none")
        page = render_to_string("409.html", {"request": request, "reason": said})
        return HttpResponse(page, status=HTTPStatus.CONFLICT)
