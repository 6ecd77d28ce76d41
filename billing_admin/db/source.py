"""From where somebody acts: each transaction says it of itself, and the database writes it beside what is done in it.

It is said with SET LOCAL, together with a transaction's first statement, so that it holds through a pooler that hands
out connections by transaction, and ends with it. Whoever writes activity by SQL says nothing of it: the column's
default takes it up.
"""

import getpass
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from django.db.models import Func, JSONField

_SETTING = "billing_admin.source"

# Of a request its address, digest of the session, and id; of a command its name, and who ran it on which machine; of a
# job its id, and the source of who asked for it.
type Source = dict[str, str | int]

_source: ContextVar[Source | None] = ContextVar("from where it is done", default=None)


class SourceOfTransaction(Func):
    """What the transaction says of where it comes from; NULL where it says nothing."""

    template = f"nullif(current_setting('{_SETTING}', true), '')::jsonb"
    output_field = JSONField()


@contextmanager
def acting_from(source: Source) -> Iterator[None]:
    """What is done in the block is done from there. Transactions say so where `billing_admin.db.limits` has them."""
    before = _source.set(source)
    try:
        yield
    finally:
        _source.reset(before)


def source_here() -> Source:
    """From where this is done; empty where nobody said."""
    return _source.get() or {}


def source_of_command(name: str) -> Source:
    """A command, with the user of the operating system and the machine that it runs on."""
    source: Source = {"command": name, "host": socket.gethostname()}
    with suppress(OSError, KeyError):
        source["user"] = getpass.getuser()
    return source


def say_source() -> list[str]:
    """The statement by which a transaction says it; none where there is nothing to say."""
    source = _source.get()
    if not source:
        return []
    # Nothing in it is an end of the literal, or a place for a parameter.
    text = json.dumps(source).replace("'", "\\u0027").replace("%", "\\u0025")
    return [f"SET LOCAL {_SETTING} = '{text}'"]
