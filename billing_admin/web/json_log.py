"""The log as JSON, a line each, loaded only where BILLING_LOG asks for it. structlog writes it, and no more."""

import datetime
import logging
from copy import copy
from typing import Any

from django.http import HttpRequest
from structlog.processors import JSONRenderer
from structlog.stdlib import ProcessorFormatter

from billing_admin.db.source import source_here

from .log import actor_of, message_of, traceback_text

# Of where it is done: never an address, nor the digest of a session.
_OF_SOURCE = ("request", "job", "kind", "command")
# What is told in parts need not be there twice.
_LONGEST_BESIDE_PARTS = 120


class JsonFormatter(ProcessorFormatter):
    """For the handler of the log."""

    def __init__(self) -> None:
        super().__init__(processors=[_line, JSONRenderer(default=lambda value: type(value).__name__)])

    def format(self, record: logging.LogRecord) -> str:
        plain = copy(record)
        plain.msg, plain.args = message_of(record), ()
        return super().format(plain)


def _line(logger: Any, method: str, event: Any) -> dict[str, Any]:
    record: logging.LogRecord = event["_record"]
    source, told = source_here(), getattr(record, "told", {})
    if isinstance(request := getattr(record, "request", None), HttpRequest):  # Django's own lines of it
        told = {"request": getattr(request, "id", ""), "actor": actor_of(request), **told}
    line = {
        "at": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(),
        "level": record.levelname,
        "logger": record.name,
        "event": event["event"][:_LONGEST_BESIDE_PARTS] if told else event["event"],
        **{name: source[name] for name in _OF_SOURCE if name in source},
        **told,
    }
    if text := traceback_text(event.get("exc_info", (None, None))[1]):
        line["exception"] = text
    return line
