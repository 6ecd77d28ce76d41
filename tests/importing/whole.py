"""What came of an import, to hold one against another: what the rows say, without ids and moments of their own."""

from django.db import connection

# Table → what of its rows is the same however often the import was interrupted.
_SAID = {
    "clients_client": "number, name, email, address_1, country, currency, status, custom::text, no_mail",
    "clients_contact": "client.number, row.first_name, row.last_name, row.email, roles::text",
    "clients_clientnote": "client.number, text, pinned, author_name",
    "clients_importedevent": "client.number, external_id, at, text, who",
    "clients_externalreference": "client.number, source, kind, external_id, part, digest IS NULL",
    "invoices_invoice": "client.number, label, row.status, issued_on, due_on, total, credit_applied, amount_paid, origin",
    "invoices_invoiceline": "client.number, position, description, quantity, unit_price, tax_rate, amount, tax",
    "invoices_importedinvoice": "client.number, row.status, subtotal, tax, tax2, credit, total, paid",
    "invoices_importedline": "client.number, position, description, amount, taxed",
    "invoices_reminderhold": "client.number, kind",
    "invoices_billableitem": "client.number, description, quantity, unit_price, cycle, next_due_on, waits_for_switch",
    "transactions_transaction": (
        "row.client_number, client_name, invoice_label, kind, date, reference, part, note, row.currency, amount_in, "
        "fees, amount_out, refund_of_id IS NULL"
    ),
    "credits_creditaccount": "client.number, row.currency, balance",
    "credits_creditgrant": "client.number, kind, category, description, row.currency, amount, remaining, row.created_at",
    "credits_creditentry": "client.number, kind, row.currency, amount, description, note, at, invoice_id IS NULL",
    "clients_activity": "client.number, verb, summary",
}  # fmt: skip
_ROWS = """
    SELECT md5(string_agg(said, E'\\n' ORDER BY said)), count(*) FROM (
        SELECT ROW({said})::text AS said FROM {table} row {client}
    ) rows
"""
# Each import that was booked is an activity by itself.
_BUT = {"clients_activity": "(SELECT * FROM clients_activity WHERE verb NOT LIKE 'system_import.%')"}
_ITS_CLIENT = "LEFT JOIN (SELECT id, number FROM clients_client) client ON client.id = row.client_id"


def came() -> dict[str, tuple[str | None, int]]:
    """Table → a digest of what all its rows say, and how many there are."""
    found = {}
    with connection.cursor() as cursor:
        for table, said in _SAID.items():
            client = "" if table == "clients_client" else _ITS_CLIENT
            cursor.execute(_ROWS.format(said=said, table=_BUT.get(table, table), client=client))
            found[table] = cursor.fetchone()
    return found
