"""Refuse migrations that lock a big table for long: `python -m tests.upgrades.lint`, a part of `make check`.

What a migration after 0.1.0 does is written out as SQL and read by squawk. Those of 0.1.0 make empty tables.
"""

import io
import os
import subprocess
import sys

import django
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

# Rules about style, and about time-outs that the roles of the database set and not each migration.
LEFT_OUT = ("require-lock-timeout", "require-statement-timeout", "prefer-bigint-over-int", "prefer-text-field",
            "prefer-bigint-over-smallint", "prefer-robust-stmts", "prefer-identity", "ban-drop-constraint")  # fmt: skip
# Rules for an older version that goes on working beside a newer one's tables: docs/upgrading.md.
BESIDE_THE_VERSION_BEFORE = ("ban-drop-column", "ban-drop-not-null", "renaming-column", "renaming-table",
                             "ban-drop-table")  # fmt: skip
# Of each app, the number of its last migration before that was promised.
LAST_BEFORE = {"billing_admin": 12, "clients": 27, "invoices": 16, "transactions": 14, "credits": 14}


def complaints(sql: str, *, rolling: bool = True) -> str:
    """What squawk says of these statements; nothing where they do no harm.

    `rolling`: they must not disturb the version before either, which goes on meanwhile.
    """
    squawk = os.path.join(os.path.dirname(sys.executable), "squawk")
    excluded = [f"--exclude={rule}" for rule in (*LEFT_OUT, *(() if rolling else BESIDE_THE_VERSION_BEFORE))]
    linted = subprocess.run(
        [squawk, "--reporter=gcc", "--pg-version=15", *excluded],
        input=sql, capture_output=True, text=True,
    )  # fmt: skip
    return "" if linted.returncode == 0 else linted.stdout + linted.stderr


def main() -> None:
    """Lint each migration that came after 0.1.0 and exit 1 where one is not to be shipped."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing_admin.settings")
    django.setup()
    loader = MigrationLoader(None)
    later = sorted(key for key in loader.disk_migrations if key[0] in LAST_BEFORE and not key[1].startswith("0001_"))
    failed = False
    for app, name in later:
        assert apps.is_installed(app)
        sql = call_command("sqlmigrate", app, name, no_color=True, stdout=io.StringIO())
        if told := complaints(sql, rolling=int(name[:4]) > LAST_BEFORE[app]):
            failed = True
            print(f"{app}.{name}\n{told}", file=sys.stderr)
    if failed:
        sys.exit("These migrations would hold up who works meanwhile, or the version before beside which they run.")
    print(f"{len(later)} migrations after 0.1.0 were looked at; none locks a big table for long.")


if __name__ == "__main__":
    main()
