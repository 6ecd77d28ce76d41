"""What is left of a client of another system that is deleted here: that it had come, and nothing about it."""

from django.db import connection

from billing_admin.models.staged import STAGED

_EMPTY_REFERENCES = """
    UPDATE clients_externalreference SET client_id = NULL, row_id = NULL, digest = NULL
    WHERE client_id = %(client_id)s AND system_import_id IS NOT NULL
"""
_CAME = "SELECT EXISTS (SELECT FROM clients_externalreference WHERE client_id = %(client_id)s)"
_FORGET = """
    DELETE FROM {table} staged
    USING billing_admin_systemimport run
    JOIN clients_externalreference reference ON reference.source = run.source AND reference.kind = 'client'
    WHERE staged.of_id = run.id AND staged.client_source_id = reference.external_id COLLATE "C"
      AND reference.client_id = %(client_id)s
"""


def forget_imported(client_id: int) -> None:
    """Forget what was read of the client and whose its references were; these keep it from coming again.

    References that a file of clients made go with the client. Called inside `maintenance("delete")`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CAME, {"client_id": client_id})
        if cursor.fetchone() == (False,):
            return
        for model in STAGED:
            cursor.execute(_FORGET.format(table=model._meta.db_table), {"client_id": client_id})
        cursor.execute(_EMPTY_REFERENCES, {"client_id": client_id})
