"""What remains of a merged or deleted client: a journal, a number that still leads somewhere, and counts."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models import F, Func, Q
from django.utils import timezone

from billing_admin.db.functions import NameWords, TypedInMerge

from .client import Client
from .client_queryset import words_of_merged

# For a FROM: (number, client_id), whom each number leads to. Those that a merge took away are among them.
CLIENTS_BY_NUMBER = """
    (SELECT number, id AS client_id FROM clients_client
     UNION ALL SELECT number, client_id FROM clients_clientnumberalias)
"""


def _discarded(name: str) -> Func:
    """SQL expression of a text of the client that was merged away."""
    return Func(F("discarded_snapshot"), template=f"(%(expressions)s ->> '{name}')", output_field=models.TextField())


class ClientNumberAlias(models.Model):
    """A number that a discarded client had; it leads to the kept one everywhere."""

    number = models.PositiveBigIntegerField(unique=True)
    client = models.ForeignKey(Client, models.PROTECT, related_name="aliases")

    class Meta:
        default_permissions = ()
        verbose_name_plural = "client number aliases"

    def __str__(self) -> str:
        return f"#{self.number} → #{self.client_id}"


class ClientMerge(models.Model):
    """One merge: who was folded into whom, what moved (the journal that undo reads), the totals before and after.

    `discarded_snapshot` and `journal` have what undo needs beside the ids in MergedRows; an undone merge has them no
    more, because the client is there again and may be deleted. `totals` are per currency, `counts` per kind of row.
    """

    kept = models.ForeignKey(Client, models.PROTECT, related_name="merges")
    discarded_number = models.PositiveBigIntegerField()
    discarded_snapshot = models.JSONField(encoder=DjangoJSONEncoder)
    journal = models.JSONField(encoder=DjangoJSONEncoder)
    totals = models.JSONField(encoder=DjangoJSONEncoder)
    counts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    merged_by_name = models.CharField(max_length=150)
    merged_at = models.DateTimeField(default=timezone.now)
    undone_by_name = models.CharField(max_length=150, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        # By these a name or an address that a merge took away finds the kept client; an undone merge has no snapshot.
        indexes = (
            GinIndex(OpClass(words_of_merged(), name="gin_trgm_ops"), name="merged_client_search"),
            models.Index(NameWords(_discarded("company_name")), name="merge_by_company_words"),
            models.Index(NameWords(_discarded("first_name"), _discarded("last_name")), name="merge_by_person_words"),
            # By this a client that is deleted is found in what was typed about another.
            GinIndex(
                OpClass(TypedInMerge("discarded_snapshot", "journal"), name="gin_trgm_ops"),
                name="merge_by_typed_fields",
            ),
        )

    def __str__(self) -> str:
        return f"#{self.discarded_number} merged into #{self.kept_id}"


class MergedRowsManager(models.Manager["MergedRows"]):
    def note(self, *, merge: ClientMerge, kind: str, update: str, returning: str = "id", **parameters: Any) -> None:
        """Run an UPDATE that moves rows and write down in the same statement which.

        The ids never leave the database: a hundred thousand rows cost one statement and one array.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                WITH moved AS ({update} RETURNING {returning})
                INSERT INTO clients_mergedrows (merge_id, kind, row_ids)
                SELECT %(merge_id)s, %(kind)s, array_agg(id) FROM moved HAVING count(*) > 0
                """,
                {"merge_id": merge.pk, "kind": kind, **parameters},
            )


class MergedRows(models.Model):
    """The ids of the rows of one kind that a merge moved."""

    merge = models.ForeignKey(ClientMerge, models.CASCADE, related_name="moved", db_index=False)
    kind = models.CharField(max_length=30)
    row_ids = ArrayField(models.BigIntegerField())

    objects = MergedRowsManager()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "merged rows"
        constraints = (models.UniqueConstraint(fields=("merge", "kind"), name="merged_rows_once_per_kind"),)

    def __str__(self) -> str:
        return f"{len(self.row_ids)} {self.kind}"

    @staticmethod
    def restore_sql(table: str, column: str = "client_id") -> str:
        """An UPDATE that gives the rows of `%(kind)s` that `%(merge_id)s` moved back to `%(to_id)s`."""
        return f"""
            UPDATE {table} SET {column} = %(to_id)s WHERE {column} = %(from_id)s AND id IN (
                SELECT unnest(row_ids) FROM clients_mergedrows WHERE merge_id = %(merge_id)s AND kind = %(kind)s)
        """


class NotADuplicate(models.Model):
    """Staff looked at two clients and found them to be two: they are not suggested again. `first` is the older row."""

    first = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    second = models.ForeignKey(Client, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_by_name = models.CharField(max_length=150)
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "not duplicates"
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="not_a_duplicate_once"),
            models.CheckConstraint(name="not_a_duplicate_in_order", condition=Q(first__lt=F("second"))),
        )

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id} are two"


class ClientDeletion(models.Model):
    """That a client was deleted, by whom and how much went. Holds no personal data.

    `client_key` is the id that its row had: what is left of its activity still bears it.
    The numbers of clients that had been merged into it are gone for good too: each has a row of its own, which names in
    `merged_into` the number that it was deleted with.
    """

    number = models.PositiveBigIntegerField(unique=True)
    client_key = models.BigIntegerField(null=True)
    merged_into = models.PositiveBigIntegerField(null=True)
    transactions_kept = models.BooleanField(default=True)
    counts = models.JSONField(encoder=DjangoJSONEncoder)
    totals = models.JSONField(encoder=DjangoJSONEncoder)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    deleted_by_name = models.CharField(max_length=150)
    deleted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = (models.CheckConstraint(name="deletion_number_positive", condition=Q(number__gt=0)),)
        indexes = (models.Index(fields=("client_key",), name="deletion_of_client"),)

    def __str__(self) -> str:
        return f"#{self.number} deleted"
