"""What goes to the log, and about requests."""

import logging
import time
from copy import copy


class Utc(logging.Formatter):
    """A line says when in UTC, wherever the machine stands: `2026-11-30T21:04:05.123Z`."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"


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
