"""On a refusal nothing has changed: every row of every table of ours is compared, not only those that one thinks of."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection
from django.db import transaction as db_transaction

OURS = ("billing_admin", "clients", "invoices", "transactions", "credits")


def all_rows() -> dict[str, list[tuple[Any, ...]]]:
    tables = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label in OURS:
                cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY 1")
                tables[model._meta.db_table] = cursor.fetchall()
    return tables


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Fail unless every table of ours is, row for row, what it was before the block."""
    before = all_rows()
    yield
    assert all_rows() == before


@contextmanager
def refused(reason: type[Exception], text: str) -> Iterator[None]:
    """Fail unless the block raises exactly `reason`, saying exactly `text`, and changes nothing."""
    with nothing_changes(), pytest.raises(reason) as caught:
        yield
    assert (type(caught.value), str(caught.value)) == (reason, text)


@contextmanager
def refused_by_database(by: str) -> Iterator[None]:
    """Fail unless the database itself refuses the block, by this constraint or guard text, and nothing changes."""
    with nothing_changes(), pytest.raises(IntegrityError, match=re.escape(by)), db_transaction.atomic():
        yield
