"""What must hold of the numbers of documents, and of invoices that came from another system."""

from .invariant import Invariant

# Every number that was given (document, prefix, first, last), with those that went with deleted clients.
_NUMBERS_GIVEN = """
    SELECT 'invoice', number_prefix, number, number FROM invoices_invoice WHERE number IS NOT NULL
    UNION ALL SELECT 'credit_note', number_prefix, number, number FROM invoices_creditnote
    UNION ALL SELECT document, prefix, lower(gone), upper(gone) - 1 FROM invoices_deletednumbers, unnest(ranges) gone
"""


def _printed(number: str) -> str:
    return f"prefix || lpad(({number})::text, greatest(6, length(({number})::text)), '0')"


RULES_OF_NUMBERS = (
    Invariant(
        "I9",
        "number series",
        "goes on with {stored} where {computed} should follow",
        f"""
        SELECT series_id, {_printed("first")}, {_printed("before + 1")}
        FROM (SELECT series.id AS series_id, prefix, first, coalesce(max(last) OVER (
                  PARTITION BY series.id ORDER BY first ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
              ), series.first_number - 1) AS before
              FROM ({_NUMBERS_GIVEN}) given (document, prefix, first, last)
              JOIN invoices_numberseries series USING (document, prefix)) walked
        WHERE first <> before + 1
        """,
    ),
    Invariant(
        "I9",
        "number series",
        "gives {stored} next, but {computed} follows what it has given",
        f"""
        SELECT coalesce(series.id, 0), {_printed("coalesce(next_number, 1)")},
               {_printed("coalesce(last + 1, first_number, 1)")}
        FROM (SELECT document, prefix, max(last) AS last
              FROM ({_NUMBERS_GIVEN}) given (document, prefix, first, last) GROUP BY document, prefix) ends
        FULL JOIN invoices_numberseries series USING (document, prefix)
        WHERE coalesce(next_number, 1) <> coalesce(last + 1, first_number, 1)
        """,
    ),
)

RULES_OF_IMPORTS = (
    Invariant(
        "I13",
        "invoice",
        "is {stored}, and {computed} rows say what it came to in the system that it came from",
        """
        SELECT invoice.id, coalesce(nullif(invoice.origin, ''), 'made here'), count(imported.id)
        FROM invoices_invoice invoice
        LEFT JOIN invoices_importedinvoice imported ON imported.invoice_id = invoice.id
        WHERE invoice.origin <> '' OR imported.id IS NOT NULL
        GROUP BY invoice.id HAVING count(imported.id) <> CASE invoice.origin WHEN '' THEN 0 ELSE 1 END
        """,
    ),
    Invariant(
        "I13",
        "invoice",
        "that ended in another system has {stored} lines of ours, and {computed} of what settles ours",
        """
        SELECT invoice.id, (SELECT count(*) FROM invoices_invoiceline WHERE invoice_id = invoice.id),
               (SELECT count(*) FROM invoices_creditnote WHERE invoice_id = invoice.id)
               + (SELECT count(*) FROM invoices_writeoff WHERE invoice_id = invoice.id)
        FROM invoices_invoice invoice
        WHERE invoice.origin = 'history' AND (
            EXISTS (SELECT FROM invoices_invoiceline WHERE invoice_id = invoice.id)
            OR EXISTS (SELECT FROM invoices_creditnote WHERE invoice_id = invoice.id)
            OR EXISTS (SELECT FROM invoices_writeoff WHERE invoice_id = invoice.id))
        """,
    ),
)
