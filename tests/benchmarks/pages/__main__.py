"""Walk every page on a small and on a large database, and print a table.

Each database has a data folder and a process of its own; both walk side by side. What is slow is told with its
statement and plan after the table.
"""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent.parent.parent

# What no page may exceed.
MOST_MILLISECONDS = 20
MOST_TIMES = 1.5


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.pages", description=__doc__)
    parser.add_argument("--clients", type=int, default=100_000, help="of the large database (default: 100000)")
    parser.add_argument("--small", type=int, default=1_000, help="of the small one (default: 1000)")
    parser.add_argument("--data", type=Path, help="data folder of the large one (default: .data/bench-pages-CLIENTS)")
    parser.add_argument("--only", default="", help="pages with this in their name")
    parser.add_argument("--misses", action="store_true", help="leave out of the table what is as it should be")
    parser.add_argument("--write", type=Path, metavar="FILE", help="also write the table there")
    parser.add_argument("--walk", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.walk:
        _answer(options.walk)
        return
    few = Walker(folder_of(options.small), options.small)
    many = Walker(options.data or folder_of(options.clients), options.clients)
    pairs = []
    for name in many.names:
        if options.only.casefold() in name.casefold():
            pairs.append((few.ask(name), many.ask(name)))
            times = " ".join(f"{page['seconds'] * 1000:8.1f} ms" for page in pairs[-1] if page)
            print(f"{times}  {name}", file=sys.stderr, flush=True)
    text = _table(pairs, options.misses)
    text += f"\n\n{options.small:,} against {options.clients:,} clients. {many.ask('machine')}\n"
    for walker in (few, many):
        walker.end()
    print(text)
    if options.write:
        options.write.write_text(text)


def folder_of(clients: int) -> Path:
    """The data folder of a database of so many clients, which stays from one measurement to the next."""
    return PROJECT / ".data" / f"bench-pages-{clients}"


class Walker:
    """The process of one database. Both are asked for a page in turn, so that other work meets them alike."""

    def __init__(self, folder: Path, clients: int) -> None:
        environment = os.environ | {
            "BILLING_DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "billing_admin.settings",
            **dict.fromkeys(("BILLING_SEARCHES_PER_MINUTE", "BILLING_REPORTS_PER_MINUTE"), "0"),
            "DJANGO_ALLOWED_HOSTS": "testserver",
        }
        environment.pop("DATABASE_URL", None)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.pages", "--walk", str(clients)],
            env=environment, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.names: list[str] = self._read()

    def ask(self, name: str) -> Any:
        """What the process found out about the page; None where its database has no such page."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{name}\n")
        self._process.stdin.flush()
        return self._read()

    def end(self) -> None:
        """Let the process stop its server."""
        self._process.communicate()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("The process of a database ended; see above.")
        return json.loads(line)


def _answer(clients: int) -> None:
    """The process of one database: a line with the names of its pages, then one for each that is asked for."""
    from billing_admin.embedded_database import ensure_running, stop

    folder = Path(os.environ["BILLING_DATA_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["DATABASE_URL"] = ensure_running(folder)  # of the owner, who migrates it
    try:
        _walk(clients)
    finally:
        stop(folder)


def _walk(clients: int) -> None:
    import django

    django.setup()

    from django.contrib.auth.models import User
    from django.test import Client as Browser
    from django.utils import timezone

    from tests.benchmarks.measuring import machine
    from tests.benchmarks.pages.addresses import pages
    from tests.benchmarks.pages.database import fill
    from tests.benchmarks.pages.walking import walk

    fill(clients)
    browser = Browser()
    browser.force_login(User.objects.get_or_create(username="bench", is_superuser=True)[0])
    addresses = dict(pages(timezone.localdate()))
    print(json.dumps(list(addresses)), flush=True)
    for line in sys.stdin:
        name = line.strip()
        if name == "machine":
            print(json.dumps(machine()), flush=True)
        else:
            found = asdict(walk(browser, name, addresses[name])) if name in addresses else None
            print(json.dumps(found, default=str), flush=True)


def _table(pairs: list[tuple[dict[str, Any] | None, dict[str, Any]]], misses: bool) -> str:
    from tests.benchmarks.measuring import lay_out

    rows: list[tuple[str, ...]] = [
        ("page", "queries", "", "rows", "", "ms", "", "ratio", "slowest query", "sequential scans")
    ]
    slow = []
    for few, many in pairs:
        slowest = max((query["milliseconds"] for query in many["queries"]), default=0.0)
        scanned = sorted({table for query in many["queries"] for table in query["scanned"]})
        ratio = many["seconds"] / few["seconds"] if few else 0.0
        # Pages that show more rows take longer for them; and a list that is empty saves what its rows refer to.
        alike = few is not None and many["rows"] <= 1.2 * few["rows"] and bool(few["rows"]) == bool(many["rows"])
        other_queries = alike and few is not None and len(few["queries"]) != len(many["queries"])
        bad = slowest > MOST_MILLISECONDS or scanned or (alike and ratio > MOST_TIMES) or other_queries
        if bad:
            slow.append(many)
        if bad or not misses:
            rows.append(
                (
                    ("! " if bad else "  ") + many["name"],
                    str(len(few["queries"])) if few else "-",
                    str(len(many["queries"])),
                    str(few["rows"]) if few else "-",
                    str(many["rows"]),
                    f"{few['seconds'] * 1000:.1f}" if few else "-",
                    f"{many['seconds'] * 1000:.1f}",
                    f"{ratio:.2f}" if few else "-",
                    f"{slowest:.1f} ms",
                    ", ".join(scanned),
                )
            )
    lines = [lay_out(rows, left={0, 9})]
    lines.append(
        f"\n{len(pairs)} pages, {len(slow)} marked: another number of queries, over {MOST_TIMES} times as long for"
        f" as many rows, a query over {MOST_MILLISECONDS} ms or a sequential scan of a growing table."
    )
    for page in slow:
        for query in page["queries"]:
            if query["milliseconds"] > MOST_MILLISECONDS or query["scanned"]:
                lines.append(f"\n{page['name']}: {query['milliseconds']:.1f} ms  {page['address']}")
                lines.append(f"    {' '.join(query['sql'].split())[:700]}\n    {query['parameters']}")
                lines += [f"    {line}" for line in query["plan"]]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
