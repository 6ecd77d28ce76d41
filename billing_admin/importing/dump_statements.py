"""The statements of a dump, each looked at before it is given to a server: only what fills tables of its own."""

import gzip
import re
from collections.abc import Iterator
from typing import IO

from billing_admin.errors import BusinessError

_READ = 1 << 20
_STRING = rb"'(?:[^'\\]++|\\.)*+'|\"(?:[^\"\\]++|\\.)*+\""
_COMMENT = rb"--(?=\s)[^\n]*+\n|#[^\n]*+\n|/\*(?!M?!).*?\*/"
_WHOLE = re.compile(
    rb"(?:[^'\"`;#/-]++|" + _STRING + rb"|`[^`]*+`|" + _COMMENT + rb"|/\*M?!.*?\*/|/(?!\*)|-(?!-\s))*+;", re.DOTALL
)
_BEGINNING = re.compile(rb"(?:\s++|" + _COMMENT + rb"|/\*M!999999.*?\*/)*+", re.DOTALL)
_INTO = rb"(?:INSERT(?:\s+IGNORE)?|REPLACE)\s+INTO\s+(?:`([\w$]+)`|([\w$]+))\s*(?:\([\w$`,\s]*\)\s*)?VALUES\s*(?=\()"
_INSERT = re.compile(_INTO, re.I)
_ROWS = re.compile(
    rb"(?i:" + _INTO + rb")(?:[\s(),.\d+eE-]++|" + _STRING
    + rb"|NULL|_binary|_utf8mb[34]|_latin1|TRUE|FALSE|[xX](?:[\dA-Fa-f]++|(?=')))*+;",
    re.DOTALL,
)  # fmt: skip
_NAME = rb"`(?!\s*\.)|[\w$]+(?!\s*\.)"
_MAY = re.compile(
    rb"(?:DROP TABLE(?: IF EXISTS)?|CREATE TABLE(?: IF NOT EXISTS)?|ALTER TABLE|LOCK TABLES) ?(?:" + _NAME
    + rb")|(?:UNLOCK TABLES|COMMIT|START TRANSACTION|BEGIN) ?;|SET NAMES |SET (?:SESSION |LOCAL )?@{0,2}\w+ ?:?=", re.I,
)  # fmt: skip
_OTHER_DATABASE = re.compile(rb"(?:USE|(?:CREATE|DROP|ALTER) (?:DATABASE|SCHEMA))\b", re.I)
# What replication needs, and no copy.
_NOT_NEEDED = re.compile(rb"SET @@(?:GLOBAL|SESSION)\.(?:GTID_PURGED|SQL_LOG_BIN) ?=", re.I)
_REACHES = re.compile(
    rb"(?:`|[A-Za-z_$][\w$]*) ?\. ?(?:`|[A-Za-z_$*])|\b(?:SELECT|DIRECTORY|CONNECTION|GLOBAL|PERSIST|PERSIST_ONLY|"
    rb"PASSWORD|ROLE|RENAME|EXCHANGE|IMPORT)\b|\bENGINE ?=? ?(?!InnoDB|MyISAM|Aria|MEMORY)\w", re.I,
)  # fmt: skip
_WORDLESS = re.compile(rb"(" + _STRING + rb")|(`[^`]*+`)|" + _COMMENT + rb"|/\*M?!\d*|\*/|\s+", re.DOTALL)
_MADE_BY_DUMP = re.compile(rb"^-- (?:MySQL|MariaDB) dump|^/\*M!999999", re.M)
_NAMES_OTHERS = (
    "The dump names a database of its own (CREATE DATABASE or USE), as one made with --databases does. Only a dump of "
    "one database without that is loaded: make it again as in “mariadb-dump whmcs > whmcs.sql”. Nothing was kept."
)
CUT_OFF = "The dump is cut off: {why}. Nothing was kept. Make it again."


def statements(dump: IO[bytes] | gzip.GzipFile, wanted: frozenset[str]) -> Iterator[bytes]:
    """All statements to be given to the server; rows of tables that are not `wanted` are left out.

    Raises BusinessError where one may reach anything but its own tables, or the dump is not whole.
    """
    waiting = dump.read(_READ)
    made_by_dump = bool(_MADE_BY_DUMP.search(waiting[:4096]))
    while True:
        end = 0  # of the last whole statement
        while found := _next(waiting, _after_comments(waiting, end)):
            if statement := _judged(found, wanted):
                yield statement
            end = found.end()
        waiting = waiting[end:]
        # A statement may be long: twice as much each time, so that none is looked at again and again.
        if not (read := dump.read(max(_READ, len(waiting)))):
            break
        waiting += read
    if _after_comments(waiting + b"\n", 0) <= len(waiting):
        raise BusinessError(CUT_OFF.format(why="it ends within a statement"))
    if made_by_dump and b"-- Dump completed" not in waiting:
        raise BusinessError(CUT_OFF.format(why="its last line is not “-- Dump completed”"))


def _after_comments(text: bytes, start: int) -> int:
    found = _BEGINNING.match(text, start)
    assert found is not None  # it may be empty
    return found.end()


def _next(text: bytes, begun: int) -> re.Match[bytes] | None:
    """The next whole statement. Rows, which most of a dump is, are looked through once."""
    return _ROWS.match(text, begun) or _WHOLE.match(text, begun)


def _judged(found: re.Match[bytes], wanted: frozenset[str]) -> bytes:
    """The statement, or nothing where it is not needed."""
    statement = found[0]
    if found.re is _ROWS:
        return statement + b"\n" if (found[1] or found[2]).decode() in wanted else b""
    if insert := _INSERT.match(statement):
        if (insert[1] or insert[2]).decode() not in wanted:
            return b""
        raise BusinessError(_refused(statement, "its values are not plain"))
    words = _WORDLESS.sub(_mark, statement).strip()
    words = re.sub(rb" +", b" ", words)
    if words in (b"", b";") or _NOT_NEEDED.match(words):
        return b""
    _require_own(words)
    return statement + b"\n"


def _mark(found: re.Match[bytes]) -> bytes:
    """A string and a quoted name are what no word is; a comment is a blank, and what some versions run is looked at."""
    return b"''" if found[1] else b"`" if found[2] else b" "


def _require_own(words: bytes) -> None:
    if _OTHER_DATABASE.match(words):
        raise BusinessError(_NAMES_OTHERS)
    if not _MAY.match(words):
        raise BusinessError(_refused(words, "only tables and their rows are loaded"))
    if _REACHES.search(words) or b";" in words.rstrip(b"; "):
        raise BusinessError(_refused(words, "it may reach beyond its own tables"))


def _refused(statement: bytes, why: str) -> str:
    words = b" ".join(re.findall(rb"[A-Za-z_]+", statement[:60])[:3]).decode()
    return (
        f"The dump has a statement that is not run ({words} …): {why}. Make it without triggers, views and routines. "
        "Nothing was kept."
    )
