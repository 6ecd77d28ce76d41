"""Constraints that came after rows that break them: said after each `migrate`, and made valid once nothing does.

A migration adds such a constraint NOT VALID: new rows keep it at once, and what was there before stays as it was until
somebody has mended it.
"""

import sys
from typing import TextIO

from django.apps import apps
from django.db import connections
from django.db.models import CheckConstraint

from billing_admin.text import pluralize

# More are not named, only counted.
_NAMED = 20


def validate_constraints(*, using: str, verbosity: int, stdout: TextIO = sys.stdout, **_signal: object) -> None:
    """Make valid what holds for every row, and name the rows that keep a constraint from that."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            """
            SELECT conname FROM pg_constraint
            WHERE contype = 'c' AND NOT convalidated AND connamespace = current_schema()::regnamespace
            """
        )
        waiting = {name for (name,) in cursor.fetchall()}
        for model in apps.get_models() if waiting else ():
            for constraint in model._meta.constraints:
                if constraint.name not in waiting or not isinstance(constraint, CheckConstraint):
                    continue
                breaking = model._base_manager.using(using).exclude(constraint.condition)
                if count := breaking.count():
                    named = "; ".join(str(row) for row in breaking.order_by("pk")[:_NAMED])
                    more = f" and {count - _NAMED:,} more" if count > _NAMED else ""
                    rows = pluralize(count, str(model._meta.verbose_name), str(model._meta.verbose_name_plural))
                    told = f"{constraint.get_violation_error_message()} {rows} of before: {named}{more}.\n"
                    if verbosity:
                        stdout.write(f"{told}Mend this, and run migrate again.\n")
                else:
                    cursor.execute(f"ALTER TABLE {model._meta.db_table} VALIDATE CONSTRAINT {constraint.name}")
