"""Invoices of FOSSBilling and their lines. It keeps no totals: they are reckoned here as it reckons them itself."""

from functools import partial

from billing_admin.importing.schema import Schema
from billing_admin.importing.table import Plain, Table, Text
from billing_admin.models import StagedInvoice, StagedLine

from .clients import currency
from .money import PAID_IN

QUANTITY = "COALESCE(l.quantity, 1)"
PRICE = "COALESCE(CAST(l.price AS DECIMAL(18, 2)), 0)"
_RATE = "CAST(COALESCE(NULLIF(i.taxrate, ''), 0) AS DECIMAL(10, 4))"
_OF_ITS_INVOICES = "(`type` = 'invoice' AND rel_id REGEXP '^[0-9]+$')"

# Drafts are those that were not approved; nobody was sent them.
STATUS = (
    "CASE WHEN i.status = 'unpaid' AND COALESCE(i.approved, 0) = 0 THEN 'Draft' WHEN i.status = 'unpaid' THEN 'Unpaid' "
    "WHEN i.status = 'paid' THEN 'Paid' WHEN i.status = 'refunded' THEN 'Refunded' "
    "WHEN i.status IN ('canceled', 'cancelled') THEN 'Cancelled' ELSE COALESCE(i.status, '') END"
)


class Totals:
    """The SQL of what an invoice comes to. `source` is FROM with all that it needs; `i` is the invoice."""

    def __init__(self, schema: Schema, *, taxes_the_sum: bool, default_currency: str) -> None:
        code = f"UPPER({schema.text('i', 'invoice', 'currency', trimmed=True)})"
        client_code = currency(schema, default_currency)
        self.is_foreign = f"(c.id IS NOT NULL AND {code} <> '' AND {code} <> {client_code})"
        # One in another currency than its client's cannot be its client's here.
        self.client = f"IF({self.is_foreign}, CONCAT(i.client_id, ' in ', {code}), COALESCE(i.client_id, ''))"
        self.currency = f"IF(c.id IS NULL OR {self.is_foreign}, '', {client_code})"
        of_sum = f"ROUND(t.taxable * {_RATE} / 100, 2)"
        self.subtotal = "COALESCE(t.subtotal, 0)"
        self.tax = f"COALESCE(IF({_RATE} > 0, {of_sum if taxes_the_sum else 't.by_piece'}, 0), 0)"
        self.total = f"({self.subtotal} + {self.tax})"
        self.tax_rate = _RATE
        self.status = STATUS
        # Payments go to the balance, which then pays: only what they did not bring was credit.
        self.paid = "IF(i.status = 'unpaid', 0, COALESCE(p.paid, 0))"
        self.credit = (
            "IF(i.status = 'unpaid', COALESCE(b.charged, 0), "
            "GREATEST(COALESCE(b.charged, 0) - GREATEST(COALESCE(p.came, 0), 0), 0))"
        )
        self.source = (
            "invoice i LEFT JOIN client c ON c.id = i.client_id LEFT JOIN ("
            f"SELECT l.invoice_id, SUM({QUANTITY} * {PRICE}) AS subtotal, "
            f"SUM(IF(COALESCE(l.taxed, 0), {QUANTITY} * {PRICE}, 0)) AS taxable, "
            f"SUM(IF(COALESCE(l.taxed, 0), {QUANTITY} * ROUND({PRICE} * {_RATE} / 100, 2), 0)) AS by_piece "
            "FROM invoice_item l JOIN invoice i ON i.id = l.invoice_id GROUP BY l.invoice_id) t ON t.invoice_id = i.id "
            f"LEFT JOIN {PAID_IN} p ON p.invoice_id = i.id "
            "LEFT JOIN (SELECT CAST(rel_id AS UNSIGNED) AS invoice_id, -SUM(amount) AS charged FROM client_balance "
            f"WHERE {_OF_ITS_INVOICES} GROUP BY 1) b ON b.invoice_id = i.id"
        )


def invoice_table(schema: Schema, totals: Totals, padding: int) -> Table:
    """Invoices. `padding`: how many digits their number has at least."""
    number = "IF(i.nr REGEXP '^[0-9]+$', CAST(i.nr AS UNSIGNED), i.id)"
    padded = f"IF(CHAR_LENGTH({number}) < {padding}, LPAD({number}, {padding}, '0'), {number})"
    text, day = partial(schema.text, "i", "invoice"), partial(schema.known_day, "i", "invoice")
    return Table(
        StagedInvoice, "Reading invoices", totals.source, "i.id",
        (
            Text("label", f"CONCAT({text('serie', trimmed=True)}, {padded})", "Number", one_line=True),
            Text("status", totals.status, "Status", one_line=True), Text("notes", text("notes"), "Notes"),
            Text("client_source_id", totals.client, "Client"),
        ),
        (
            Plain("source_id", "i.id"), Plain("gateway", schema.of("i", "invoice", "gateway_id")),
            Plain("issued_on", schema.day("i", "invoice", "created_at"), "Invoice date", is_day=True, not_later=True),
            Plain("due_on", day("due_at"), "Due date", is_day=True),
            Plain("paid_at", day("paid_at"), "Paid on", is_day=True),
            Plain("cancelled_at", f"IF(i.status LIKE 'cancel%', {day('updated_at')}, NULL)", "Cancelled on",
                  is_day=True),
            Plain("created_at", day("created_at"), "Created on", is_day=True),
            Plain("subtotal", totals.subtotal), Plain("tax", totals.tax), Plain("tax2", "0"),
            Plain("tax_rate", totals.tax_rate), Plain("tax2_rate", "0"), Plain("credit", totals.credit),
            Plain("total", totals.total), Plain("is_gross", "1"), Plain("paid", totals.paid),
        ),
        counted="invoice i",
    )  # fmt: skip


def line_table(schema: Schema, totals: Totals) -> Table:
    """Lines, with what all their pieces cost together."""
    text = partial(schema.text, "l", "invoice_item")
    title = text("title")
    pieces = f"IF({QUANTITY} = 1, {title}, CONCAT({title}, ' (', {QUANTITY}, ' × ', {PRICE}, ')'))"
    return Table(
        StagedLine, "Reading invoice lines",
        "invoice_item l LEFT JOIN invoice i ON i.id = l.invoice_id LEFT JOIN client c ON c.id = i.client_id", "l.id",
        (
            Text("item_kind", text("type"), "Type", one_line=True), Text("description", pieces, "Description"),
            Text("item_source_id", f"IF(l.type = 'order', LEFT({text('rel_id', trimmed=True)}, 200), '')", "Order",
                 one_line=True),
            Text("client_source_id", f"IF(i.id IS NULL, '', {totals.client})", "Client"),
        ),
        (
            Plain("source_id", "l.id"), Plain("position", "l.id"),
            Plain("invoice_source_id", schema.of("l", "invoice_item", "invoice_id")),
            Plain("amount", f"{QUANTITY} * {PRICE}"), Plain("taxed", schema.yes("l", "invoice_item", "taxed")),
        ),
        counted="invoice_item l",
    )  # fmt: skip
