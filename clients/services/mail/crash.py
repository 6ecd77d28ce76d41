"""Messages whose process died while it was sending them: nobody can tell whether they were, so they say so."""

from django.db import connection

from billing_admin.db.locks import MAIL, held_keys_sql

_DIED = "The process that was sending it died: perhaps it arrived, perhaps it did not."
_TELL = f"""
    UPDATE clients_mailmessage
    SET state = 'perhaps_sent', why = %s, data = CASE WHEN is_secret THEN '{{}}' ELSE data END
    WHERE state = 'sending' AND sender NOT IN ({held_keys_sql()})
"""


def tell_perhaps_sent() -> int:
    """Say of what a dead process was at that it was perhaps sent; it is never tried again by itself."""
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [_DIED, MAIL])
        return int(cursor.rowcount)
