"""A connection of psycopg that takes nothing for done that may still be lost, and waits for no answer for ever.

Where PostgreSQL has a synchronous standby, a commit is answered once that has it too. While the standby is away, the
commit waits, and no limit of the server's ends that: `statement_timeout` is over by then. An administrator who cancels
it (`pg_cancel_backend`) has it done here alone: PostgreSQL warns of that, and answers as if all were well. See
docs/decisions/0026.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg
from psycopg import errors
from psycopg.abc import PQGen

# For how many seconds the work at hand waits for an answer; without end where it says nothing.
patience: ContextVar[Callable[[], float | None]] = ContextVar(
    "for how long it waits for an answer", default=lambda: None
)

# Where the warning comes from in PostgreSQL: its words are in the language of the server.
_WARNS = "SyncRepWaitForLSN"


@contextmanager
def answered_within(seconds: float) -> Iterator[None]:
    """In the block no answer is waited for longer than so."""
    before = patience.get()()
    token = patience.set(lambda: seconds if before is None else min(seconds, before))
    try:
        yield
    finally:
        patience.reset(token)


class NotConfirmed(psycopg.OperationalError):
    """It may have been done, or not: the connection is closed, as where the database was lost."""


class Connection(psycopg.Connection[Any]):
    """The class of the connections in our pools."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._alone = alone = list[str]()  # no reference to the connection: it would be one to itself
        self.add_notice_handler(lambda told: alone.append(str(told)) if told.source_function == _WARNS else None)

    def wait[Answer](self, gen: PQGen[Answer], interval: float = 0.1, timeout: float | None = None) -> Answer:
        """What all that is asked passes through; see psycopg.

        Raises NotConfirmed where nobody can tell what became of it.
        """
        seconds = patience.get()() if timeout is None else None
        try:
            answer = super().wait(gen, interval, timeout if seconds is None else seconds)
        except errors._WaitTimeout as error:
            if seconds is None:
                raise
            self.close()
            raise NotConfirmed(f"The database did not answer within {seconds:g} seconds.") from error
        if self._alone:
            self.close()
            raise NotConfirmed("The database did it, and its standby did not confirm it.")
        return answer
