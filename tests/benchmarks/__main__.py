"""Run the benchmarks on a database of their own and print their tables."""

import argparse
import datetime
import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="which benchmarks (default: all)")
    parser.add_argument("--clients", type=int, default=10_000, help="how many clients, rows … (default: 10000)")
    parser.add_argument("--sizes", help="several of them, all in one table: 10000,100000,1000000")
    parser.add_argument("--write", type=Path, metavar="FILE", help="also write the table there")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")] if options.sizes else [options.clients]
    os.environ["BILLING_DATA_DIR"] = str(PROJECT / ".data" / "bench")
    os.environ["DJANGO_SETTINGS_MODULE"] = "billing_admin.settings"
    os.environ["DJANGO_ALLOWED_HOSTS"] = "testserver"

    from billing_admin.embedded_database import ensure_running, stop

    data_dir = Path(os.environ["BILLING_DATA_DIR"])
    own = "DATABASE_URL" not in os.environ
    if not own:
        raise SystemExit("The benchmarks empty their database, so they take none that DATABASE_URL names.")
    os.environ["DATABASE_URL"] = ensure_running(data_dir)  # of the owner, who may empty it
    try:
        text = _measure(options.names, sizes)
    finally:
        stop(data_dir)
    print(text)
    if options.write:
        options.write.write_text(f"{text.lstrip()}\n")


def _measure(names: list[str], sizes: list[int]) -> str:
    import django

    django.setup()

    from tests.benchmarks import (
        actions,
        bulk_credit,
        documents,
        import_clients,
        import_items,
        import_payments,
        import_system,
        liability,
        mail,
        merging,
        run,
    )
    from tests.benchmarks.measuring import empty_database, machine, table
    from tests.benchmarks.pages import costs

    benchmarks = {
        "run": run.run,
        "bulk_credit": bulk_credit.run,
        "import_payments": import_payments.run,
        "import_clients": import_clients.run,
        "import_items": import_items.run,
        "import_system": import_system.run,
        "merge": merging.merge,
        "delete": merging.delete,
        "liability": liability.run,
        "mail": mail.run,
        "documents": documents.run,
    }
    every = [*benchmarks, "pages", "actions"]
    unknown = set(names) - set(every)
    if unknown:
        raise SystemExit(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(every)}.")
    lines, tables = [], []
    for name in names or every:
        if name == "pages":
            tables.append(costs.run(sizes, empty_database))
            continue
        if name == "actions":
            tables.append(actions.run(sizes[-1], empty_database))
            continue
        for size in sizes:
            empty_database()
            lines += benchmarks[name](size)
    if lines:
        tables.insert(0, table(lines))
    now = datetime.datetime.now(datetime.UTC)
    told = "\n\n".join(tables)
    return f"\n{told}\n\n{now:%-d %b %Y %H:%M} UTC; {machine()}"


if __name__ == "__main__":
    main()
