"""Foreign keys of several columns: a row belongs to the same client, in the same currency, as the row that it names."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import BaseConstraint, Model


class SameAs(BaseConstraint):
    """The row named by the first of `fields` has the values of all of them in its `to_fields`.

    One such key says more than a key for each column, and is looked at once. `to_fields`, in any order, are those of a
    unique constraint of the model `to`. As Django's own it is looked at when the transaction ends. An existing table
    gets it NOT VALID: the migration validates it in a second step, while others work.
    """

    def __init__(self, *, name: str, fields: tuple[str, ...], to: str, to_fields: tuple[str, ...]) -> None:
        super().__init__(name=name)
        self.fields, self.to, self.to_fields = tuple(fields), to, tuple(to_fields)

    def constraint_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        """Never a part of CREATE TABLE: what it refers to need not be there yet."""
        return ""

    def create_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        """The statement that adds it."""
        assert model is not None
        to = model._meta.apps.get_model(self.to)
        return (
            f"ALTER TABLE {model._meta.db_table} ADD CONSTRAINT {self.name}"
            f" FOREIGN KEY ({_columns(model, self.fields)})"
            f" REFERENCES {to._meta.db_table} ({_columns(to, self.to_fields)}) DEFERRABLE INITIALLY DEFERRED NOT VALID"
        )

    def remove_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        """The statement that takes it away."""
        assert model is not None
        return f"ALTER TABLE {model._meta.db_table} DROP CONSTRAINT {self.name}"

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Only the database can tell, when the transaction ends."""

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, Any]]:
        path, _, _ = super().deconstruct()
        return path, (), {"name": self.name, "fields": self.fields, "to": self.to, "to_fields": self.to_fields}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameAs) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)


def _columns(model: type[Model], fields: tuple[str, ...]) -> str:
    return ", ".join(str(model._meta.get_field(name).column) for name in fields)  # type: ignore[union-attr]
