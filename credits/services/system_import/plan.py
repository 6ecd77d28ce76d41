"""Temporary tables of what an import makes of credit: whose it is, its rows in the order of time, and each account.

An account is a client's in one currency; several clients there lead to one where they were merged here. What came of it
before is told by the references of kind `opening` (the balance there at that time) and `credit` (each row's amount),
both with the amount in ten-thousandths as their digest; or by the opening balance that a file of clients gave.
"""

import datetime
import json
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from billing_admin.importing.currencies import currency_codes
from billing_admin.models import SystemImport

from .questions import CATEGORY, NEGATIVE, category_asked

_PERSONS = """
    CREATE TEMP TABLE credit_person ON COMMIT DROP AS
    SELECT *, greatest(balance, 0) AS settled, balance >= 0 OR %(below)s = 'bring' AS comes
    FROM (
        SELECT staged.source_id, who.client_id, coded.code AS currency, staged.created_on,
               coalesce(who.client_id::text, '#' || staged.source_id) || ' ' || coded.code AS account,
               round(staged.balance, minor_units(coded.code)) AS balance,
               opened.part AS opened, coalesce(opened.digest / 10000.0, by_file.given, 0) AS settled_then, by_file.given
        FROM ({who}) who
        JOIN billing_admin_stagedclient staged ON staged.of_id = %(run)s AND staged.source_id = who.source_id
        CROSS JOIN LATERAL (
            SELECT coalesce(%(codes)s::jsonb ->> staged.currency, who.currency)::varchar(3) AS code
        ) coded
        LEFT JOIN LATERAL (
            SELECT part, digest FROM clients_externalreference
            WHERE source = %(source)s AND kind = 'opening' AND external_id = staged.source_id COLLATE "default"
            ORDER BY part DESC LIMIT 1
        ) opened ON true
        LEFT JOIN LATERAL (
            SELECT grant_.amount + coalesce((SELECT sum(amount) FROM credits_creditentry
                                             WHERE grant_id = grant_.id AND kind = 'reverse'), 0) AS given
            FROM credits_creditgrant grant_
            WHERE opened.part IS NULL AND who.client_id IS NOT NULL AND grant_.currency = coded.code
              AND grant_.file_key = {file_key}
        ) by_file ON true
        WHERE coded.code IS NOT NULL
    ) person
"""
# The key of what a file of clients gave, as `bulk.columns.key_of` makes it.
_OPENING_BY_FILE = """'opening balance [' || %(source_as_json)s || ', ' || to_json(staged.source_id)::text || ']'"""
_FILE_KEY = f"""encode(sha256(convert_to('["credit reference", ' || to_json({_OPENING_BY_FILE})::text || ']', 'UTF8')),
                    'hex')"""
PERSONS_STAGED = _PERSONS.format(
    who="""
    SELECT staged.source_id, reference.client_id, NULL::varchar AS currency
    FROM billing_admin_stagedclient staged
    LEFT JOIN clients_externalreference reference
      ON reference.source = %(source)s AND reference.kind = 'client' AND reference.part = 0
     AND reference.external_id = staged.source_id COLLATE "default"
    WHERE staged.of_id = %(run)s AND staged.outcome IN ('', 'there', 'changed')
    """,
    file_key=_FILE_KEY,
)
PERSONS_BROUGHT = _PERSONS.format(who="SELECT source_id, client_id, currency FROM importing_client", file_key=_FILE_KEY)

# `amount` is what comes: of a row that came before and differs now, the difference, on the day of the import.
ROWS = """
    CREATE TEMP TABLE credit_row ON COMMIT DROP AS
    SELECT *, row_number() OVER (PARTITION BY account, outcome ORDER BY day, id) AS place
    FROM (
        SELECT told.*,
               CASE WHEN part IS NOT NULL THEN %(today)s ELSE least(told_day, %(today)s) END AS day,
               CASE WHEN part IS NOT NULL AND known_client IS NULL THEN 'left out'
                    WHEN part IS NOT NULL AND amount = 0 THEN 'there'
                    WHEN amount = 0 THEN 'left out'
                    WHEN NOT comes THEN CASE %(below)s WHEN '' THEN 'asks' ELSE 'left out' END
                    ELSE '' END AS outcome
        FROM (
            SELECT staged.id, staged.source_id, staged.amount AS told, staged.on, staged.description,
                   staged.invoice_source_id, person.source_id AS person, person.account, person.client_id,
                   person.currency, person.comes, person.balance, known.part, known.client_id AS known_client,
                   round(staged.amount, minor_units(person.currency))
                   - round(coalesce(known.digest, 0) / 10000.0, minor_units(person.currency)) AS amount,
                   coalesce(staged.on, min(staged.on) OVER (
                       PARTITION BY person.source_id ORDER BY staged.id DESC
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                   ), person.created_on, %(today)s) AS told_day
            FROM credit_person person
            JOIN billing_admin_stagedcredit staged
              ON staged.of_id = %(run)s AND staged.client_source_id = person.source_id
            LEFT JOIN LATERAL (
                SELECT part, digest, client_id FROM clients_externalreference
                WHERE source = %(source)s AND kind = 'credit' AND external_id = staged.source_id COLLATE "default"
                ORDER BY part DESC LIMIT 1
            ) known ON true
        ) told
    ) judged
"""

