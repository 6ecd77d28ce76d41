"""What came of an import, to hold one against another: what the rows say, without ids and moments of their own."""

from django.db import connection

# Table → what of its rows is the same however often the import was interrupted.
_SAID = {
    "clients_client": ("number, name, email, address_1, country, currency, status, no_mail, "
    "(SELECT array_agg(value ORDER BY value) FROM jsonb_each_text(custom))"),
    "clients_contact": "client.number, row.first_name, row.last_name, row.email, roles::text",
    "clients_clientnote": "client.number, text, pinned, author_name",
    "clients_importedevent": "client.number, external_id, at, text, who",
    "clients_externalreference": "client.number, source, kind, external_id, part, digest IS NULL",
    "invoices_invoice": (
        "client.number, label, row.status, issued_on, due_on, total, credit_applied, amount_paid, origin"
    ),
    "invoices_invoiceline": "client.number, position, description, quantity, unit_price, row.tax_rate, amount, tax",
    "invoices_importedinvoice": "client.number, row.status, subtotal, tax, tax2, credit, total, paid",
    "invoices_importedline": "client.number, position, description, amount, taxed",
    "invoices_reminderhold": "client.number, kind",
    "invoices_billableitem": "client.number, description, quantity, unit_price, cycle, next_due_on, waits_for_switch",
    "transactions_transaction": (
        "client.number, client_name, invoice_label, kind, date, reference, part, note, row.currency, amount_in, "
        "fees, amount_out, refund_of_id IS NULL"
    ),
    "credits_creditaccount": "client.number, row.currency, balance",
    "credits_creditgrant": (
        "client.number, kind, category, description, row.currency, amount, remaining, row.created_at::date"
    ),
    "credits_creditentry": "client.number, kind, row.currency, amount, description, note, at::date, invoice_id IS NULL",
    "clients_activity": "client.number, verb, summary",
}  # fmt: skip
_ROWS = """
    SELECT md5(string_agg(said, E'\\n' ORDER BY said)), count(*) FROM (
        SELECT ROW({said})::text AS said FROM {table} row {client}
    ) rows
"""


def came() -> dict[str, tuple[str | None, int]]:
    """Table → a digest of what all its rows say, and how many there are."""
    found = {}
    with connection.cursor() as cursor:
        for table, said in _SAID.items():
            client = "" if table == "clients_client" else "LEFT JOIN clients_client client ON client.id = row.client_id"
            client += " WHERE client.id IS NOT NULL" if table == "clients_activity" else ""
            cursor.execute(_ROWS.format(said=said, table=table, client=client))
            found[table] = cursor.fetchone()
    return found
