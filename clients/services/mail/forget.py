"""What is left of a deleted client in mail that is nobody's."""

from django.db import connection

# One statement: a deletion does this for each client.
_FORGET = """
    WITH theirs AS (
        SELECT upper(email) AS address FROM clients_client WHERE id = %(client_id)s AND email <> ''
        UNION SELECT upper(email) FROM clients_contact WHERE client_id = %(client_id)s AND email <> ''
    ), emptied AS (
        DELETE FROM clients_mailboxmail
    ), forgotten AS (
        DELETE FROM clients_mailmessage
        WHERE client_id IS NULL AND upper(address) IN (SELECT address FROM theirs)
    )
    UPDATE clients_mailsettings SET tested_address = '' WHERE upper(tested_address) IN (SELECT address FROM theirs)
"""


def forget_mail_to(client_id: int) -> None:
    """Empty the mailbox, in which no search finds a name, and forget test messages to the client's addresses."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"client_id": client_id})
