"""Invoices as an import writes them, for tests of what becomes of them."""

from decimal import Decimal
from typing import Any

from django.db import connection

from billing_admin.db.triggers import maintenance
from clients.models import Client
from invoices.models import Invoice

_COLUMNS = {
    "number_prefix": "", "status": "paid", "issued_on": "2024-03-01", "due_on": "2024-03-15", "bill_to_name": "Acme",
    "bill_to_address": "", "bill_to_email": "", "bill_to_tax_id": "", "currency": "USD", "credit_applied": 0,
    "amount_paid": 0, "amount_credited": 0, "credit_use": "", "notes": "", "created_at": "2024-03-01T12:00:00Z",
}  # fmt: skip
_FIGURES = "status, subtotal, tax, tax2, tax_rate, tax2_rate, credit, total, paid"


def import_invoice(client: Client, total: int, *, origin: str = "history", **values: Any) -> Invoice:
    """An invoice without tax of another system; an open one has one line of ours, another one of that system."""
    paid = total if origin == "history" and values.get("status", "paid") == "paid" else 0
    status = {"paid_at": "2024-03-04T09:30:00Z"} if paid else {}
    status = status if origin == "history" else {"status": "unpaid"}
    row: dict[str, Any] = _COLUMNS | {"amount_paid": paid, "label": "2024-0001"} | status | values
    row |= {"client_id": client.pk, "subtotal": total, "tax": 0, "total": total, "origin": origin}
    with maintenance("import"), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO invoices_invoice ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))}) RETURNING id",
            list(row.values()),
        )
        (pk,) = cursor.fetchone()
        cursor.execute(
            f"INSERT INTO invoices_importedinvoice (invoice_id, client_id, currency, {_FIGURES}) "
            "VALUES (%s, %s, %s, 'Paid', %s, 0, 0, 0, 0, 0, %s, %s)",
            [pk, client.pk, row["currency"], total, total, paid],
        )
        line, more, given = ("importedline", "amount, taxed", "%s, false")
        if origin == "open":
            line, more, given = ("invoiceline", "amount, quantity, unit_price, tax_rate, tax", f"%s, 1, {total}, 0, 0")
        cursor.execute(
            f"INSERT INTO invoices_{line} (invoice_id, client_id, currency, position, description, {more}) "
            f"VALUES (%s, %s, %s, 1, 'Starter', {given})",
            [pk, client.pk, row["currency"], Decimal(total)],
        )
    return Invoice.objects.get(pk=pk)
