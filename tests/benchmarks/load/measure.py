"""The rounds: the emptiest page, a bare list and the daily mix in turn, so that other work meets them alike."""

import http.client
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.measuring import lay_out

from .processes import cpu_of
from .wrk import Asked, Heard, ask

MIX = "the daily mix"


@dataclass(frozen=True)
class Target:
    """A server that answers on this port, its process, and that of its database server."""

    port: int
    server: int
    database: int


@dataclass(frozen=True)
class Line:
    """What was asked for in a round, what wrk heard, and the milliseconds of CPU a request."""

    what: str
    heard: Heard
    web: float
    database: float


@dataclass(frozen=True)
class Slow:
    """A page asked for alone, with nothing else to do: its status and milliseconds."""

    name: str
    address: str
    status: int
    milliseconds: float


def kinds(mix: list[Asked]) -> dict[str, list[Asked]]:
    """What is asked for in each round: the mix behind the floors."""
    return {
        "sign-in, the emptiest page": [Asked("Sign in", "/sign-in/", "")],
        "a bare Django list of 50 rows": [Asked("Bare list", "/bare/10/", mix[0].cookie)],
        MIX: mix,
    }


def one_by_one(target: Target, mix: list[Asked]) -> list[Slow]:
    """Each page of the mix once, so that caches are warm, and once more for its time; the slowest first."""
    pages = list({asked.address: asked for asked in mix}.values())
    for _ in range(2):
        found = [_once(target.port, asked) for asked in pages]
    return sorted(found, key=lambda page: -page.milliseconds)


def _once(port: int, asked: Asked) -> Slow:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    begun = time.perf_counter()
    connection.request("GET", asked.address, headers={"Cookie": asked.cookie, "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    milliseconds = (time.perf_counter() - begun) * 1000
    connection.close()
    return Slow(asked.name, asked.address, answer.status, milliseconds)


def rounds(target: Target, mix: list[Asked], *, connections: int, seconds: int, times: int, folder: Path) -> list[Line]:
    """So many rounds; the floors take a quarter of the time of the mix."""
    return [
        _round(target, what, asked, connections, seconds if what == MIX else max(seconds // 4, 1), folder)
        for _ in range(times)
        for what, asked in kinds(mix).items()
    ]


def _round(target: Target, what: str, asked: list[Asked], connections: int, seconds: int, folder: Path) -> Line:
    web, database = cpu_of(target.server), cpu_of(target.database)
    heard = ask(asked, port=target.port, connections=connections, seconds=seconds, folder=folder)
    web, database = cpu_of(target.server) - web, cpu_of(target.database) - database
    each = 1000 / max(heard.requests, 1)
    return Line(what, heard, web * each, database * each)


def told(lines: list[Line]) -> str:
    """A line a round, in the order in which they were measured."""
    rows: list[tuple[str, ...]] = [
        ("what", "requests", "a second", "p50 ms", "p95 ms", "p99 ms", "most ms", "web CPU ms", "database CPU ms",
         "bytes", "errors")
    ]  # fmt: skip
    for line in lines:
        heard = line.heard
        times = (heard.p50, heard.p95, heard.p99, heard.most)
        rows.append(
            (
                line.what,
                f"{heard.requests:,}",
                f"{heard.requests / heard.seconds:,.1f}",
                *(f"{time:,.0f}" for time in times),
                f"{line.web:.1f}",
                f"{line.database:.1f}",
                f"{heard.bytes / max(heard.requests, 1):,.0f}",
                f"{heard.errors}" if not heard.errors else f"{heard.statuses} answers, {heard.sockets} sockets",
            )
        )
    return lay_out(rows, left={0})


def told_alone(pages: list[Slow], most: int) -> str:
    """What was not answered well, and the slowest pages."""
    rows: list[tuple[str, ...]] = [("alone", "status", "ms", "address")]
    rows += [
        (page.name, f"{page.status}", f"{page.milliseconds:.1f}", page.address)
        for place, page in enumerate(pages)
        if page.status >= 400 or place < most
    ]
    return lay_out(rows, left={0, 3})
