"""A database of MySQL or MariaDB, read in one snapshot and never written to."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pymysql
from pymysql.converters import encoders
from pymysql.cursors import SSCursor

from billing_admin.errors import BusinessError

from .address import Address

Row = tuple[bytes, ...]

SECONDS_TO_CONNECT = 10
_DENIED, _DENIED_DATABASE, _NO_DATABASE, _NO_TABLE, _NO_COLUMN, _NO_RIGHT = 1045, 1044, 1049, 1146, 1054, 1142
_SILENT, _LOST = 2003, 2013
_SAID = {
    _DENIED: "does not let {user} in: the user or the password is wrong",
    1698: "does not let {user} in: the user or the password is wrong",
    _DENIED_DATABASE: "does not let {user} read the database {database}",
    _NO_DATABASE: "has no database {database}",
    _NO_RIGHT: "does not let {user} read a table of {database}",
    _SILENT: "does not answer",
    2002: "does not answer",
    2006: "went away",
    _LOST: "went away",
    1053: "went away: it was shut down",
    1927: "went away: the connection was killed",
    1317: "stopped the reading",
    1040: "has too many connections",
    1021: "has no room left on its disk",
    3024: "stopped the reading because it took too long",
    1969: "stopped the reading because it took too long",
}
# Of each server, only some: what it does not know is no loss.
_PATIENCE = ("net_write_timeout = 3600", "wait_timeout = 28800", "max_statement_time = 0", "max_execution_time = 0")
_SNAPSHOT = (
    "SET SESSION sql_mode = ''",  # zero dates are text as any other
    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "SET SESSION TRANSACTION READ ONLY",
    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
)
_COLUMNS = """
    SELECT table_name, column_name, COALESCE(character_set_name, ''), data_type FROM information_schema.columns
    WHERE table_schema = DATABASE()
"""
_ENGINES = """
    SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND engine <> 'InnoDB'
"""


class Mysql:
    """One connection, in one transaction that only reads. Values come as bytes, as the server writes them."""

    def __init__(self, address: Address, session: Any) -> None:
        self.address = address
        self._session = session
        self.columns: dict[str, dict[str, tuple[str, str]]] = {}
        """Table → column → its character set ('' for what is no text) and type."""
        for table, column, charset, kind in self.rows(_COLUMNS):
            of = self.columns.setdefault(table.decode(), {})
            of[column.decode().lower()] = (charset.decode(), kind.decode())
        self.unsteady = sorted(table.decode() for (table,) in self.rows(_ENGINES) if table)
        """Tables of an engine without snapshots: what is written to them meanwhile may come or not."""

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """All rows of a query that has few."""
        return list(self.stream(sql, parameters))

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> bytes:
        """The one value of a query."""
        return self.rows(sql, parameters)[0][0]

    def stream(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[Row]:
        """The rows as they come; read them to the end before anything else is asked.

        Raises BusinessError where the server goes away.
        """
        with said(self.address), self._session.cursor() as cursor:
            try:
                cursor.execute(sql, parameters or None)
                yield from cursor
            except BaseException:
                self.abandon()  # closing a cursor would read what is left
                raise

    def abandon(self) -> None:
        """Cut the connection, without reading what the server would still send."""
        _cut(self._session)


@contextmanager
def reading(address: Address) -> Iterator[Mysql]:
    """A snapshot of the database.

    Raises BusinessError where it cannot be reached.
    """
    with said(address):
        session = connect(address)
        try:
            with session.cursor() as cursor:
                for each in _PATIENCE:
                    with suppress(pymysql.err.OperationalError, pymysql.err.InternalError):
                        cursor.execute(f"SET SESSION {each}")
                for each in _SNAPSHOT:
                    cursor.execute(each)
            yield Mysql(address, session)
        finally:
            _cut(session)


def _cut(session: Any) -> None:
    if (result := session._result) is not None:
        result.unbuffered_active, result.connection = False, None
    session._force_close()


def connect(address: Address, **more: Any) -> Any:
    """A connection, as PyMySQL gives it; `said` puts its errors into words. Whoever says nothing is left soon."""
    place: Any = {"host": address.host, "port": address.port}
    if address.socket:
        if not Path(address.socket).is_socket():
            raise pymysql.err.OperationalError(2002, "no socket")
        place = {"unix_socket": address.socket}
    if address.ssl_ca:
        place |= {"ssl_ca": address.ssl_ca, "ssl_verify_cert": True, "ssl_verify_identity": not address.socket}
    options: Any = {"cursorclass": SSCursor, "use_unicode": False, "conv": dict(encoders)} | more
    try:
        session = pymysql.connect(
            user=address.user, password=address.password or "", database=address.database or None, charset="utf8mb4",
            connect_timeout=SECONDS_TO_CONNECT, read_timeout=SECONDS_TO_CONNECT, autocommit=True, **place, **options,
        )  # fmt: skip
    except pymysql.err.OperationalError as error:
        if error.args[0] == _LOST:
            raise pymysql.err.OperationalError(_SILENT, "it accepted the connection and said nothing") from None
        raise
    session._read_timeout = None  # type: ignore[attr-defined]  # from here on it may take as long as it takes to count
    return session


@contextmanager
def said(address: Address) -> Iterator[None]:
    """Put what the server refuses into a sentence; what it says itself is told where we have no words for it."""
    try:
        yield
    except (pymysql.err.Error, pymysql.err.Warning) as error:
        raise BusinessError(_sentence(address, error)) from None
    except (OSError, EOFError, RuntimeError) as error:
        if isinstance(error, OSError) and not isinstance(error, ConnectionError | TimeoutError):
            raise
        raise BusinessError(f"The database server at {_place(address)} went away. Nothing was kept.") from None


def _place(address: Address) -> str:
    return str(address.of_database(""))


def _sentence(address: Address, error: Exception) -> str:
    code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    text = str(error.args[1]) if len(error.args) > 1 else type(error).__name__
    if isinstance(error, pymysql.err.InterfaceError) and not code:
        code = 2006
    what = _SAID.get(code)
    if what is None:
        line = " ".join(text.split()).rstrip(".")
        if address.password:
            line = line.replace(address.password, "…")
        what = f"refused it: {line} ({code})"
    words = what.format(user=address.user, database=address.database or "of that name")
    return f"The database server at {_place(address)} {words}. Nothing was kept."
