"""An outage of the database or the disk is told as one, with a line in the log and no traceback."""

import errno
import logging
from collections.abc import Iterator
from http import HTTPStatus

import psycopg
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from billing_admin.db.connections import NotConfirmed

from .log import address_of, said

SECONDS_TO_TRY_AGAIN = 10

DISK_FULL = "The disk of the server is full, so nothing can be saved until somebody makes room on it."
_TOO_LONG = "This took longer than a page may take and was stopped."
_NO_ANSWER = "The database does not answer at this moment, or all connections to it are in use."
_NOT_CONFIRMED = "The database did not confirm in time that it is kept, on its standby too where there is one."

# What PostgreSQL says: connection, resources, intervention, system (classes), and a transaction idle for too long.
_CANNOT_WORK = ("08", "53", "57", "58", "25P03")

_log = logging.getLogger("billing_admin.outages")


def unavailable(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The page for an error that is an outage, which needs no database; None for any other error."""
    reason = _reason(error)
    if reason is None:
        return None
    page = render_to_string("503.html", {"request": request, "reason": reason})
    answer = HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE)
    answer["Retry-After"] = str(SECONDS_TO_TRY_AGAIN)
    _log.error("503 %s %s: %s", request.method, address_of(request), error and (said(error) or type(error).__name__))
    answer._has_been_logged = True  # type: ignore[attr-defined]  # Django would log the traceback too
    return answer


def is_outage(error: BaseException) -> bool:
    """Whether it is an outage, and no fault of ours."""
    return _reason(error) is not None


def took_too_long(error: BaseException) -> bool:
    """Whether one statement took too long, while the database works."""
    return any(isinstance(cause, psycopg.errors.QueryCanceled) for cause in _causes(error))


def _reason(error: BaseException | None) -> str | None:
    """What is out of order, for staff; None where it is a fault of ours."""
    causes = list(_causes(error))
    if any(
        isinstance(cause, psycopg.errors.DiskFull) or (isinstance(cause, OSError) and cause.errno == errno.ENOSPC)
        for cause in causes
    ):
        return DISK_FULL
    if error is not None and took_too_long(error):
        return _TOO_LONG
    if any(isinstance(cause, NotConfirmed) for cause in causes):
        return _NOT_CONFIRMED
    return _NO_ANSWER if any(map(_cannot_work, causes)) else None


def _cannot_work(error: BaseException) -> bool:
    """Whether it came from no answer at all, or from an answer that the database cannot work at this moment."""
    if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(_CANNOT_WORK)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
