"""Booking the credit of another system: each row above zero a grant, each below drawn from the oldest of them."""

import datetime

from django.db.backends.utils import CursorWrapper

from billing_admin.models import SystemImport
from credits.models import CreditGrant
from credits.models.grant import DRAW_DOWN_SQL

from .plan import PERSONS_BROUGHT, drop_plan, make_plan, parameters_of

_WAIT = """
    UPDATE billing_admin_stagedcredit staged
    SET outcome = 'waits', why = concat('With it the balance here would be ',
        money_text(account.would_be, row.currency), '; a balance is never below zero.')
    FROM credit_row row JOIN credit_account account USING (account)
    WHERE staged.id = row.id AND row.outcome = '' AND account.waits
"""

_OPEN_ACCOUNTS = """
    INSERT INTO credits_creditaccount (client_id, currency, balance)
    SELECT client_id, currency, 0 FROM credit_account WHERE NOT waits AND (rows_count > 0 OR opening > 0 OR closing > 0)
    ORDER BY client_id, currency
    ON CONFLICT (client_id, currency) DO NOTHING
"""

# Noon of the day; of what comes later to an account that has entries by then, not before the last of them.
_AT = """greatest(least(({day} + time '12:00') AT TIME ZONE %(zone)s, %(at)s::timestamptz), account.last_at)"""

# What can be drawn: first what the account has (of accounts of which something came before), then what comes. What a
# grant reaches from and to in the running sum of the account says which uses it pays.
_LOTS = f"""
    CREATE TEMP TABLE credit_lot ON COMMIT DROP AS
    SELECT coalesce(held_id, nextval(pg_get_serial_sequence('credits_creditgrant', 'id'))) AS id, lots.*,
           sum(amount) OVER (PARTITION BY account ORDER BY place) AS upto
    FROM (
        SELECT grant_.id AS held_id, account.account, ours.id AS account_id, ours.client_id, ours.currency,
               grant_.remaining AS amount, NULL::bigint AS row_id, NULL::timestamptz AS at,
               row_number() OVER (PARTITION BY account.account ORDER BY {DRAW_DOWN_SQL})::numeric - 1e9 AS place
        FROM credit_account account
        JOIN credits_creditaccount ours USING (client_id, currency)
        JOIN credits_creditgrant grant_ ON grant_.account_id = ours.id
        WHERE account.is_later AND NOT account.waits AND grant_.remaining > 0
          AND (grant_.expires_on IS NULL OR grant_.expires_on >= %(today)s)
          AND (account.rows_count > 0 OR account.closing > 0)
        UNION ALL
        SELECT NULL, account.account, ours.id, ours.client_id, ours.currency, row.amount, row.id,
               {_AT.format(day="row.day")}, row.place
        FROM credit_account account
        JOIN credits_creditaccount ours USING (client_id, currency)
        JOIN credit_row row ON row.account = account.account AND row.outcome = '' AND row.amount > 0
        WHERE NOT account.waits
        UNION ALL
        SELECT NULL, account.account, ours.id, ours.client_id, ours.currency, account.opening, NULL,
               {_AT.format(day="coalesce(row.day, least(account.created_on, %(today)s), %(today)s)")},
               account.opens_at - 0.5
        FROM credit_account account
        JOIN credits_creditaccount ours USING (client_id, currency)
        LEFT JOIN credit_row row ON row.account = account.account AND row.outcome = '' AND row.place = account.opens_at
        WHERE NOT account.waits AND account.opening > 0
        ORDER BY 2, 9
    ) lots
"""

_GRANTS = """
    INSERT INTO credits_creditgrant
        (id, account_id, client_id, kind, category, description, currency, amount, remaining, priority, listed,
         created_by_name, created_at)
    SELECT lot.id, lot.account_id, lot.client_id,
           CASE WHEN row.part IS NULL AND row.id IS NOT NULL THEN 'credit' ELSE 'adjustment' END, %(category)s,
           CASE WHEN row.id IS NULL THEN {adjusted} WHEN row.part IS NOT NULL THEN {corrected}
                ELSE coalesce(nullif(btrim(left(btrim(row.description), 500)), ''), %(said)s) END,
           lot.currency, lot.amount, 0, {priority}, row.id IS NOT NULL AND row.part IS NULL, %(actor)s, lot.at
    FROM credit_lot lot
    JOIN credit_account account USING (account)
    LEFT JOIN credit_row row ON row.id = lot.row_id
    WHERE lot.held_id IS NULL
    ORDER BY lot.id
"""

