"""Credit of synthetic clients, by the hundred thousand."""

from django.db import connection

_OPEN_ACCOUNTS = """
    INSERT INTO credits_creditaccount (client_id, currency, balance)
    SELECT DISTINCT client_id, currency, 0 FROM {source} ORDER BY client_id ON CONFLICT DO NOTHING
"""
_NUMBERED = """
    CREATE TEMP TABLE synthetic_grant AS
    SELECT nextval(pg_get_serial_sequence('credits_creditgrant', 'id')) AS id, account.id AS account_id, given.*
    FROM (SELECT * FROM {source} ORDER BY at, client_id) given
    JOIN credits_creditaccount account USING (client_id, currency)
"""
_GRANTS = """
    INSERT INTO credits_creditgrant (id, account_id, client_id, kind, category, description, currency, amount,
        remaining, priority, expires_on, listed, created_by_name, created_at)
    SELECT id, account_id, client_id, 'credit', category, description, currency, amount, 0, 50, expires_on, true,
           'System', at
    FROM synthetic_grant ORDER BY id
"""
_ENTRIES = """
    INSERT INTO credits_creditentry (grant_id, account_id, client_id, kind, currency, amount, invoice_id, description,
        note, actor_name, at)
    SELECT id, account_id, client_id, kind, currency, CASE kind WHEN 'grant' THEN amount ELSE -amount END,
           CASE kind WHEN 'apply' THEN invoice_id END, CASE kind WHEN 'apply' THEN 'Applied automatically' ELSE '' END,
           CASE kind WHEN 'grant' THEN description ELSE '' END, 'System', at
    FROM synthetic_grant, (VALUES ('grant'), ('apply')) kinds (kind)
    WHERE kind = 'grant' OR invoice_id IS NOT NULL
    ORDER BY at, id, kind DESC
"""


def book_credit(source: str) -> None:
    """Give what the temporary table `source` lists, and apply it whole to the invoice that a row names.

    Its columns: client_id, currency, amount, category, description, expires_on, at, invoice_id. Nobody else knows these
    clients yet, so that none is locked; triggers and constraints hold here as everywhere.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_ACCOUNTS.format(source=source))
        cursor.execute(_NUMBERED.format(source=source))
        cursor.execute("ANALYZE synthetic_grant")
        cursor.execute(_GRANTS)
        cursor.execute(_ENTRIES)
        cursor.execute("DROP TABLE synthetic_grant")
