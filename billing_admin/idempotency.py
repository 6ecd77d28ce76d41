"""Keys by which a request that comes twice (a double click, a retry, a callback) counts once."""

from django.db import connection


def one_at_a_time(key: str) -> None:
    """Let no other transaction pass here with the same key until this one ends.

    Whoever comes second then sees what the first one did, also where the two are about different clients and their row
    locks do not meet. Call it after locking the client.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
