"""Every table that refers to a client, found by walking the models: what a test of merge and deletion must look at."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models
from django.db.models import Model

from clients.models import Client


def references_to_clients() -> list[tuple[type[Model], str]]:
    """(model, column) of every foreign key to Client."""
    return sorted(
        (
            (model, field.column)
            for model in apps.get_models(include_auto_created=True)
            for field in model._meta.concrete_fields
            if isinstance(field, models.ForeignKey) and field.remote_field.model is Client
        ),
        key=lambda pair: (pair[0].__name__, pair[1]),
    )


def models_with_rows_of_clients() -> set[type[Model]]:
    """Client's own children and, however far, theirs: rows that would not be there without the client."""
    found = {model for model, _ in references_to_clients()}
    while more := set(_children(found)) - found:
        found |= more
    return found


def _children(parents: set[type[Model]]) -> Iterator[type[Model]]:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.remote_field.model in parents:
                yield model


def counts_of(client: Client) -> dict[str, int]:
    """`table.column` → how many rows name the client there."""
    found = {}
    with connection.cursor() as cursor:
        for model, column in references_to_clients():
            cursor.execute(f"SELECT count(*) FROM {model._meta.db_table} WHERE {column} = %s", [client.pk])
            found[f"{model._meta.db_table}.{column}"] = cursor.fetchone()[0]
    return found


def counts_of_all() -> dict[str, int]:
    """Table → how many rows, of every table with rows of clients."""
    with connection.cursor() as cursor:
        found = {}
        for model in models_with_rows_of_clients():
            cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
            found[model._meta.db_table] = cursor.fetchone()[0]
    return found
