"""wrk, which asks again and again on some connections, and what it says of it."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

MISSING = "There is no wrk on this machine. Install one: apt-get install wrk."
THREADS = 2

# Each thread begins elsewhere in the list. The time is told in microseconds.
_SCRIPT = """
local requests = {%s}
local threads = 0
local at = 0

function setup(thread)
   thread:set("begun", threads)
   threads = threads + 1
end

function init(args)
   at = math.floor(#requests * begun / %d)
end

function request()
   at = at %% #requests + 1
   return requests[at]
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      '\\n{"requests": %%d, "microseconds": %%d, "bytes": %%d, "p50": %%d, "p95": %%d, "p99": %%d, "most": %%d, ' ..
      '"statuses": %%d, "sockets": %%d}\\n',
      summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(95),
      latency:percentile(99), latency.max, errors.status,
      errors.connect + errors.read + errors.write + errors.timeout
   ))
end
"""


@dataclass(frozen=True)
class Asked:
    """One request: what the page is called, its address, and the cookie of who asks."""

    name: str
    address: str
    cookie: str


@dataclass(frozen=True)
class Heard:
    """What wrk heard: of the times of all answers some percentiles, in milliseconds, and what was no good answer.

    `statuses` are answers of 400 and more, `sockets` what was not answered at all or not within half a minute.
    """

    requests: int
    seconds: float
    bytes: int
    p50: float
    p95: float
    p99: float
    most: float
    statuses: int
    sockets: int

    @property
    def errors(self) -> int:
        return self.statuses + self.sockets


def program() -> str:
    """The path of wrk.

    Raises SystemExit.
    """
    found = shutil.which("wrk")
    if found is None:
        raise SystemExit(MISSING)
    return found


def script(asked: list[Asked], host: str) -> str:
    """These requests, one after the other and then again from the first."""
    return _SCRIPT % (",\n".join(_quoted(one, host) for one in asked), THREADS)


def ask(asked: list[Asked], *, port: int, connections: int, seconds: int, folder: Path) -> Heard:
    """Have wrk ask for these for so long."""
    host = f"127.0.0.1:{port}"
    file = folder / "requests.lua"
    file.write_text(script(asked, host))
    command = [
        program(), f"-t{THREADS}", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "--latency",
        "-s", str(file), f"http://{host}",
    ]  # fmt: skip
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    found = json.loads(said.rstrip().rpartition("\n")[2])
    times = {name: found.pop(name) / 1000 for name in ("p50", "p95", "p99", "most")}
    return Heard(seconds=found.pop("microseconds") / 1e6, **found, **times)


def _quoted(asked: Asked, host: str) -> str:
    """A request as Lua writes text, which for these letters is as JSON does."""
    lines = [f"GET {asked.address} HTTP/1.1", f"Host: {host}", "Accept-Encoding: gzip"]
    if asked.cookie:
        lines.append(f"Cookie: {asked.cookie}")
    return json.dumps("\r\n".join([*lines, "", ""]))
