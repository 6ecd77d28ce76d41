"""On a refusal nothing has changed: every row of every table of ours is compared, not only those that one thinks of."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import IntegrityError, connection
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.errors import BusinessError

# Each page may note something in the session of who looks at it, and counts how often it is asked for.
NOTED = ("billing_admin_staffsession", "billing_admin_ratecount", "clients_activitycount")
OURS = ("billing_admin", "clients", "invoices", "transactions", "credits")


def all_rows() -> dict[str, list[str]]:
    """Every table of ours with its rows as JSON, in one statement."""
    ours = [model._meta.db_table for model in apps.get_models() if model._meta.app_label in OURS]
    ours = [table for table in ours if table not in NOTED]
    tables: dict[str, list[str]] = {table: [] for table in ours}
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{table}', row_to_json(whole)::text FROM {table} whole" for table in ours)
        )
        for table, row in cursor.fetchall():
            tables[table].append(row)
    return {table: sorted(rows) for table, rows in tables.items()}


@contextmanager
def taken_back() -> Iterator[None]:
    """What is done in the block is taken back at its end; it counts as no transaction of the product's."""
    block = db_transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        db_transaction.set_rollback(True)


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Fail unless every table of ours is, row for row, what it was before the block."""
    before = all_rows()
    yield
    assert all_rows() == before


@contextmanager
def refused(text: str, field: str | None = None) -> Iterator[None]:
    """Fail unless the block is refused with exactly this text, for exactly this field, and changes nothing."""
    with nothing_changes(), pytest.raises(BusinessError) as caught:
        yield
    assert (str(caught.value), caught.value.field) == (text, field)


def sent_before(text: str) -> str:
    """What is said of a form that was sent today and comes again: that it did `text`."""
    return f"This form was sent before, on {timezone.localdate():%-d %b %Y}: {text}. Nothing more was done."


def reused(text: str) -> str:
    """What is said of a form that comes again for something else."""
    return f"{sent_before(text)} Open it again for something else."


@contextmanager
def refused_by_database(by: str) -> Iterator[None]:
    """Fail unless the database itself refuses the block, by this constraint or guard text, and nothing changes."""
    with nothing_changes(), pytest.raises(IntegrityError, match=re.escape(by)), db_transaction.atomic():
        yield
