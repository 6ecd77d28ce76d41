"""Parts of a page that are read one by one: what one cannot show it says, and the others are shown all the same."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from .outages import is_outage, took_too_long

_TOO_LONG = "This took longer than a page may take, so it is left out. The rest of the page is complete."
_FAILED = "This could not be read because of an error, which is in the log. The rest of the page is complete."

_log = logging.getLogger("billing_admin.parts")


@dataclass(frozen=True)
class Part[Found]:
    """What a part of a page shows, or in words why it is missing: a figure that is not known is never a zero."""

    found: Found | None
    failed: str = ""


def part[Found](name: str, read: Callable[[], Found]) -> Part[Found]:
    """What `read` finds. An error in it is this part's alone; an outage, which every part would meet, is raised.

    Not for use within a transaction: the database answers nothing more in one that failed.
    """
    try:
        return Part(read())
    except Exception as error:
        if took_too_long(error):
            _log.error("%s: %s", name, error)
            return Part(None, _TOO_LONG)
        if is_outage(error):
            raise
        _log.exception("%s could not be read", name)
        return Part(None, _FAILED)
