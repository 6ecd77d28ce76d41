"""Where the database of another system is: `mysql://user@host/database`. The password is typed, and kept nowhere."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from billing_admin.errors import BusinessError

EXAMPLE = "mysql://user@host/database"
_KNOWN = ("socket", "ssl-ca")
_PORT = 3306


@dataclass(frozen=True)
class Address:
    """A server of MySQL or MariaDB, and a database of it. The password is in no text that is made of this."""

    host: str
    port: int
    user: str
    database: str
    socket: str = ""
    ssl_ca: str = ""
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        place = self.socket or f"{self.host}:{self.port}"
        return f"{self.database} on {place}" if self.database else place

    def with_password(self, password: str) -> "Address":
        """The same with the password that was typed."""
        return replace(self, password=password)

    def of_database(self, database: str) -> "Address":
        """Another database of the same server."""
        return replace(self, database=database)


def read_address(text: str, *, needs_database: bool = True) -> Address:
    """Read `mysql://user[:password]@host[:port]/database[?socket=…&ssl-ca=…]`.

    Raises BusinessError, in words that repeat nothing of it: there may be a password anywhere in it.
    """
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        raise _wrong("its host or port cannot be read") from None
    if parts.scheme not in ("mysql", "mariadb"):
        raise _wrong("it does not begin with mysql://")
    more = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(set(more) - set(_KNOWN)):
        raise _wrong(f"of what may follow the question mark it has {len(unknown)} that are not socket or ssl-ca")
    if not parts.username:
        raise _wrong("it names no user")
    if "/" in (parts.hostname or "") or parts.fragment:
        raise _wrong("a password with one of the characters # / ? @ is written with %23, %2F, %3F or %40, or is typed")
    database = unquote(parts.path.removeprefix("/"))
    if "/" in database or (needs_database and not database):
        raise _wrong("it names no database")
    if (authority := more.get("ssl-ca", "")) and not Path(authority).is_file():
        raise _wrong(f"there is no file {authority} with certificates")
    return Address(
        host=parts.hostname or "localhost", port=port or _PORT, user=unquote(parts.username), database=database,
        socket=more.get("socket", ""), ssl_ca=authority,
        password=None if parts.password is None else unquote(parts.password),
    )  # fmt: skip


def _wrong(why: str) -> BusinessError:
    return BusinessError(f"The address of the database is not as in {EXAMPLE}: {why}. Nothing was read.", "address")
