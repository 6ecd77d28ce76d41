"""Walk every page on a small and on a large database, and print a table.

Each database has a data folder and a process of its own. With --walk, this is that process: it writes what it found as
JSON. What is slow is told with its statement and plan after the table.
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

# What issue 6 asks for.
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
        _walk(options.walk, options.only)
        return
    large = options.data or _folder(options.clients)
    few = _in_its_own_process(_folder(options.small), options.small, options.only)
    many = _in_its_own_process(large, options.clients, options.only)
    text = _table(few["pages"], many["pages"], options.misses)
    text += f"\n\n{options.small:,} against {options.clients:,} clients. {many['machine']}\n"
    print(text)
    if options.write:
        options.write.write_text(text)


def _folder(clients: int) -> Path:
    return PROJECT / ".data" / f"bench-pages-{clients}"


def _in_its_own_process(folder: Path, clients: int, only: str) -> dict[str, Any]:
    environment = os.environ | {
        "BILLING_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "billing_admin.settings",
        "DJANGO_ALLOWED_HOSTS": "testserver",
    }
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.pages", "--walk", str(clients), "--only", only],
        env=environment, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def _walk(clients: int, only: str) -> None:
    from billing_admin.embedded_database import ensure_running, stop

    folder = Path(os.environ["BILLING_DATA_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    ensure_running(folder)
    try:
        json.dump(_found(clients, only), sys.stdout, default=str)
    finally:
        stop(folder)


def _found(clients: int, only: str) -> dict[str, Any]:
    import django

    django.setup()

    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.test import Client as Browser
    from django.utils import timezone

    from billing_admin.demo.scale import make_data
    from clients.models import Client
    from tests.benchmarks.measuring import machine
    from tests.benchmarks.pages.addresses import pages
    from tests.benchmarks.pages.walking import walk

    call_command("migrate", verbosity=0)
    if not Client.objects.exists():
        print(f"Making {clients:,} clients with their past …", file=sys.stderr, flush=True)
        make_data(clients=clients, due=timezone.localdate(), past=True)
    browser = Browser()
    browser.force_login(User.objects.get_or_create(username="bench", is_superuser=True)[0])
    found = []
    for name, address in pages(timezone.localdate()):
        if only.casefold() in name.casefold():
            found.append(asdict(walk(browser, name, address)))
            print(f"{found[-1]['seconds'] * 1000:8.1f} ms  {name}", file=sys.stderr, flush=True)
    return {"pages": found, "machine": machine()}


def _table(few: list[dict[str, Any]], many: list[dict[str, Any]], misses: bool) -> str:
    small = {page["name"]: page for page in few}
    rows = [("page", "queries", "", "ms", "", "ratio", "slowest query", "sequential scans")]
    slow = []
    for page in many:
        other = small.get(page["name"])
        slowest = max((query["milliseconds"] for query in page["queries"]), default=0.0)
        scanned = sorted({table for query in page["queries"] for table in query["scanned"]})
        ratio = page["seconds"] / other["seconds"] if other else 0.0
        same = bool(other) and len(other["queries"]) == len(page["queries"])
        bad = page["status"] != 200 or slowest > MOST_MILLISECONDS or scanned or ratio > MOST_TIMES or not same
        if bad:
            slow.append(page)
        if bad or not misses:
            rows.append(
                (
                    ("! " if bad else "  ") + page["name"] + ("" if page["status"] == 200 else f" ({page['status']})"),
                    str(len(other["queries"])) if other else "-",
                    str(len(page["queries"])),
                    f"{other['seconds'] * 1000:.1f}" if other else "-",
                    f"{page['seconds'] * 1000:.1f}",
                    f"{ratio:.2f}",
                    f"{slowest:.1f} ms",
                    ", ".join(scanned),
                )
            )
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if place in (0, 7) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    lines.append(f"\n{len(many)} pages, {len(slow)} marked: another number of queries, over {MOST_TIMES} times as long,"
                 f" a query over {MOST_MILLISECONDS} ms or a sequential scan of a growing table.")  # fmt: skip
    for page in slow:
        for query in page["queries"]:
            if query["milliseconds"] > MOST_MILLISECONDS or query["scanned"]:
                lines.append(f"\n{page['name']}: {query['milliseconds']:.1f} ms  {page['address']}")
                lines.append(f"    {' '.join(query['sql'].split())[:700]}\n    {query['parameters']}")
                lines += [f"    {line}" for line in query["plan"]]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
