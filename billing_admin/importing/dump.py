"""A dump of a database, loaded into one of its own on a server that is there for it, and dropped after it was read."""

import gzip
import os
import re
import secrets
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from billing_admin.csv_files.imports import Progress
from billing_admin.errors import BusinessError

from .address import Address
from .dump_statements import CUT_OFF, statements
from .mysql import connect, said

_PREFIX = "billing_admin_import_"
_PROGRAMS = ("mariadb", "mysql")
_BEFORE = (
    b"SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', foreign_key_checks = 0, unique_checks = 0, autocommit = 0;\n"
)
_AFTER = b"COMMIT;\n"
_NO_CLIENT = (
    "A dump is loaded by the program mariadb (or mysql), and there is none on this machine: install mariadb-client. "
    "Nothing was read."
)
_FULL = ("1021", "1114", "1030", "1878")


@contextmanager
def loaded(path: Path, scratch: Address, wanted: frozenset[str], progress: Progress) -> Iterator[Address]:
    """The address of a database that the dump was loaded into. It is dropped when the block ends, however that is.

    Rows of tables that are not `wanted` are not loaded. Raises BusinessError.
    """
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise BusinessError(_NO_CLIENT)
    with _opened(path) as file:
        own = scratch.of_database(f"{_PREFIX}{secrets.token_hex(8)}")
        _execute(scratch, f"CREATE DATABASE `{own.database}` CHARACTER SET utf8mb4")
        try:
            _load(program, file, own, wanted, progress, size=path.stat().st_size)
            yield own
        finally:
            with suppress(BusinessError):  # where the server is gone, it cannot be asked; what went wrong is said
                _execute(scratch, f"DROP DATABASE `{own.database}`")


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise BusinessError(f"{path.name} cannot be read: {error.strerror}. Nothing was read.", field="dump") from None
    with file:
        if file.read(4) == b"PK\x03\x04":
            raise BusinessError(f"{path.name} is a ZIP: unpack it, and load what is in it. Nothing was read.", "dump")
        yield file


def _execute(scratch: Address, sql: str) -> None:
    with said(scratch):
        session = connect(scratch.of_database(""))
        try:
            with session.cursor() as cursor:
                cursor.execute(sql)
        finally:
            session.close()


def _load(
    program: str, file: IO[bytes], own: Address, wanted: frozenset[str], progress: Progress, *, size: int
) -> None:
    """Give the statements to the client, which has the password from a pipe: others may read its command line."""
    with tempfile.TemporaryFile() as errors, _options(own) as options:
        client = subprocess.Popen(
            [program, f"--defaults-file=/dev/fd/{options}", "--batch", "--binary-mode", "--max-allowed-packet=1G",
             "--default-character-set=utf8mb4", f"--database={own.database}"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors, pass_fds=[options],
        )  # fmt: skip
        os.close(options)
        assert client.stdin is not None
        try:
            try:
                client.stdin.write(_BEFORE)
                for statement in _read(file, wanted):
                    client.stdin.write(statement)
                    progress("Loading the dump", file.tell(), size)
                client.stdin.write(_AFTER)
                client.stdin.close()
            except BrokenPipeError:
                pass  # it says why
            if client.wait():
                errors.seek(0)
                raise BusinessError(_what_it_said(own, errors.read().decode("utf-8", "replace")))
        finally:
            client.kill()
            client.wait()
            with suppress(OSError):
                client.stdin.close()


@contextmanager
def _options(own: Address) -> Iterator[int]:
    """The end of a pipe from which the options of the client are read."""
    values = {"user": own.user, "password": own.password or "", "host": own.host, "port": str(own.port)}
    if own.socket:
        values |= {"socket": own.socket, "protocol": "socket"}
    if own.ssl_ca:
        values |= {"ssl-ca": own.ssl_ca, "ssl-verify-server-cert": "1"}
    lines = [f'{name}="{_quoted(value)}"' for name, value in values.items()]
    reading, writing = os.pipe()
    with os.fdopen(writing, "w", encoding="utf-8") as pipe:
        pipe.write("\n".join(["[client]", *lines, ""]))
    yield reading


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")


def _read(file: IO[bytes], wanted: frozenset[str]) -> Iterator[bytes]:
    file.seek(0)
    is_packed = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    try:
        yield from statements(gzip.GzipFile(fileobj=file) if is_packed else file, wanted)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise BusinessError(CUT_OFF.format(why="it cannot be unpacked to its end")) from None


def _what_it_said(own: Address, text: str) -> str:
    """Only the number and the place: the rest has values of the dump in it."""
    found = re.search(r"ERROR (\d+)", text)
    code = found[1] if found else ""
    where = f"the database server at {own.of_database('')}"
    if code in _FULL or "No space left" in text:
        return f"The disk of {where} is full. Nothing was kept."
    if code in ("2006", "2013", "2002", "2003"):
        return f"While the dump was loaded, {where} went away. Nothing was kept."
    if code in ("1044", "1045", "1142", "1227"):
        return f"The user {own.user} may not load a dump: {where} refuses it ({code}). Nothing was kept."
    return (
        f"The dump cannot be loaded: {where} refuses one of its statements ({code or 'no number'}). Nothing was kept."
    )
