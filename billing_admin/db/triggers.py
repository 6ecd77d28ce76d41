"""Triggers that guard rows, whoever writes: shared by the models' `Meta.triggers`.

A guard refuses with an integrity error, whoever writes: a service, bulk SQL, the shell. Some business actions must move
or remove guarded rows. They say so for their own transaction: a merge and its undo with `maintenance("merge")`, the
deletion of a client with `maintenance("delete")`, that of transactions alone with `maintenance("delete_transactions")`,
whoever replaces the parts of a closed period's sums by one with `maintenance("sum_up")`, and the import of another
system's invoices with `maintenance("import")`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pgtrigger
from django.db import connection
from django.db import transaction as db_transaction

# The transaction-local setting that the triggers look at.
_SETTING = "billing_admin.maintenance"

MERGING = f"current_setting('{_SETTING}', true) = 'merge'"
DELETING = f"current_setting('{_SETTING}', true) = 'delete'"
DELETING_TRANSACTIONS = f"current_setting('{_SETTING}', true) = 'delete_transactions'"
SUMMING_UP = f"current_setting('{_SETTING}', true) = 'sum_up'"
IMPORTING = f"current_setting('{_SETTING}', true) = 'import'"


@contextmanager
def maintenance(kind: Literal["merge", "delete", "delete_transactions", "sum_up", "import"]) -> Iterator[None]:
    """Let the triggers pass what a merge or a deletion must do, until the block ends.

    An error that ends it undoes what was done in it, and ends the exemption too.
    """
    with db_transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [_SETTING, kind])
        yield
        cursor.execute("SELECT set_config(%s, '', true)", [_SETTING])


def refuse(text: str) -> str:
    """PL/pgSQL that refuses the statement with an integrity error saying `text`."""
    escaped = text.replace("'", "''").replace("%", "%%")
    return f"RAISE EXCEPTION '{escaped}' USING ERRCODE = 'check_violation';"


def changed(*columns: str) -> str:
    """SQL condition: the update gives any of `columns` another value."""
    return "(" + " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns) + ")"


def frozen(name: str, *columns: str, text: str, unless: str = "false") -> pgtrigger.Trigger:
    """`columns` never change once written, except where the SQL condition `unless` holds."""
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.Condition(f"({changed(*columns)} AND ({unless}) IS NOT TRUE)"),
        func=refuse(text),
    )


def note_frozen() -> pgtrigger.Trigger:
    """What somebody typed stays as it was written; a client's deletion alone empties it, and nothing fills it again."""
    return frozen(
        "note_stays", "note", text="A note stays as it was written; only a client's deletion empties it.",
        unless=f"NEW.note = '' AND {DELETING}",
    )  # fmt: skip


def never_deleted(name: str, *, text: str, unless: str = DELETING) -> pgtrigger.Trigger:
    """Rows go only inside `maintenance("delete")`, or where the SQL condition `unless` holds."""
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Delete,
        when=pgtrigger.Before,
        condition=pgtrigger.Condition(f"(({unless}) IS NOT TRUE)"),
        func=refuse(text),
    )


def never_changed(text: str) -> pgtrigger.Trigger:
    """Rows are only added: nobody changes or deletes one, in no name."""
    return pgtrigger.Trigger(
        name="never_changed",
        operation=pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=refuse(text),
    )


def kept_by_trigger(
    name: str, *columns: str, text: str, proved_at_start: tuple[str, ...] = (), unless: str = ""
) -> list[pgtrigger.Trigger]:
    """`columns` start at zero and are moved only from inside another trigger, which keeps them equal to a sum.

    Those `proved_at_start` may start at what a trigger of their own proves, and any where the SQL condition `unless`
    holds.
    """
    not_zero = " OR ".join(f"NEW.{column} <> 0" for column in columns if column not in proved_at_start)
    return [
        pgtrigger.Trigger(
            name=f"{name}_start",
            operation=pgtrigger.Insert,
            when=pgtrigger.Before,
            condition=pgtrigger.Condition(f"(({not_zero}) AND NOT ({unless}))" if unless else not_zero),
            func=refuse(text),
        ),
        pgtrigger.Trigger(
            name=f"{name}_moves",
            operation=pgtrigger.Update,
            when=pgtrigger.Before,
            condition=pgtrigger.Condition(f"({changed(*columns)} AND pg_trigger_depth() = 0)"),
            func=refuse(text),
        ),
    ]
