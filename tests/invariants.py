"""The invariants I1–I5 of the design, recomputed from independent sums. A test asserts them after what it did."""

from django.db import connection

# What each finds is wrong, as (what, id, stored, computed).
_CHECKS = {
    "I1 account balance = sum of its entries": """
        SELECT account.id, account.balance, coalesce(sum(entry.amount), 0) FROM credits_creditaccount account
        LEFT JOIN credits_creditentry entry ON entry.account_id = account.id
        GROUP BY account.id HAVING account.balance <> coalesce(sum(entry.amount), 0) OR account.balance < 0""",
    "I1 account balance = sum of what its grants have left": """
        SELECT account.id, account.balance, coalesce(sum(grant_.remaining), 0) FROM credits_creditaccount account
        LEFT JOIN credits_creditgrant grant_ ON grant_.account_id = account.id
        GROUP BY account.id HAVING account.balance <> coalesce(sum(grant_.remaining), 0)""",
    "I2 grant remaining = sum of its entries, within its amount": """
        SELECT grant_.id, grant_.remaining, coalesce(sum(entry.amount), 0) FROM credits_creditgrant grant_
        LEFT JOIN credits_creditentry entry ON entry.grant_id = grant_.id
        GROUP BY grant_.id HAVING grant_.remaining <> coalesce(sum(entry.amount), 0)
            OR grant_.remaining < 0 OR grant_.remaining > grant_.amount""",
    "I3 invoice credit = minus the sum of entries on it, within its total": """
        SELECT invoice.id, invoice.credit_applied, -coalesce(sum(entry.amount), 0) FROM invoices_invoice invoice
        LEFT JOIN credits_creditentry entry ON entry.invoice_id = invoice.id WHERE invoice.origin <> 'history'
        GROUP BY invoice.id HAVING invoice.credit_applied <> -coalesce(sum(entry.amount), 0)
            OR invoice.credit_applied < 0 OR invoice.credit_applied > invoice.total""",
    "I4 invoice paid = sum of its transactions": """
        SELECT invoice.id, invoice.amount_paid, coalesce(sum(paid.amount_in - paid.amount_out), 0)
        FROM invoices_invoice invoice LEFT JOIN transactions_transaction paid ON paid.invoice_id = invoice.id
        WHERE invoice.origin <> 'history'
        GROUP BY invoice.id HAVING invoice.amount_paid <> coalesce(sum(paid.amount_in - paid.amount_out), 0)""",
    "I5 total = credit + paid + credited + written off + due": """
        SELECT id, total, credit_applied + amount_paid + amount_credited + amount_written_off + balance_due
        FROM invoices_invoice
        WHERE total <> credit_applied + amount_paid + amount_credited + amount_written_off + balance_due""",
    "I5 Unpaid while something is due, else Written off where some of it was, else Paid": """
        SELECT id, status, balance_due FROM invoices_invoice
        WHERE (status = 'unpaid' AND balance_due = 0)
           OR (status = 'paid' AND (balance_due <> 0 OR amount_written_off <> 0 OR paid_at IS NULL))
           OR (status = 'writtenoff' AND (balance_due <> 0 OR amount_written_off = 0 OR paid_at IS NOT NULL))""",
    "I5 invoice written off = sum of its write-offs": """
        SELECT invoice.id, invoice.amount_written_off, coalesce(sum(written.amount), 0) FROM invoices_invoice invoice
        LEFT JOIN invoices_writeoff written ON written.invoice_id = invoice.id
        GROUP BY invoice.id HAVING invoice.amount_written_off <> coalesce(sum(written.amount), 0)""",
    "I5 issued totals = sums of their lines": """
        SELECT invoice.id, invoice.subtotal, coalesce(sum(line.amount), 0) FROM invoices_invoice invoice
        LEFT JOIN invoices_invoiceline line ON line.invoice_id = invoice.id WHERE invoice.status <> 'draft'
            AND invoice.origin <> 'history'
        GROUP BY invoice.id HAVING invoice.subtotal <> coalesce(sum(line.amount), 0)
            OR invoice.tax <> coalesce(sum(line.tax), 0)""",
    "I5 invoice credited = sum of its credit notes": """
        SELECT invoice.id, invoice.amount_credited, coalesce(sum(note.total), 0) FROM invoices_invoice invoice
        LEFT JOIN invoices_creditnote note ON note.invoice_id = invoice.id
        GROUP BY invoice.id HAVING invoice.amount_credited <> coalesce(sum(note.total), 0)""",
    "I6 credit note totals = sums of their lines": """
        SELECT note.id, note.total, coalesce(sum(line.amount + line.tax), 0) FROM invoices_creditnote note
        LEFT JOIN invoices_creditnoteline line ON line.credit_note_id = note.id
        GROUP BY note.id HAVING note.subtotal <> coalesce(sum(line.amount), 0) OR note.tax <> coalesce(sum(line.tax), 0)
        """,
    "A reminder’s fee is in the currency of its invoice, and is not left to bill once that is not owed": """
        SELECT fee.id, item.currency, fee.currency FROM invoices_reminderfee fee
        JOIN invoices_billableitem item ON item.id = fee.item_id
        JOIN invoices_invoice invoice ON invoice.id = fee.invoice_id
        WHERE item.currency <> fee.currency
           OR (invoice.status = 'cancelled' OR invoice.total > 0 AND invoice.total = invoice.amount_credited)
              AND NOT EXISTS (SELECT FROM invoices_invoiceline line WHERE line.billable_item_id = item.id)""",
    "I6 no more of a line is credited than it billed": """
        SELECT billed.id, billed.amount + billed.tax, sum(line.amount + line.tax) FROM invoices_invoiceline billed
        JOIN invoices_creditnoteline line ON line.invoice_line_id = billed.id
        GROUP BY billed.id HAVING sum(line.amount) > billed.amount OR sum(line.tax) > billed.tax
            OR coalesce(sum(line.quantity), 0) > billed.quantity""",
    "numbers are gap-free in each series, from 1 or after those of another system": """
        SELECT prefix, max(number), count(DISTINCT number) FROM (
            SELECT 'invoice' AS document, number_prefix AS prefix, number FROM invoices_invoice WHERE number IS NOT NULL
            UNION ALL SELECT 'credit_note', number_prefix, number FROM invoices_creditnote
        ) numbered LEFT JOIN invoices_numberseries series USING (document, prefix)
        GROUP BY document, prefix, first_number
        HAVING max(number) - coalesce(first_number, 1) + 1 <> count(*) OR count(DISTINCT number) <> count(*)""",
}


def assert_invariants() -> None:
    """Fail with every row that breaks an invariant, and its figures."""
    found = []
    with connection.cursor() as cursor:
        for what, sql in _CHECKS.items():
            cursor.execute(sql)
            found += [f"{what}: row {row[0]} has {row[1]}, computed {row[2]}" for row in cursor.fetchall()]
    assert not found, "\n".join(found)
