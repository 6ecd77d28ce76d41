"""Run the benchmarks on a database of their own and print a table."""

import argparse
import datetime
import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="which benchmarks (default: all)")
    parser.add_argument("--clients", type=int, default=10_000, help="how many clients, grants … (default: 10000)")
    options = parser.parse_args()
    os.environ["BILLING_DATA_DIR"] = str(PROJECT / ".data" / "bench")
    os.environ["DJANGO_SETTINGS_MODULE"] = "billing_admin.settings"
    os.environ["DJANGO_ALLOWED_HOSTS"] = "testserver"

    from billing_admin.embedded_database import ensure_running, stop

    data_dir = Path(os.environ["BILLING_DATA_DIR"])
    own = "DATABASE_URL" not in os.environ
    if not own:
        raise SystemExit("The benchmarks empty their database, so they take none that DATABASE_URL names.")
    ensure_running(data_dir)
    try:
        print(_measure(options.names, options.clients))
    finally:
        stop(data_dir)


def _measure(names: list[str], clients: int) -> str:
    import django

    django.setup()

    from tests.benchmarks import bulk_credit, liability, run
    from tests.benchmarks.measuring import empty_database, machine, table

    benchmarks = {"bulk_credit": bulk_credit.run, "liability": liability.run, "run": run.run}
    unknown = set(names) - set(benchmarks)
    if unknown:
        raise SystemExit(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(benchmarks)}.")
    lines = []
    for name in names or benchmarks:
        empty_database()
        lines += benchmarks[name](clients)
    now = datetime.datetime.now(datetime.UTC)
    return f"\n{table(lines)}\n\n{now:%-d %b %Y %H:%M} UTC; {machine()}"


if __name__ == "__main__":
    main()