# The first time, `opening` stands before the first row where the account would fall below zero, and `closing` after the
# last; later what is held here counts too, and nothing but what the balance there moved by beside its rows is adjusted.
# OFFSET keeps PostgreSQL from looking for the last entry of an account from the last of all on.
ACCOUNTS = """
    CREATE TEMP TABLE credit_account ON COMMIT DROP AS
    SELECT *, opening - change AS closing,
           is_later AND held + least(opening + lowest, rows_sum + change) < 0 AS waits,
           held + least(opening + lowest, rows_sum + change) AS would_be,
           coalesce(first_below, 1) AS opens_at
    FROM (
        SELECT *, CASE WHEN is_later THEN greatest(change, 0) ELSE greatest(change, -lowest, 0) END AS opening
        FROM (
            SELECT owner.*, owner.moved - coalesce(walked.rows_sum, 0) AS change,
                   coalesce(walked.rows_sum, 0) AS rows_sum, coalesce(walked.rows_count, 0) AS rows_count,
                   least(walked.lowest, 0) AS lowest, walked.first_below, coalesce(held.held, 0) AS held, held.last_at
            FROM (
                SELECT account, min(client_id) AS client_id, min(currency) AS currency, sum(settled) AS settled,
                       sum(settled - settled_then) AS moved, sum(given) AS given,
                       bool_or(opened IS NOT NULL OR given IS NOT NULL) AS is_later,
                       min(created_on) AS created_on, sum(balance) AS balance
                FROM credit_person WHERE comes GROUP BY account
            ) owner
            LEFT JOIN (
                SELECT account, count(*) AS rows_count, sum(amount) AS rows_sum, min(running) AS lowest,
                       min(place) FILTER (WHERE running < 0) AS first_below
                FROM (SELECT account, place, amount, sum(amount) OVER (PARTITION BY account ORDER BY place) AS running
                      FROM credit_row WHERE outcome = '') running
                GROUP BY account
            ) walked USING (account)
            LEFT JOIN LATERAL (
                SELECT (SELECT sum(remaining) FROM credits_creditgrant
                        WHERE account_id = ours.id AND remaining > 0
                          AND (expires_on IS NULL OR expires_on >= %(today)s)) AS held,
                       (SELECT max(at) FROM (SELECT at FROM credits_creditentry
                                             WHERE account_id = ours.id OFFSET 0) own) AS last_at
                FROM credits_creditaccount ours
                WHERE owner.is_later AND ours.client_id = owner.client_id AND ours.currency = owner.currency
            ) held ON true
        ) changed
    ) opened
"""


def parameters_of(run: SystemImport, at: datetime.datetime) -> dict[str, Any]:
    """What the statements about an import's credit are told."""
    return {
        "run": run.pk,
        "source": run.source,
        "source_as_json": json.dumps(run.source),
        "codes": json.dumps(currency_codes(run)),
        "below": run.answers.get(NEGATIVE, ""),
        "category": str(run.answers.get(CATEGORY, category_asked().default)),
        "today": timezone.localdate(at),
        "zone": timezone.get_default_timezone_name(),
        "at": at,
        "actor": run.actor_name,
        "said": f"Imported from {run.source}"[:500],
    }


def make_plan(cursor: CursorWrapper, persons: str, parameters: dict[str, Any]) -> None:
    """Make the temporary tables anew."""
    drop_plan(cursor)
    for sql, table, column in (
        (persons, "credit_person", "source_id"),
        (ROWS, "credit_row", "account"),
        (ACCOUNTS, "credit_account", "account"),
    ):
        cursor.execute(sql, parameters)
        cursor.execute(f"CREATE INDEX ON {table} ({column})")
        cursor.execute(f"ANALYZE {table}")


def drop_plan(cursor: CursorWrapper) -> None:
    """Drop them."""
    cursor.execute("DROP TABLE IF EXISTS credit_person, credit_row, credit_account, credit_lot, credit_draw")
