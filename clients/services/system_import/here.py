"""What came of a system, as it stands here: the same figures that the system added up itself before it was read."""

from collections import defaultdict
from typing import Any

from django.db import connection

from billing_admin.models import SystemImport

Figures = dict[tuple[str, str, str], Any]
"""(figure, currency, of what) → value."""

_OF_KIND = "clients_externalreference reference WHERE reference.source = %(source)s AND reference.kind = '{kind}'"

# Drafts are ours, with no figures of theirs beside them.
_INVOICES = """
    SELECT invoice.currency, coalesce(imported.status, 'Draft'), count(*),
           sum(coalesce(imported.subtotal, invoice.subtotal)), sum(coalesce(imported.tax, invoice.tax)),
           sum(coalesce(imported.tax2, 0)), sum(coalesce(imported.credit, 0)),
           sum(coalesce(imported.total, invoice.total))
    FROM clients_externalreference reference
    JOIN invoices_invoice invoice ON invoice.id = reference.row_id
    LEFT JOIN invoices_importedinvoice imported ON imported.invoice_id = invoice.id
    WHERE reference.source = %(source)s AND reference.kind = 'invoice'
    GROUP BY 1, 2
"""
_DUE = """
    SELECT invoice.currency, sum(invoice.balance_due)
    FROM clients_externalreference reference JOIN invoices_invoice invoice ON invoice.id = reference.row_id
    WHERE reference.source = %(source)s AND reference.kind = 'invoice' AND invoice.origin = 'open'
      AND invoice.status = 'unpaid'
    GROUP BY 1
"""
_CLIENTS = """
    SELECT initcap(client.status), count(*)
    FROM clients_externalreference reference JOIN clients_client client ON client.id = reference.client_id
    WHERE reference.source = %(source)s AND reference.kind = 'client' GROUP BY 1
"""
_BALANCES = """
    SELECT account.currency, count(*) FILTER (WHERE account.balance > 0), sum(account.balance)
    FROM (SELECT DISTINCT client_id FROM clients_externalreference
          WHERE source = %(source)s AND kind = 'client') reference
    JOIN credits_creditaccount account USING (client_id)
    GROUP BY 1
"""
_MONEY = """
    SELECT money.currency, to_char(money.date, 'YYYY-MM'), count(DISTINCT reference.external_id),
           sum(money.amount_in), sum(money.fees), sum(money.amount_out)
    FROM clients_externalreference reference JOIN transactions_transaction money ON money.id = reference.row_id
    WHERE reference.source = %(source)s AND reference.kind = 'money' GROUP BY 1, 2
"""
INVOICE_SUMS = ("count", "subtotal", "tax", "tax2", "credit", "total")
MONEY_SUMS = ("count", "in", "fees", "out")


def figures_here(run: SystemImport) -> Figures:
    """Added up from our own tables, of all that ever came from this source and is here."""
    found: Figures = {}
    parameters = {"source": run.source}
    with connection.cursor() as cursor:
        cursor.execute(_CLIENTS, parameters)
        for status, count in cursor.fetchall():
            found["clients", "", status] = count
        cursor.execute(_BALANCES, parameters)
        for currency, above, total in cursor.fetchall():
            found["balances above zero", currency, ""] = above
            found["balances", currency, ""] = total
        cursor.execute(_INVOICES, parameters)
        for currency, status, *sums in cursor.fetchall():
            found |= {(f"invoices {name}", currency, status): v for name, v in zip(INVOICE_SUMS, sums, strict=True)}
        cursor.execute(_DUE, parameters)
        for currency, due in cursor.fetchall():
            found["due", currency, ""] = due
        cursor.execute(_MONEY, parameters)
        found |= _money(cursor.fetchall())
    return found


def _money(rows: list[tuple[Any, ...]]) -> Figures:
    """In all, and income by month: what came in, its fees, and what is left of it."""
    found: Figures = defaultdict(int)
    for currency, month, count, came, fees, went in rows:
        for name, value in zip(MONEY_SUMS, (count, came, fees, went), strict=True):
            found[f"money {name}", currency, ""] += value
        for name, value in (("gross", came), ("fees", fees), ("net", came - fees - went)):
            found[f"income {name}", currency, month or ""] += value
    return dict(found)
