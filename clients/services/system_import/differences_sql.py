"""SQL of the rows that were read and are not, to the cent, what is here; and of what is here and was not read."""

# What was typed is no part of a receipt.
_WHY = "regexp_replace({why}, '“[^”]*”', '…', 'g')"
_CODE = "coalesce(nullif(%(currencies)s::jsonb ->> {id}, ''), '#' || {id}, '')"
_CURRENCY = _CODE.format(id="client.currency")

CLIENTS = f"""
    SELECT row.source_id, here.number, coalesce(nullif(row.status, ''), 'none'), initcap(here.status),
           {_WHY.format(why="row.why")}
    FROM billing_admin_stagedclient row
    LEFT JOIN clients_externalreference reference
      ON reference.source = %(source)s AND reference.kind = 'client'
     AND reference.external_id = row.source_id COLLATE "default"
     AND reference.part = 0
    LEFT JOIN clients_client here ON here.id = reference.client_id
    WHERE row.of_id = %(run)s AND initcap(here.status) IS DISTINCT FROM row.status
    ORDER BY row.id
"""
# Clients there that are one here have one balance here. What is here in another currency, or of a client who is gone
# there, has nothing beside it.
BALANCES = f"""
    WITH staged AS (
        SELECT row.id, row.source_id, row.balance, row.why, {_CODE.format(id="row.currency")} AS currency,
               reference.client_id
        FROM billing_admin_stagedclient row
        LEFT JOIN clients_externalreference reference
          ON reference.source = %(source)s AND reference.kind = 'client'
          AND reference.external_id = row.source_id COLLATE "default"
         AND reference.part = 0
        WHERE row.of_id = %(run)s
    ), there AS (
        SELECT client_id, currency, sum(balance) AS balance, count(*) FILTER (WHERE balance > 0) AS above,
               string_agg(source_id, ', ' ORDER BY id) AS ids, string_agg(nullif(why, ''), ' ' ORDER BY id) AS why
        FROM staged GROUP BY client_id, currency, CASE WHEN client_id IS NULL THEN id END
    ), here AS (
        SELECT account.client_id, account.currency::text, account.balance, came.ids, came.is_gone
        FROM (SELECT reference.client_id, string_agg(reference.external_id, ', ' ORDER BY reference.id) AS ids,
                     bool_and(staged.id IS NULL) AS is_gone
              FROM clients_externalreference reference
              LEFT JOIN staged ON staged.source_id = reference.external_id COLLATE "C"
              WHERE reference.source = %(source)s AND reference.kind = 'client' AND reference.part = 0
                AND reference.client_id IS NOT NULL
              GROUP BY reference.client_id) came
        JOIN credits_creditaccount account ON account.client_id = came.client_id
    )
    SELECT coalesce(there.ids, here.ids), client.number, coalesce(there.currency, here.currency),
           coalesce(there.balance, 0), coalesce(there.above, 0), here.balance,
           concat_ws(' ', {_WHY.format(why="there.why")},
               CASE WHEN here.is_gone THEN 'It is no longer there.'
                    WHEN there.currency IS NULL THEN 'It is in another currency there.'
                    WHEN EXISTS (
                        SELECT FROM credits_creditentry entry
                        WHERE entry.client_id = here.client_id AND entry.actor_name <> %(actor)s
                    ) THEN 'Credit was moved here since.' END)
    FROM there FULL JOIN here ON here.client_id = there.client_id AND here.currency = there.currency
    LEFT JOIN clients_client client ON client.id = coalesce(there.client_id, here.client_id)
    WHERE coalesce(here.balance, 0) <> coalesce(there.balance, 0)
       OR (here.balance > 0)::int <> coalesce(there.above, 0)
    ORDER BY client.number NULLS FIRST, 1
"""
INVOICES = f"""
    SELECT row.source_id, row.label, {_CURRENCY}, row.status,
           ARRAY[1, row.subtotal, row.tax, row.tax2, row.credit, row.total],
           coalesce(imported.status, CASE WHEN invoice.id IS NOT NULL THEN 'Draft' END),
           CASE WHEN invoice.id IS NOT NULL THEN ARRAY[1, coalesce(imported.subtotal, invoice.subtotal),
               coalesce(imported.tax, invoice.tax), coalesce(imported.tax2, 0), coalesce(imported.credit, 0),
               coalesce(imported.total, invoice.total)] END,
           {_WHY.format(why="row.why")}
    FROM billing_admin_stagedinvoice row
    LEFT JOIN billing_admin_stagedclient client
      ON client.of_id = row.of_id AND client.source_id = row.client_source_id
    LEFT JOIN clients_externalreference reference
      ON reference.source = %(source)s AND reference.kind = 'invoice'
     AND reference.external_id = row.source_id COLLATE "default"
     AND reference.part = 0
    LEFT JOIN invoices_invoice invoice ON invoice.id = reference.row_id
    LEFT JOIN invoices_importedinvoice imported ON imported.invoice_id = invoice.id
    WHERE row.of_id = %(run)s AND (
        invoice.id IS NULL OR (imported.id IS NOT NULL AND
            (row.status, row.subtotal, row.tax, row.tax2, row.credit, row.total) IS DISTINCT FROM
            (imported.status, imported.subtotal, imported.tax, imported.tax2, imported.credit, imported.total))
        OR (imported.id IS NULL AND
            (row.status, row.subtotal, row.tax, row.tax2, row.credit, row.total) IS DISTINCT FROM
            ('Draft', invoice.subtotal, invoice.tax, 0, 0, invoice.total)))
    ORDER BY row.id
"""
DUE = f"""
    SELECT row.source_id, row.label, {_CURRENCY},
           CASE WHEN row.status IN ('Unpaid', 'Payment Pending', 'Collections', 'Overdue')
                THEN row.total - row.paid ELSE 0 END AS there,
           CASE WHEN invoice.origin = 'open' AND invoice.status = 'unpaid' THEN invoice.balance_due ELSE 0 END,
           concat_ws(' ', nullif({_WHY.format(why="row.why")}, ''), CASE WHEN invoice.origin = 'open' THEN concat(
               'Here ', money_text(invoice.amount_paid, invoice.currency), ' was paid of it, ',
               money_text(invoice.credit_applied, invoice.currency), ' of credit applied and ',
               money_text(invoice.amount_credited + invoice.amount_written_off, invoice.currency),
               ' credited or written off; there ', money_text(row.paid, invoice.currency), ' was paid and ',
               money_text(row.credit, invoice.currency), ' of credit applied.') END)
    FROM billing_admin_stagedinvoice row
    LEFT JOIN billing_admin_stagedclient client
      ON client.of_id = row.of_id AND client.source_id = row.client_source_id
    LEFT JOIN clients_externalreference reference
      ON reference.source = %(source)s AND reference.kind = 'invoice'
     AND reference.external_id = row.source_id COLLATE "default"
     AND reference.part = 0
    LEFT JOIN invoices_invoice invoice ON invoice.id = reference.row_id
    WHERE row.of_id = %(run)s
      AND CASE WHEN row.status IN ('Unpaid', 'Payment Pending', 'Collections', 'Overdue')
               THEN row.total - row.paid ELSE 0 END
       <> CASE WHEN invoice.origin = 'open' AND invoice.status = 'unpaid' THEN invoice.balance_due ELSE 0 END
    ORDER BY row.id
"""
MONEY = f"""
    SELECT row.source_id, row.client_source_id,
           CASE WHEN row.currency IN ('', '0') THEN {_CURRENCY} ELSE {_CODE.format(id="row.currency")} END,
           coalesce(to_char(row.at AT TIME ZONE %(zone)s, 'YYYY-MM'), ''),
           ARRAY[1, row.amount_in, row.fees, row.amount_out],
           here.currency, here.month, here.sums, {_WHY.format(why="row.why")}
    FROM billing_admin_stagedmoney row
    LEFT JOIN billing_admin_stagedclient client
      ON client.of_id = row.of_id AND client.source_id = row.client_source_id
    LEFT JOIN (
        SELECT reference.external_id COLLATE "C" AS source_id, min(money.currency) AS currency,
               min(to_char(money.date, 'YYYY-MM')) AS month,
               ARRAY[1, sum(money.amount_in), sum(money.fees), sum(money.amount_out)] AS sums
        FROM clients_externalreference reference JOIN transactions_transaction money ON money.id = reference.row_id
        WHERE reference.source = %(source)s AND reference.kind = 'money'
        GROUP BY reference.external_id
    ) here ON here.source_id = row.source_id
    WHERE row.of_id = %(run)s AND (here.sums IS DISTINCT FROM ARRAY[1, row.amount_in, row.fees, row.amount_out]
        OR here.month IS DISTINCT FROM to_char(row.at AT TIME ZONE %(zone)s, 'YYYY-MM')
        OR here.currency IS DISTINCT FROM
           CASE WHEN row.currency IN ('', '0') THEN {_CURRENCY} ELSE {_CODE.format(id="row.currency")} END)
    ORDER BY row.id
"""
# What came before and is no longer there.
_NO_LONGER_THERE = "'It is no longer there.'"
GONE_CLIENTS = f"""
    SELECT reference.external_id, here.number, '', initcap(here.status), {_NO_LONGER_THERE}
    FROM clients_externalreference reference JOIN clients_client here ON here.id = reference.client_id
    WHERE reference.source = %(source)s AND reference.kind = 'client' AND reference.part = 0 AND NOT EXISTS (
        SELECT FROM billing_admin_stagedclient row
        WHERE row.of_id = %(run)s AND row.source_id = reference.external_id COLLATE "C")
    ORDER BY reference.id
"""
GONE_DUE = f"""
    SELECT reference.external_id, invoice.label, invoice.currency, 0::numeric, invoice.balance_due, {_NO_LONGER_THERE}
    FROM clients_externalreference reference JOIN invoices_invoice invoice ON invoice.id = reference.row_id
    WHERE reference.source = %(source)s AND reference.kind = 'invoice' AND invoice.origin = 'open'
      AND invoice.status = 'unpaid' AND NOT EXISTS (
        SELECT FROM billing_admin_stagedinvoice row
        WHERE row.of_id = %(run)s AND row.source_id = reference.external_id COLLATE "C")
    ORDER BY reference.id
"""
GONE_INVOICES = f"""
    SELECT reference.external_id, invoice.label, invoice.currency, '', NULL::numeric[],
           coalesce(imported.status, 'Draft'),
           ARRAY[1, coalesce(imported.subtotal, invoice.subtotal), coalesce(imported.tax, invoice.tax),
                 coalesce(imported.tax2, 0), coalesce(imported.credit, 0), coalesce(imported.total, invoice.total)],
           {_NO_LONGER_THERE}
    FROM clients_externalreference reference
    JOIN invoices_invoice invoice ON invoice.id = reference.row_id
    LEFT JOIN invoices_importedinvoice imported ON imported.invoice_id = invoice.id
    WHERE reference.source = %(source)s AND reference.kind = 'invoice' AND NOT EXISTS (
        SELECT FROM billing_admin_stagedinvoice row
        WHERE row.of_id = %(run)s AND row.source_id = reference.external_id COLLATE "C")
    ORDER BY reference.id
"""
GONE_MONEY = f"""
    SELECT reference.external_id, '', '', '', NULL::numeric[], min(money.currency),
           min(to_char(money.date, 'YYYY-MM')),
           ARRAY[1, sum(money.amount_in), sum(money.fees), sum(money.amount_out)], {_NO_LONGER_THERE}
    FROM clients_externalreference reference JOIN transactions_transaction money ON money.id = reference.row_id
    WHERE reference.source = %(source)s AND reference.kind = 'money' AND NOT EXISTS (
        SELECT FROM billing_admin_stagedmoney row
        WHERE row.of_id = %(run)s AND row.source_id = reference.external_id COLLATE "C")
    GROUP BY reference.external_id ORDER BY reference.external_id
"""