# Where a grant or a use ends in the running sum of its account, a piece ends: of the first of each that reaches so far.
# An open invoice takes what it says of credit, from its latest row back, and no more than is owed; one of history all.
_DRAWS = """
    CREATE TEMP TABLE credit_draw ON COMMIT DROP AS
    WITH named AS (
        SELECT row.id, row.account, row.place, row.day, -row.amount AS amount, ours.id AS invoice_id,
               CASE WHEN ours.origin = 'history' THEN -row.amount
                    WHEN ours.origin = 'open' AND ours.status = 'unpaid'
                    THEN least(ours.balance_due, greatest(round(said.credit, minor_units(row.currency))
                                                          - ours.credit_applied, 0))
                    ELSE 0 END AS room, ours.origin
        FROM credit_row row
        JOIN credit_account account ON account.account = row.account AND NOT account.waits
        LEFT JOIN importing_invoice named ON named.source_id = row.invoice_source_id AND row.part IS NULL
        LEFT JOIN invoices_invoice ours
          ON ours.id = named.invoice_id AND ours.client_id = row.client_id AND ours.currency = row.currency
        LEFT JOIN billing_admin_stagedinvoice said ON said.of_id = %(run)s AND said.source_id = named.source_id
        WHERE row.outcome = '' AND row.amount < 0
    ), filled AS (
        SELECT *, CASE WHEN invoice_id IS NULL THEN 0 WHEN origin = 'history' THEN amount
                       ELSE least(amount, greatest(room - (sum(amount) OVER (
                           PARTITION BY invoice_id ORDER BY day DESC, id DESC) - amount), 0)) END AS applied
        FROM named
    ), uses AS (
        SELECT account, place, id AS row_id, day, 'remove' AS kind, amount - applied AS amount,
               NULL::bigint AS invoice_id
        FROM filled WHERE applied < amount
        UNION ALL
        SELECT account, place + 0.25, id, day, 'apply', applied, invoice_id FROM filled WHERE applied > 0
        UNION ALL
        SELECT account.account, account.rows_count + 0.5, NULL, row.day, 'adjust', account.closing, NULL
        FROM credit_account account
        LEFT JOIN credit_row row
          ON row.account = account.account AND row.outcome = '' AND row.place = account.rows_count
        WHERE NOT account.waits AND account.closing > 0
    ), reaching AS (
        SELECT *, sum(amount) OVER (PARTITION BY account ORDER BY place) AS upto FROM uses
    ), points AS (
        SELECT account, upto, min(lot) AS lot, min(used) AS used
        FROM (SELECT account, upto, place AS lot, NULL::numeric AS used FROM credit_lot
              UNION ALL SELECT account, upto, NULL, place FROM reaching) ends
        GROUP BY account, upto
    ), pieces AS (
        SELECT account, upto - coalesce(lag(upto) OVER (PARTITION BY account ORDER BY upto), 0) AS amount,
               min(lot) OVER back AS lot, min(used) OVER back AS used
        FROM points WINDOW back AS (PARTITION BY account ORDER BY upto DESC)
    )
    SELECT lot.id AS grant_id, lot.account_id, lot.client_id, lot.currency, used.account, used.place,
           lot.place AS of_lot, used.row_id, used.day, used.invoice_id,
           CASE WHEN used.kind = 'remove' AND row.part IS NOT NULL THEN 'adjust' ELSE used.kind END AS kind,
           -piece.amount AS amount
    FROM pieces piece
    JOIN reaching used ON used.account = piece.account AND used.place = piece.used
    JOIN credit_lot lot ON lot.account = piece.account AND lot.place = piece.lot
    LEFT JOIN credit_row row ON row.id = used.row_id
"""

