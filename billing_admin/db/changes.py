"""What a change of a row changes, for the activity that tells it."""

from typing import Any

from django.db.models import Model


def changed_columns(before: Model | None, after: Model) -> dict[str, list[Any]]:
    """Column → what it had and what it has; nothing of a row that is new."""
    if before is None:
        return {}
    columns = [field.attname for field in type(after)._meta.concrete_fields]
    pairs = {column: [getattr(before, column), getattr(after, column)] for column in columns}
    return {column: pair for column, pair in pairs.items() if pair[0] != pair[1]}
