"""What goes to the log, so that it names no client: in plain lines here, as JSON in `json_log.py`.

An exception often repeats what was typed or stored, and so does PostgreSQL (DETAIL, CONTEXT, a value that it could not
read). Of those only what cannot is written down, whatever the logger; the lines of our code that led there all are.
"""

import logging
import re
import time
from copy import copy
from traceback import TracebackException
from typing import Any

import psycopg
from django import db
from django.core.exceptions import FieldError, ImproperlyConfigured, ObjectDoesNotExist
from django.http import HttpRequest
from django.template import TemplateDoesNotExist, TemplateSyntaxError

LEFT_OUT = "(left out of the log: it may name somebody)"

# They speak of code, not of data.
_OF_CODE = (
    TypeError, AttributeError, NameError, ImportError, NotImplementedError, RecursionError, MemoryError, FieldError,
    ImproperlyConfigured, ObjectDoesNotExist, TemplateDoesNotExist, TemplateSyntaxError,
)  # fmt: skip
# What PostgreSQL says of a value that it cannot read or store repeats it in the first line too.
_OF_A_VALUE = "22"
_QUERY = re.compile(r"\?[^\s'\"]*")
_ARGUMENTS_OF_JOB = re.compile(r"(\[\d+\])\(.*\)", re.DOTALL)


class PlainRefusals(logging.Filter):
    """A request that was refused is one line, and a 403 says to whom: nothing is wrong here that a traceback shows."""

    def filter(self, record: logging.LogRecord) -> logging.LogRecord:
        status = getattr(record, "status_code", 400 if record.name.startswith("django.security.") else 500)
        if not 400 <= status < 500:
            return record
        plain = copy(record)  # other handlers get it as it was
        plain.exc_info = plain.exc_text = None
        user = getattr(getattr(record, "request", None), "user", None)
        if status == 403 and user is not None:
            plain.msg, plain.args = "%s (%s)", (record.getMessage(), user.get_username() or "nobody signed in")
        return plain


class PlainFormatter(logging.Formatter):
    """Lines to be read by people. Each says when in UTC, wherever the machine stands: `2026-11-30T21:04:05.123Z`."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        plain = copy(record)  # a traceback that was written down elsewhere is not taken from there
        plain.msg, plain.args, plain.exc_text = message_of(record), (), None
        return super().format(plain)

    def formatException(self, ei: Any) -> str:
        return traceback_text(ei[1])


def message_of(record: logging.LogRecord) -> str:
    """What a record says, without queries of addresses, addresses that are none of ours, and what a job was given."""
    if isinstance(record.args, tuple) and any(isinstance(each, BaseException) for each in record.args):
        record = copy(record)
        record.args = tuple(said(each) if isinstance(each, BaseException) else each for each in record.args or ())
    message = record.getMessage()
    if record.name.startswith("procrastinate"):
        return _ARGUMENTS_OF_JOB.sub(r"\1", message)
    if record.name.startswith("django."):
        if isinstance(request := getattr(record, "request", None), HttpRequest):
            message = message.replace(request.path, address_of(request))
        message = _QUERY.sub("", message)
    return message


def address_of(request: HttpRequest) -> str:
    """The path where all in it are numbers of ours, else the route that it matches: what is typed can be anything."""
    match = request.resolver_match
    if match is None:
        return "(no address of ours)"
    return request.path if all(isinstance(each, int) for each in match.kwargs.values()) else f"/{match.route}"


def actor_of(request: HttpRequest) -> int | None:
    """Who asked, by id; nobody where nobody was looked up yet."""
    person = getattr(request, "_cached_user", None)
    return person.pk if person else None


def said(error: BaseException) -> str:
    """What an exception says, as far as it cannot name anybody."""
    first = next(iter(str(error).splitlines()), "")
    if isinstance(error, psycopg.Error | db.Error):
        state = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None) or ""
        return f"{LEFT_OUT} SQLSTATE {state}" if state.startswith(_OF_A_VALUE) else first
    if isinstance(error, OSError) and type(error).__module__ == "builtins":
        return error.strerror or LEFT_OUT
    return first if isinstance(error, _OF_CODE) or not first else LEFT_OUT


def traceback_text(error: BaseException | None) -> str:
    """The traceback, with what each exception of its chain says as far as it cannot name anybody."""
    if error is None:
        return ""
    text = TracebackException.from_exception(error)
    _clean(text, error)
    return "".join(text.format()).rstrip()


def _clean(text: TracebackException, error: BaseException) -> None:
    text._str = said(error)  # type: ignore[attr-defined]  # what it prints; there is no public way to say another
    text.__notes__ = []
    for part, of in ((text.__cause__, error.__cause__), (text.__context__, error.__context__)):
        if part is not None and of is not None:
            _clean(part, of)
    if isinstance(error, BaseExceptionGroup):
        for part, of in zip(text.exceptions or (), error.exceptions, strict=True):
            _clean(part, of)
