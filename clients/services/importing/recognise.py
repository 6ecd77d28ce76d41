"""Telling by its header which system a file of clients is from."""

from billing_admin.errors import BusinessError

from .columns import REQUIRED
from .read import folded, open_table
from .ready import ReadyMapping, recognised


def recognise(name: str, content: bytes) -> ReadyMapping | None:
    """The ready mapping for a file or its beginning; None for our own format, and for what nobody knows."""
    try:
        columns = open_table(name, content).columns
    except BusinessError:
        return None
    if {folded(column) for column in REQUIRED} <= {folded(column) for column in columns}:
        return None
    return recognised(columns)
