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
        LEFT JOIN credits_creditentry entry ON entry.invoice_id = invoice.id
        GROUP BY invoice.id HAVING invoice.credit_applied <> -coalesce(sum(entry.amount), 0)
            OR invoice.credit_applied < 0 OR invoice.credit_applied > invoice.total""",
    "I4 invoice paid = sum of its transactions": """
        SELECT invoice.id, invoice.amount_paid, coalesce(sum(paid.amount_in - paid.amount_out), 0)
        FROM invoices_invoice invoice LEFT JOIN transactions_transaction paid ON paid.invoice_id = invoice.id
        GROUP BY invoice.id HAVING invoice.amount_paid <> coalesce(sum(paid.amount_in - paid.amount_out), 0)""",
    "I5 total = credit + paid + due, and Paid exactly when nothing is due": """
        SELECT id, total, credit_applied + amount_paid + balance_due FROM invoices_invoice
        WHERE total <> credit_applied + amount_paid + balance_due
           OR (status IN ('unpaid', 'paid') AND (status = 'paid') <> (balance_due = 0))""",
    "I5 issued totals = sums of their lines": """
        SELECT invoice.id, invoice.subtotal, coalesce(sum(line.amount), 0) FROM invoices_invoice invoice
        LEFT JOIN invoices_invoiceline line ON line.invoice_id = invoice.id WHERE invoice.status <> 'draft'
        GROUP BY invoice.id HAVING invoice.subtotal <> coalesce(sum(line.amount), 0)
            OR invoice.tax <> coalesce(sum(line.tax), 0)""",
    "numbers are gap-free from 1": """
        SELECT count(*), coalesce(max(number), 0), count(DISTINCT number) FROM invoices_invoice WHERE number IS NOT NULL
        HAVING coalesce(max(number), 0) <> count(*)""",
}


def assert_invariants() -> None:
    """Fail with every row that breaks an invariant, and its figures."""
    found = []
    with connection.cursor() as cursor:
        for what, sql in _CHECKS.items():
            cursor.execute(sql)
            found += [f"{what}: row {row[0]} has {row[1]}, computed {row[2]}" for row in cursor.fetchall()]
    assert not found, "\n".join(found)
