"""Start or stop the embedded database from the command line: `python -m billing_admin.embedded_database stop`."""

import argparse
import os
import sys
from pathlib import Path

from billing_admin.embedded_database import LocalDatabaseError, ensure_running, stop

PROJECT = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(prog="embedded_database", description=__doc__)
    parser.add_argument("action", choices=("start", "stop"))
    parser.add_argument("--throw-away", action="store_true", help="the server of the tests, fast and not durable")
    parser.add_argument("--data-dir", type=Path, default=os.environ.get("BILLING_DATA_DIR", PROJECT / ".data"))
    options = parser.parse_args()
    data_dir, throw_away = Path(options.data_dir), options.throw_away
    try:
        if options.action == "start":
            print(ensure_running(data_dir, throw_away=throw_away))
        elif stop(data_dir, throw_away=throw_away):
            print("The database server is stopped.")
        else:
            print("No database server was running.")
    except LocalDatabaseError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
