"""What is left of a deleted client in mail that is nobody's."""

from collections.abc import Iterable

from django.db import connection

_FORGET = """
    DELETE FROM clients_mailboxmail;
    DELETE FROM clients_mailmessage WHERE client_id IS NULL AND upper(address) = ANY(%(addresses)s);
    UPDATE clients_mailsettings SET tested_address = '' WHERE upper(tested_address) = ANY(%(addresses)s)
"""


def forget_mail_to(addresses: Iterable[str]) -> None:
    """Empty the mailbox, in which no search finds a name, and forget test messages to these addresses."""
    upper = [address.upper() for address in addresses if address]
    with connection.cursor() as cursor:
        for statement in _FORGET.split(";"):
            cursor.execute(statement, {"addresses": upper})
