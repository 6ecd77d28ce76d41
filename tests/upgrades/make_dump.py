"""Make a small database with one of everything and keep it as SQL: `python -m tests.upgrades.make_dump`.

Run once for a release, at its tag; the file is never made again, or it would not be what that version left behind.
"""

import os
import subprocess
import tomllib
from pathlib import Path

import django
import psycopg
from psycopg.sql import SQL, Identifier

from billing_admin.embedded_database.binaries import find_binaries
from billing_admin.embedded_database.places import USER, place_for
from tests import throw_away_database

HERE = Path(__file__).resolve().parent
SOURCE = "upgrade_source"
# Lines of pg_dump that an older server or another client does not understand.
_LEFT_OUT = ("\\", "SET transaction_timeout")


def main() -> None:
    """Migrate an empty database, fill it, write it down."""
    version = tomllib.loads((HERE.parents[1] / "pyproject.toml").read_text())["project"]["version"]
    url = throw_away_database.claim()
    try:
        throw_away_database.start()
        place = place_for(throw_away_database.DATA_DIR, throw_away=True)
        with psycopg.connect(host=str(place.socket_folder), user=USER, dbname="postgres", autocommit=True) as session:
            session.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(SOURCE)))
            session.execute(SQL("CREATE DATABASE {}").format(Identifier(SOURCE)))
        os.environ["DATABASE_URL"] = f"{url.partition('?')[0].rpartition('/')[0]}/{SOURCE}?{url.partition('?')[2]}"
        os.environ["DJANGO_SETTINGS_MODULE"] = "billing_admin.settings"
        django.setup()
        _fill()
        dumped = subprocess.run(
            [find_binaries(place).program("pg_dump"), "--no-owner", "--no-privileges", "--rows-per-insert=100",
             "-h", str(place.socket_folder), "-U", USER, SOURCE],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
    finally:
        throw_away_database.release()
    lines = [line for line in dumped.splitlines() if not line.startswith(_LEFT_OUT)]
    (HERE / f"{version}.sql").write_text("\n".join(lines) + "\n")


def _fill() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.upgrades.one_of_everything import make

    make()


if __name__ == "__main__":
    main()
