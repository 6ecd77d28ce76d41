"""Pages that may be read from a replica of the database: lists and reports, where DATABASE_REPLICA_URL names one.

Who wrote something sees it: an answer to what was sent says in a cookie how far the log was by then.
"""

import logging
import re
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error, connections
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from billing_admin.db.replica import ALIAS, Behind, is_used, pause, place_in_log, reading_replica

COOKIE = "__Host-written" if settings.HTTPS else "written"
# By then a replica has what was written, or is too far behind to be read at all.
_SECONDS = 60
_PLACE = re.compile("[0-9A-F]{1,8}/[0-9A-F]{1,8}")
_LOOKING = ("GET", "HEAD")
# The address of a page that shows a job: workers hold locks on the first server, and what they did is to be seen.
# So are runs, by the mark `shows_work`.
_JOB = "job"

_log = logging.getLogger("billing_admin.replica")


def may_read_replica[View: Callable[..., HttpResponseBase]](view: View) -> View:
    """Let this view read the replica when it is looked at: it writes nothing and looks at no locks then.

    It stands within what looks at rights and counts, which is done on the first server. Whatever the replica fails at,
    or has not heard of, is read once more from the first server.
    """

    @wraps(view)
    def read(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in _LOOKING and _JOB not in request.GET and is_used():
            written = request.COOKIES.get(COOKIE, "")
            try:
                with reading_replica(written if _PLACE.fullmatch(written) else ""):
                    return view(request, *args, **kwargs)
            except (Behind, Http404):
                pass
            except Error as error:
                pause()
                _log.warning("The replica is not read for a moment: %s", error)
        return view(request, *args, **kwargs)

    read.may_read_replica = True  # type: ignore[attr-defined]
    return read  # type: ignore[return-value]


def shows_work[View: Callable[..., HttpResponseBase]](view: View) -> View:
    """Mark a page that says how far a worker is: the lists that are looked at next have as much."""
    view.shows_work = True  # type: ignore[attr-defined]
    return view


class WrittenMiddleware:
    """After what was sent, and on pages that show a job or a run, note how far the log is that the person has seen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if ALIAS not in connections.settings:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        shows = _JOB in request.GET or getattr(getattr(request.resolver_match, "func", None), "shows_work", False)
        if request.method not in _LOOKING or shows:
            with suppress(Error):  # then the answer says so itself
                response.set_cookie(
                    COOKIE, place_in_log(), max_age=_SECONDS, secure=settings.HTTPS, httponly=True, samesite="Lax"
                )
        return response
