"""What is sent with a request: how large it may be, and how many may be at it. Refused in a sentence.

A thread that waits for what comes slowly answers nobody else meanwhile, and the server cannot take it away again. So
only half of the threads of a process ever do: whoever sends a byte a minute, signed in or not, holds up no pages. A
proxy in front that takes in the whole of what is sent first, as nginx does, lets none of that come so far.
"""

import errno
import tempfile
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from .outages import DISK_FULL

# The largest file that any form takes has 25 MB: a client's, where the settings let it.
LARGEST_REQUEST = 26_000_000

# How long one waits for others that are at it: most are done within a millisecond.
SECONDS_FOR_OTHERS = 0.1
SECONDS_TO_TRY_AGAIN = 10
_PORTION = 65_536
_IN_MEMORY = 1_000_000
_REFUSED = "billing_admin.refused_body"

_reading = threading.BoundedSemaphore(max(1, settings.REQUEST_THREADS // 2))

type Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_TOO_MANY = (
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Others are sending much at this moment, so this was not taken. Nothing was saved; try again in a moment.",
)
_BROKEN_OFF = HTTPStatus.BAD_REQUEST, "What was sent broke off. Nothing was saved."


def with_whole_bodies(application: Application) -> Application:
    """The application, asked only once all is there that was sent: for a server that does not see to that itself."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = _length_of(environ)
        if not 0 < length <= LARGEST_REQUEST:
            return application(environ, start_response)
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as body:
            problem = _read(environ["wsgi.input"], length, body)
            return application({**environ, "wsgi.input": body, _REFUSED: problem}, start_response)

    return answer


def _read(source: Any, length: int, body: IO[bytes]) -> tuple[HTTPStatus, str] | None:
    """Put into the file what comes; why that is given up, if it is."""
    if not _reading.acquire(timeout=SECONDS_FOR_OTHERS):
        return _TOO_MANY
    try:
        while length > 0 and (part := source.read(min(_PORTION, length))):
            body.write(part)
            length -= len(part)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            return HTTPStatus.SERVICE_UNAVAILABLE, DISK_FULL
    finally:
        _reading.release()
    body.seek(0)
    return _BROKEN_OFF if length else None


class BodiesMiddleware:
    """Refuse, on whatever page, what is too large by what its head says, and what was not taken or broke off."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if (length := _length_of(request.META)) > LARGEST_REQUEST:
            return refused_body(
                request,
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"What was sent has {length / 1e6:,.1f} MB; {LARGEST_REQUEST / 1e6:,.0f} MB are taken at most. "
                "Nothing was saved.",
            )
        if (problem := request.META.get(_REFUSED)) is not None:
            return refused_body(request, *problem)
        return self.get_response(request)


def too_large(error: Exception) -> str | None:
    """What to say of a form that Django found too large; None for another error."""
    if isinstance(error, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        return f"What was typed into the form is more than {most / 1e6:,.1f} MB. Nothing was saved."
    if isinstance(error, TooManyFieldsSent):
        return f"The form has more than {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} fields. Nothing was saved."
    if isinstance(error, TooManyFilesSent):
        return f"More than {settings.DATA_UPLOAD_MAX_NUMBER_FILES:,} files were sent at once. Nothing was saved."
    return None


def refused_body(request: HttpRequest, status: HTTPStatus, reason: str) -> HttpResponse:
    """The page that says why."""
    page = render_to_string("413.html", {"request": request, "reason": reason, "status": status})
    answer = HttpResponse(page, status=status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer["Retry-After"] = str(SECONDS_TO_TRY_AGAIN)
    return answer


def _length_of(environ: dict[str, Any]) -> int:
    told = str(environ.get("CONTENT_LENGTH") or "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 19 else LARGEST_REQUEST + 1 if told else 0
