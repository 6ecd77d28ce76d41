"""What PostgreSQL knows of how a table is filled; by it, it chooses how to read the table."""

from django.db import connection, models

_TAKEN_FOR = "SELECT reltuples FROM pg_class WHERE oid = %s::regclass"


def renew_statistics(model: type[models.Model], *, if_fewer_than: int) -> None:
    """Have the statistics of a table renewed now if PostgreSQL takes it to have fewer rows than this.

    For work that fills an empty table: autovacuum would come up to a minute later, and until then each of its keys may
    be looked up by an index that is right for an empty table only. Nobody is waited for, and nobody waits for it.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN_FOR, [table])
        (rows,) = cursor.fetchone()
        if rows < if_fewer_than:
            cursor.execute(f"ANALYZE (SKIP_LOCKED) {table}")
