"""Invoices of WHMCS and their lines."""

from functools import partial

from billing_admin.importing.schema import Schema
from billing_admin.importing.table import Plain, Table, Text
from billing_admin.models import StagedInvoice, StagedLine

PAID = (
    "(SELECT invoiceid, SUM(amountin) - SUM(amountout) AS paid FROM tblaccounts WHERE invoiceid <> 0 "
    "GROUP BY invoiceid)"
)


def invoice_table(schema: Schema) -> Table:
    """Invoices, with what was paid for each. Their total is net of credit in all versions that are read."""
    text = partial(schema.text, "i", "tblinvoices")
    number = partial(schema.number, "i", "tblinvoices")
    known_day = partial(schema.known_day, "i", "tblinvoices")
    return Table(
        StagedInvoice, "Reading invoices", f"tblinvoices i LEFT JOIN {PAID} p ON p.invoiceid = i.id", "i.id",
        (
            Text("label", f"IF({text('invoicenum')} = '', CAST(i.id AS BINARY), {text('invoicenum')})", "Number",
                 one_line=True),
            Text("status", text("status"), "Status", one_line=True),
            Text("gateway", text("paymentmethod"), "Gateway", one_line=True),
            Text("notes", text("notes"), "Notes"),
        ),
        (
            Plain("source_id", "i.id"), Plain("client_source_id", schema.of("i", "tblinvoices", "userid")),
            Plain("issued_on", "i.`date`", "Invoice date", is_day=True, not_later=True),
            Plain("due_on", "i.duedate", "Due date", is_day=True),
            Plain("paid_at", known_day("datepaid"), "Paid on", is_day=True),
            Plain("cancelled_at", known_day("date_cancelled"), "Cancelled on", is_day=True),
            Plain("created_at", known_day("created_at"), "Created on", is_day=True),
            Plain("subtotal", number("subtotal")), Plain("tax", number("tax")), Plain("tax2", number("tax2")),
            Plain("tax_rate", number("taxrate")), Plain("tax2_rate", number("taxrate2")),
            Plain("credit", number("credit")), Plain("total", number("total")), Plain("is_gross", "0"),
            Plain("paid", "COALESCE(p.paid, 0)"),
        ),
        counted="tblinvoices i",
    )  # fmt: skip


def line_table(schema: Schema) -> Table:
    """Lines. They are of the client that their invoice is of."""
    text = partial(schema.text, "l", "tblinvoiceitems")
    return Table(
        StagedLine, "Reading invoice lines", "tblinvoiceitems l LEFT JOIN tblinvoices i ON i.id = l.invoiceid", "l.id",
        (
            Text("item_kind", text("type"), "Type", one_line=True),
            Text("description", text("description"), "Description"),
        ),
        (
            Plain("source_id", "l.id"), Plain("position", "l.id"),
            Plain("client_source_id", "COALESCE(NULLIF(COALESCE(i.userid, l.userid), 0), '')"),
            Plain("invoice_source_id", schema.of("l", "tblinvoiceitems", "invoiceid")),
            Plain("item_source_id", schema.of("l", "tblinvoiceitems", "relid")),
            Plain("amount", schema.number("l", "tblinvoiceitems", "amount")),
            Plain("taxed", schema.yes("l", "tblinvoiceitems", "taxed")),
        ),
        counted="tblinvoiceitems l",
    )  # fmt: skip
