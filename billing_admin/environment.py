"""What the environment says, read by name. What cannot be meant is refused in a sentence, before anything starts.

No sentence repeats what stands there where it may hold a password. Nothing here imports Django's settings, which read
this; docs/deploy.md is the table of all names.
"""

import os
from ipaddress import ip_network
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """As it stands there, without space around it; one that is set to nothing is not set."""
    return os.environ.get(name, "").strip() or default


def flag(name: str) -> bool:
    """1 is yes; 0, or nothing, is no."""
    given = text(name, "0")
    if given not in ("0", "1"):
        raise ImproperlyConfigured(f"{name} is “{given}”: it is 1 for yes, and 0 or not set for no.")
    return given == "1"


def number(name: str, default: int, *, least: int = 0) -> int:
    """A whole number from `least` on."""
    given = text(name, str(default))
    if not (given.isascii() and given.isdigit() and len(given) < 10) or int(given) < least:
        raise ImproperlyConfigured(f"{name} is “{given}”: it is a whole number, {least} or more.")
    return int(given)


def one_of(name: str, default: str, *others: str) -> str:
    """One of these words."""
    given = text(name, default)
    if given not in (default, *others):
        raise ImproperlyConfigured(f"{name} is “{given}”: it is {' or '.join((default, *others))}.")
    return given


def listed(name: str, default: str = "") -> list[str]:
    """What is separated by commas, without space around each."""
    return [each.strip() for each in text(name, default).split(",") if each.strip()]


def networks(name: str) -> list[str]:
    """Addresses and networks, separated by commas."""
    found = []
    for each in listed(name):
        try:
            found.append(str(ip_network(each)))
        except ValueError:
            raise ImproperlyConfigured(
                f"{name} has “{each}”: each is an address or a network, as 10.0.0.5 or 10.0.0.0/24."
            ) from None
    return found


def time_zone(name: str, default: str) -> str:
    """The name of a time zone."""
    given = text(name, default)
    try:
        ZoneInfo(given)
    except (ValueError, LookupError, OSError):
        raise ImproperlyConfigured(
            f"{name} is “{given}”, which is no time zone: it is one as Europe/Berlin or UTC."
        ) from None
    return given


def web_addresses(name: str) -> list[str]:
    """Web addresses of a host, as https://billing.example.com, separated by commas and without a slash at the end."""
    for each in listed(name):
        parts = urlsplit(each)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ImproperlyConfigured(f"{name} has “{each}”: it is written as https://billing.example.com.")
    return [each.rstrip("/") for each in listed(name)]


def database(name: str, default: str) -> str:
    """The address of a PostgreSQL. It holds a password, so that no sentence repeats it."""
    given = text(name, default)
    if urlsplit(given).scheme not in ("postgres", "postgresql", "pgsql"):
        raise ImproperlyConfigured(
            f"{name} does not name a PostgreSQL: it is written as postgres://user:password@host:5432/database."
        )
    return given
