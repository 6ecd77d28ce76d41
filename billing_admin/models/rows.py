"""What append-only tables got, and what was deleted of it."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone

from billing_admin.db.triggers import never_changed

_STAYS = "What was written and deleted stays as it was noted."


class WrittenRows(models.Model):
    """The rows that one statement added to an append-only table: ids, clients and digests, in the same order.

    The trigger of `billing_admin.db.append_only` adds them; `check_ledger` compares.
    """

    table_name = models.CharField(max_length=63)
    row_ids = ArrayField(models.BigIntegerField())
    client_ids = ArrayField(models.BigIntegerField(null=True))
    digests = ArrayField(models.BigIntegerField())
    typed = ArrayField(models.BigIntegerField(null=True))

    class Meta:
        default_permissions = ()
        verbose_name_plural = "written rows"
        triggers = (never_changed(_STAYS),)

    def __str__(self) -> str:
        return f"{len(self.row_ids)} of {self.table_name}"


class DeletedRowsManager(models.Manager["DeletedRows"]):
    def delete(self, table: str, *, where: str, **parameters: Any) -> None:
        """Delete the rows of an append-only table that `where` names, and note which, in one statement.

        Called inside `billing_admin.db.triggers.maintenance("delete")`, which alone is let through.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                WITH deleted AS (DELETE FROM {table} WHERE {where} RETURNING id)
                INSERT INTO billing_admin_deletedrows (table_name, row_ids, at)
                SELECT '{table}', array_agg(id), now() FROM deleted HAVING count(*) > 0
                """,
                parameters,
            )


class DeletedRows(models.Model):
    """The rows that a deletion took out of an append-only table. What else is missing there was taken out in secret."""

    table_name = models.CharField(max_length=63)
    row_ids = ArrayField(models.BigIntegerField())
    at = models.DateTimeField(default=timezone.now)

    objects = DeletedRowsManager()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "deleted rows"
        triggers = (never_changed(_STAYS),)

    def __str__(self) -> str:
        return f"{len(self.row_ids)} of {self.table_name}"
