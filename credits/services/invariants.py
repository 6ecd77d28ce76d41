"""What must hold in the books whatever happens: each rule as SQL that finds the rows that break it."""

from clients.models import Activity
from credits.models import CreditEntry
from invoices.models import ImportedInvoice, ImportedLine, WriteOff
from transactions.models import Transaction

from .chain import chain_rules
from .document_rules import RULES_OF_IMPORTS, RULES_OF_NUMBERS
from .invariant import Invariant

_APPEND_ONLY = {
    "credit entry": CreditEntry.rows,
    "transaction": Transaction.rows,
    "write-off": WriteOff.rows,
    "imported invoice": ImportedInvoice.rows,
    "imported line": ImportedLine.rows,
    "activity": Activity.rows,
}

INVARIANTS = (
    Invariant(
        "I1",
        "credit account",
        "balance {stored}, but its entries come to {computed}",
        """
        SELECT account.id, account.balance, coalesce(entries.amount, 0)
        FROM credits_creditaccount account
        LEFT JOIN (SELECT account_id, sum(amount) AS amount FROM credits_creditentry GROUP BY account_id) entries
          ON entries.account_id = account.id
        WHERE account.balance <> coalesce(entries.amount, 0) OR account.balance < 0
        """,
    ),
    Invariant(
        "I1",
        "credit account",
        "balance {stored}, but its credits have {computed} left",
        """
        SELECT account.id, account.balance, coalesce(grants.remaining, 0)
        FROM credits_creditaccount account
        LEFT JOIN (SELECT account_id, sum(remaining) AS remaining FROM credits_creditgrant GROUP BY account_id) grants
          ON grants.account_id = account.id
        WHERE account.balance <> coalesce(grants.remaining, 0)
        """,
    ),
    Invariant(
        "I2",
        "credit grant",
        "{stored} left, but its entries come to {computed}",
        """
        SELECT grant_.id, grant_.remaining, coalesce(entries.amount, 0)
        FROM credits_creditgrant grant_
        LEFT JOIN (SELECT grant_id, sum(amount) AS amount FROM credits_creditentry GROUP BY grant_id) entries
          ON entries.grant_id = grant_.id
        WHERE grant_.remaining <> coalesce(entries.amount, 0)
        """,
    ),
    Invariant(
        "I2",
        "credit grant",
        "{stored} left of {computed} given",
        "SELECT id, remaining, amount FROM credits_creditgrant WHERE remaining < 0 OR remaining > amount",
    ),
    Invariant(
        "I2",
        "credit entry",
        "is in {stored}, but its credit, balance and client are not the same ones or not in that currency ({computed})",
        """
        SELECT entry.id, entry.currency, grant_.currency
        FROM credits_creditentry entry
        JOIN credits_creditgrant grant_ ON grant_.id = entry.grant_id
        JOIN credits_creditaccount account ON account.id = entry.account_id
        WHERE grant_.account_id <> entry.account_id OR account.client_id <> entry.client_id
           OR grant_.client_id <> entry.client_id OR grant_.currency <> entry.currency
           OR account.currency <> entry.currency
        """,
    ),
    Invariant(
        "I3",
        "invoice",
        "{stored} of credit applied, but the entries on it come to {computed}",
        """
        SELECT invoice.id, invoice.credit_applied, coalesce(entries.amount, 0)
        FROM invoices_invoice invoice
        LEFT JOIN (SELECT invoice_id, -sum(amount) AS amount FROM credits_creditentry
                   WHERE invoice_id IS NOT NULL GROUP BY invoice_id) entries ON entries.invoice_id = invoice.id
        WHERE invoice.origin <> 'history' AND invoice.credit_applied <> coalesce(entries.amount, 0)
        """,
    ),
    Invariant(
        "I3",
        "invoice",
        "{stored} of credit applied to a total of {computed}",
        """
        SELECT id, credit_applied, total FROM invoices_invoice
        WHERE origin <> 'history' AND (credit_applied < 0 OR credit_applied > total)
        """,
    ),
    Invariant(
        "I3",
        "credit grant",
        "gave {stored} to an invoice and got {computed} back from it",
        """
        SELECT grant_id, sum(amount) FILTER (WHERE amount < 0), sum(amount) FILTER (WHERE amount > 0)
        FROM credits_creditentry WHERE invoice_id IS NOT NULL GROUP BY grant_id, invoice_id HAVING sum(amount) > 0
        """,
    ),
    Invariant(
        "I4",
        "invoice",
        "{stored} paid, but its transactions come to {computed}",
        """
        SELECT invoice.id, invoice.amount_paid, coalesce(paid.amount, 0)
        FROM invoices_invoice invoice
        LEFT JOIN (SELECT invoice_id, sum(amount_in - amount_out) AS amount FROM transactions_transaction
                   WHERE invoice_id IS NOT NULL GROUP BY invoice_id) paid ON paid.invoice_id = invoice.id
        WHERE invoice.origin <> 'history' AND invoice.amount_paid <> coalesce(paid.amount, 0)
        """,
    ),
    Invariant(
        "I5",
        "invoice",
        "is {stored} with {computed} due",
        """
        SELECT id, status, balance_due FROM invoices_invoice
        WHERE status IN ('unpaid', 'paid', 'writtenoff') AND status <> CASE
            WHEN balance_due <> 0 THEN 'unpaid' WHEN amount_written_off > 0 THEN 'writtenoff' ELSE 'paid' END
        """,
    ),
    Invariant(
        "I5",
        "invoice",
        "total {stored}, but credit, payments, credit notes, write-offs and due come to {computed}",
        """
        SELECT id, total, settled
        FROM (SELECT *, credit_applied + amount_paid + amount_credited + amount_written_off + balance_due AS settled
              FROM invoices_invoice) added_up
        WHERE total <> settled OR total <> subtotal + tax
        """,
    ),
    Invariant(
        "I5",
        "invoice",
        "{stored} credited, but its credit notes come to {computed}",
        """
        SELECT invoice.id, invoice.amount_credited, coalesce(notes.total, 0)
        FROM invoices_invoice invoice
        LEFT JOIN (SELECT invoice_id, sum(total) AS total FROM invoices_creditnote GROUP BY invoice_id) notes
          ON notes.invoice_id = invoice.id
        WHERE invoice.amount_credited <> coalesce(notes.total, 0)
        """,
    ),
    Invariant(
        "I5",
        "invoice",
        "{stored} written off, but its write-offs come to {computed}",
        """
        SELECT invoice.id, invoice.amount_written_off, coalesce(written.amount, 0)
        FROM invoices_invoice invoice
        LEFT JOIN (SELECT invoice_id, sum(amount) AS amount FROM invoices_writeoff GROUP BY invoice_id) written
          ON written.invoice_id = invoice.id
        WHERE invoice.amount_written_off <> coalesce(written.amount, 0)
        """,
    ),
    Invariant(
        "I5",
        "write-off",
        "of {stored}, but {computed} of it is taken back",
        """
        SELECT written.id, written.amount, -back.amount
        FROM invoices_writeoff written
        JOIN (SELECT reverses_id, sum(amount) AS amount FROM invoices_writeoff
              WHERE reverses_id IS NOT NULL GROUP BY reverses_id) back ON back.reverses_id = written.id
        WHERE written.amount < -back.amount
        """,
    ),
    Invariant(
        "I5",
        "write-off",
        "of invoice {stored}, but what takes it back is of invoice {computed}",
        """
        SELECT back.id, written.invoice_id, back.invoice_id FROM invoices_writeoff back
        JOIN invoices_writeoff written ON written.id = back.reverses_id AND written.invoice_id <> back.invoice_id
        """,
    ),
    Invariant(
        "I6",
        "credit note",
        "issued with a total of {stored}, but its lines come to {computed}",
        """
        SELECT note.id, note.total, coalesce(lines.amount + lines.tax, 0)
        FROM invoices_creditnote note
        LEFT JOIN (SELECT credit_note_id, sum(amount) AS amount, sum(tax) AS tax
                   FROM invoices_creditnoteline GROUP BY credit_note_id) lines ON lines.credit_note_id = note.id
        WHERE note.subtotal IS DISTINCT FROM lines.amount OR note.tax IS DISTINCT FROM lines.tax
        """,
    ),
    Invariant(
        "I6",
        "invoice line",
        "billed {stored}, but {computed} of it is credited",
        """
        SELECT line.id, line.amount + line.tax, credited.amount + credited.tax
        FROM invoices_invoiceline line
        JOIN (SELECT invoice_line_id, sum(amount) AS amount, sum(tax) AS tax
              FROM invoices_creditnoteline GROUP BY invoice_line_id) credited ON credited.invoice_line_id = line.id
        WHERE credited.amount > line.amount OR credited.tax > line.tax
        """,
    ),
    Invariant(
        "I6",
        "invoice line",
        "billed a quantity of {stored}, but {computed} of it is credited",
        """
        SELECT line.id, line.quantity, credited.quantity
        FROM invoices_invoiceline line
        JOIN (SELECT invoice_line_id, sum(quantity) AS quantity
              FROM invoices_creditnoteline GROUP BY invoice_line_id) credited ON credited.invoice_line_id = line.id
        WHERE credited.quantity > line.quantity
        """,
    ),
    Invariant(
        "I6",
        "invoice",
        "issued with a total of {stored}, but its lines come to {computed}",
        """
        SELECT invoice.id, invoice.total, coalesce(lines.total, 0)
        FROM invoices_invoice invoice
        LEFT JOIN (SELECT invoice_id, sum(amount) AS amount, sum(tax) AS tax, sum(amount + tax) AS total
                   FROM invoices_invoiceline GROUP BY invoice_id) lines ON lines.invoice_id = invoice.id
        WHERE invoice.status <> 'draft' AND invoice.origin <> 'history'
          AND (lines.invoice_id IS NULL OR invoice.subtotal <> lines.amount OR invoice.tax <> lines.tax)
        """,
    ),
    *RULES_OF_NUMBERS,
    *(
        Invariant("I10", subject, "was written as {stored}, and is {computed} now", rows.changed_sql)
        for subject, rows in _APPEND_ONLY.items()
    ),
    *(
        Invariant("I10", subject, "was written for client {stored}, but is client {computed}’s now", rows.moved_sql)
        for subject, rows in _APPEND_ONLY.items()
    ),
    Invariant(
        "I11",
        "closed period",
        "is summed up as {stored}, but its entries come to {computed}",
        """
        SELECT period_id, concat_ws(' ', coalesce(stored.amount, 0), currency, category, kind),
               coalesce(computed.amount, 0)
        FROM (SELECT period_id, currency, category, kind, sum(sums.amount) AS amount
              FROM credits_closedperiodsum sums JOIN credits_closedperiod period ON period.id = period_id
              WHERE summed_at IS NOT NULL GROUP BY period_id, currency, category, kind) stored
        FULL JOIN (
            SELECT CASE WHEN entry.at < closed.ends[place] THEN closed.ids[place] END AS period_id,
                   entry.currency, grant_.category, entry.kind, sum(entry.amount) AS amount
            FROM credits_creditentry entry JOIN credits_creditgrant grant_ ON grant_.id = entry.grant_id
            CROSS JOIN (SELECT array_agg(id ORDER BY starts_at) AS ids,
                               array_agg(starts_at ORDER BY starts_at) AS starts,
                               array_agg(ends_at ORDER BY starts_at) AS ends
                        FROM credits_closedperiod WHERE summed_at IS NOT NULL GROUP BY length) closed
            CROSS JOIN LATERAL width_bucket(entry.at, closed.starts) place
            GROUP BY 1, 2, 3, 4) computed USING (period_id, currency, category, kind)
        WHERE period_id IS NOT NULL AND coalesce(stored.amount, 0) <> coalesce(computed.amount, 0)
        """,
    ),
    *RULES_OF_IMPORTS,
    *chain_rules(),
)
