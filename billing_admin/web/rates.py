"""How often a person may ask for what costs the server much, by the settings; counted by `db/rates.py`."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from billing_admin.db.rates import Rate, take
from billing_admin.text import pluralize

from .http import staff

_MINUTE, _HOUR = 60, 3600

# Kind → what is counted, and the seconds that it is counted in. The box asks at each letter that is typed.
_KINDS = {
    "search": ("search", "searches", _MINUTE),
    "search box": ("search", "searches", _MINUTE),
    "report": ("report", "reports", _MINUTE),
    "file": ("file", "files", _HOUR),
}


class TooOften(Exception):
    """Nothing was done: the person asked for this too often. `seconds` are to be waited."""

    def __init__(self, kind: str, limit: int, seconds: int) -> None:
        one, many, length = _KINDS[kind]
        within, wait = ("a minute", "a minute") if length == _MINUTE else ("an hour", _minutes(seconds))
        said = f"No more than {pluralize(limit, one, many)} in {within} are answered to one person"
        super().__init__(f"{said}. Try again in {wait}.")
        self.seconds = seconds


def count(request: HttpRequest, kind: str) -> None:
    """Count that the person asks for something of this kind.

    Raises TooOften.
    """
    limit = settings.RATES[kind]
    person = staff(request).pk
    if limit and (seconds := take(Rate(kind, limit, _KINDS[kind][2]), str(person), person=person)):
        raise TooOften(kind, limit, seconds)


def counted[View: Callable[..., HttpResponseBase]](kind: str) -> Callable[[View], View]:
    """Count each look at this view as something of this kind; what is sent to it is counted as what it is."""

    def decorate(view: View) -> View:
        @wraps(view)
        def looked_at(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in ("GET", "HEAD"):
                count(request, kind)
            return view(request, *args, **kwargs)

        return looked_at  # type: ignore[return-value]

    return decorate


def too_often(request: HttpRequest, error: TooOften) -> HttpResponse:
    """The page that says so; a script shows its sentence beside what was asked."""
    page = render_to_string("429.html", {"request": request, "reason": str(error)})
    headers = {"Retry-After": str(error.seconds)}
    return HttpResponse(page, status=HTTPStatus.TOO_MANY_REQUESTS, headers=headers)


def _minutes(seconds: int) -> str:
    return pluralize(-(-seconds // _MINUTE), "minute")
