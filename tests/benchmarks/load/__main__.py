"""Serve a database of many clients, have wrk ask for the daily mix of pages as eight people, and print what it heard.

The server is `manage.py serve` with two web workers and no queue worker, on the database server of the data folder.
wrk takes its part of the same cores. Nothing is asserted: read the load beside the figures.
"""

import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.pages.__main__ import PROJECT, folder_of

# Pages that are named as the slowest.
_SLOWEST = 12


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.load", description=__doc__)
    parser.add_argument("--clients", type=int, default=10_000, help="of the database (default: 10000)")
    parser.add_argument("--data", type=Path, help="its data folder (default: .data/bench-pages-CLIENTS)")
    parser.add_argument("--seconds", type=int, default=60, help="of the mix in each round (default: 60)")
    parser.add_argument("--rounds", type=int, default=3, help="(default: 3)")
    parser.add_argument("--connections", type=int, default=16, help="that ask at once (default: 16)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="also write the tables there")
    parser.add_argument("--prepare", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.prepare:
        print(json.dumps(_prepare(options.clients)))
        return
    folder = options.data or folder_of(options.clients)
    os.environ |= {
        "BILLING_DATA_DIR": str(folder.resolve()),
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.load.settings",
        **dict.fromkeys(("BILLING_SEARCHES_PER_MINUTE", "BILLING_REPORTS_PER_MINUTE"), "0"),
    }
    os.environ.pop("DATABASE_URL", None)
    text = _measure(options)
    print(text)
    if options.write:
        options.write.write_text(f"{text.lstrip()}\n")


def _measure(options: argparse.Namespace) -> str:
    from billing_admin.embedded_database import ensure_running, stop
    from tests.benchmarks.load.measure import Target, one_by_one, rounds, told, told_alone
    from tests.benchmarks.load.wrk import Asked, program
    from tests.setup.test_serving import serving

    program()
    data_dir = Path(os.environ["BILLING_DATA_DIR"])
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        made = _prepared(ensure_running(data_dir), options.clients)
        mix = [Asked(*one) for one in made["mix"]]
        before = os.getloadavg()[0]
        with (
            tempfile.TemporaryDirectory() as folder,
            serving(Path(folder) / "log", "--workers", "2", "--queue-workers", "0") as (server, port),
        ):
            target = Target(port, server.pid, made["database"])
            alone = one_by_one(target, mix)
            lines = rounds(
                target, mix, connections=options.connections, seconds=options.seconds, times=options.rounds,
                folder=Path(folder),
            )  # fmt: skip
            log = (Path(folder) / "log").read_text()
    finally:
        stop(data_dir)
    now = datetime.datetime.now(datetime.UTC)
    loads = f"load {before:.1f} before and {os.getloadavg()[0]:.1f} after, wrk among it"
    return (
        f"\n{told(lines)}\n\n{told_alone(alone, _SLOWEST)}\n\n{log[-4000:]}{options.clients:,} clients, {len(mix):,}"
        f" requests in turn, {options.connections} connections; {loads}\n{now:%-d %b %Y %H:%M} UTC; {made['machine']}"
    )


def _prepared(url: str, clients: int) -> Any:
    """What a process of its own says that loads Django, as the owner of the tables."""
    command = [sys.executable, "-m", "tests.benchmarks.load", "--prepare", "--clients", str(clients)]
    said = subprocess.run(
        command, cwd=PROJECT, env=os.environ | {"DATABASE_URL": url}, stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    return json.loads(said.splitlines()[-1])


def _prepare(clients: int) -> dict[str, Any]:
    import django

    django.setup()

    from tests.benchmarks.load.prepare import prepare

    return prepare(clients)


if __name__ == "__main__":
    main()