_ENTRIES = """
    WITH planned AS (
        SELECT nextval(pg_get_serial_sequence('credits_creditentry', 'id')) AS id, moved.*
        FROM (
            SELECT lot.id AS grant_id, lot.account_id, lot.client_id, lot.currency, lot.account, lot.place,
                   lot.place AS of_lot, lot.row_id, lot.amount, lot.at, NULL::bigint AS invoice_id,
                   CASE WHEN row.part IS NULL AND row.id IS NOT NULL THEN 'grant' ELSE 'adjust' END AS kind
            FROM credit_lot lot LEFT JOIN credit_row row ON row.id = lot.row_id WHERE lot.held_id IS NULL
            UNION ALL
            SELECT draw.grant_id, draw.account_id, draw.client_id, draw.currency, draw.account, draw.place, draw.of_lot,
                   draw.row_id, draw.amount, {at}, draw.invoice_id, draw.kind
            FROM credit_draw draw JOIN credit_account account USING (account)
            ORDER BY 5, 6, 7
        ) moved
    ), booked AS (
        INSERT INTO credits_creditentry
            (id, grant_id, account_id, client_id, kind, currency, amount, invoice_id, description, note, actor_name, at)
        SELECT planned.id, planned.grant_id, planned.account_id, planned.client_id, planned.kind, planned.currency,
               planned.amount, planned.invoice_id,
               CASE WHEN row.id IS NULL THEN {adjusted} WHEN row.part IS NOT NULL THEN {corrected} ELSE %(said)s END,
               concat_ws(E'\\n', nullif(btrim(row.description), ''),
                   CASE WHEN row.part IS NULL AND row.amount <> row.told
                        THEN 'The exact amount there: ' || trim_scale(row.told) || '.' END,
                   CASE WHEN row.on IS NULL AND row.id IS NOT NULL THEN 'It has no date there.'
                        WHEN row.on <> row.day AND row.part IS NULL THEN 'Its date there: ' || row.on || '.' END),
               %(actor)s, planned.at
        FROM planned
        JOIN credit_account account USING (account)
        LEFT JOIN credit_row row ON row.id = planned.row_id
        ORDER BY planned.id
        RETURNING id
    ), row_entries AS (
        SELECT row_id, min(id) AS id FROM planned WHERE row_id IS NOT NULL AND (SELECT count(*) FROM booked) > 0
        GROUP BY row_id
    )
    INSERT INTO clients_externalreference
        (client_id, source, kind, external_id, part, row_id, digest, system_import_id)
    SELECT row.client_id, %(source)s, 'credit', row.source_id, coalesce(row.part + 1, 0), coalesce(lot.id, entries.id),
           round(row.told * 10000)::bigint, %(run)s
    FROM credit_row row
    JOIN row_entries entries ON entries.row_id = row.id
    LEFT JOIN credit_lot lot ON lot.row_id = row.id
    ORDER BY row.id
"""

_OPENINGS = """
    INSERT INTO clients_externalreference
        (client_id, source, kind, external_id, part, row_id, digest, system_import_id)
    SELECT person.client_id, %(source)s, 'opening', person.source_id, coalesce(person.opened + 1, 0), lot.id,
           round(person.settled * 10000)::bigint, %(run)s
    FROM credit_person person
    JOIN credit_account account USING (account)
    LEFT JOIN credit_lot lot ON lot.account = account.account AND lot.held_id IS NULL AND lot.row_id IS NULL
    WHERE person.comes AND NOT account.waits
      AND (person.opened IS NULL AND (person.settled <> 0 OR person.given IS NOT NULL OR EXISTS (
               SELECT FROM credit_row row WHERE row.person = person.source_id AND row.outcome = ''))
           OR person.opened IS NOT NULL AND person.settled <> person.settled_then)
    ORDER BY person.source_id
"""

_SAID = {
    "adjusted": """concat(CASE WHEN account.is_later THEN 'Adjustment' ELSE 'Opening adjustment' END,
                    ': the balance there is ', money_text(account.balance, account.currency), ', its rows come to ',
                    money_text(account.rows_sum, account.currency))""",
    "corrected": "left('Correction of ' || coalesce(nullif(btrim(row.description), ''), row.source_id), 500)",
    "at": _AT.format(day="coalesce(draw.day, %(today)s)"),
    "priority": str(CreditGrant.DEFAULT_PRIORITY),
}


def bring_credit(cursor: CursorWrapper, run: SystemImport, at: datetime.datetime) -> None:
    """Book the credit of the clients in `importing_client`, tied to invoices in `importing_invoice`.

    The caller has locked the clients and is within `maintenance("import")`. What came before comes no more. Credit of
    clients whose balance would fall below zero waits.
    """
    parameters = parameters_of(run, at)
    make_plan(cursor, PERSONS_BROUGHT, parameters)
    cursor.execute(_WAIT, parameters)
    cursor.execute(_OPEN_ACCOUNTS, parameters)
    cursor.execute(_LOTS, parameters)
    cursor.execute(_GRANTS.format(**_SAID), parameters)
    cursor.execute(_DRAWS, parameters)
    cursor.execute(_ENTRIES.format(**_SAID), parameters)
    cursor.execute(_OPENINGS, parameters)
    drop_plan(cursor)
