"""What `deletion.py` asks the database: the rows of payments, the credit they gave, the invoices they settled."""

# A payment is its first row and all that names it: parts, refunds, reversals, and what was moved from one of these.
# Money that is nobody's yet has no number; what remains of a deleted client has one, and stays.
PAYMENTS = """
    WITH RECURSIVE above (id) AS (
        SELECT id FROM transactions_transaction
        WHERE CASE WHEN %(batch)s::bigint IS NULL
            THEN id = ANY(%(chosen)s)
                AND (client_id = %(client)s OR %(client)s::bigint IS NULL AND client_number IS NULL)
            ELSE batch_id = %(batch)s AND (client_id IS NOT NULL OR client_number IS NULL) END
        UNION
        SELECT named.id FROM above JOIN transactions_transaction row USING (id)
        CROSS JOIN LATERAL (VALUES (row.part_of_id), (row.refund_of_id)) named (id) WHERE named.id IS NOT NULL
    ), payment (first, id) AS (
        SELECT id, id FROM above JOIN transactions_transaction row USING (id)
        WHERE row.part_of_id IS NULL AND row.refund_of_id IS NULL
        UNION
        SELECT payment.first, naming.id FROM payment CROSS JOIN LATERAL (
            SELECT id FROM transactions_transaction WHERE part_of_id = payment.id
            UNION ALL SELECT id FROM transactions_transaction WHERE refund_of_id = payment.id) naming
    )
    SELECT first, id FROM payment ORDER BY first, id
"""

# The credit that they gave, and where it is used: on which invoice, or in which transfer. What was removed or expired
# was not used.
CREDIT = """
    SELECT payment.first, given.id, given.currency, given.amount, given.remaining, given.description, used.places
    FROM unnest(%(firsts)s::bigint[], %(rows)s::bigint[]) payment (first, id)
    JOIN credits_creditgrant given ON given.transaction_id = payment.id
    CROSS JOIN LATERAL (
        SELECT array_agg(ARRAY[amount::text, label, invoice_id::text] ORDER BY invoice_id, label) AS places FROM (
            SELECT -sum(entry.amount) AS amount, coalesce(invoice.label, entry.description) AS label, entry.invoice_id
            FROM credits_creditentry entry LEFT JOIN invoices_invoice invoice ON invoice.id = entry.invoice_id
            WHERE entry.grant_id = given.id AND entry.kind IN ('apply', 'release', 'transfer')
            GROUP BY entry.invoice_id, coalesce(invoice.label, entry.description) HAVING sum(entry.amount) <> 0
        ) place
    ) used
    ORDER BY given.id
"""

# A Refunded invoice is owed again where nothing is left of what was paid and given back on it.
INVOICES = """
    SELECT invoice.id, invoice.label, invoice.currency, invoice.status, invoice.due_on,
           invoice.balance_due + moved.amount
    FROM (SELECT invoice_id, sum(amount_in - amount_out) AS amount FROM transactions_transaction
          WHERE id = ANY(%(rows)s) AND invoice_id IS NOT NULL GROUP BY invoice_id) moved
    JOIN invoices_invoice invoice ON invoice.id = moved.invoice_id
    WHERE moved.amount <> 0 OR invoice.status = 'refunded' AND NOT EXISTS (
        SELECT FROM transactions_transaction left_
        WHERE left_.invoice_id = invoice.id AND left_.id <> ALL(%(rows)s))
    ORDER BY invoice.id
"""

# Payments of which something was given back, and the first such row.
GIVEN_BACK = """
    SELECT payment.first, min(row.id) FROM unnest(%(firsts)s::bigint[], %(rows)s::bigint[]) payment (first, id)
    JOIN transactions_transaction row ON row.id = payment.id AND row.kind IN ('refund', 'reversal')
    GROUP BY payment.first
"""

FROM_FILES = "SELECT count(DISTINCT file_key) FROM transactions_transaction WHERE id = ANY(%(rows)s)"
