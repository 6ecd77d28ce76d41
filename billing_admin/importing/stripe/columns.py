"""What the columns of Stripe's exports are called, in small letters: in its dashboard, and in its reports.

What is not named here (cards, addresses of cards, addresses of delivery) is not read.
"""

CUSTOMERS: dict[str, tuple[str, ...]] = {
    "id": ("id", "customer id", "customer_id"),
    "email": ("email", "customer email"),
    "name": ("name", "customer name"),
    "description": ("description",),
    "created": ("created (utc)", "created"),
    "currency": ("currency",),
    "balance": ("account balance", "balance"),
    "phone": ("phone",),
    "tax_id": ("business vat id", "tax id", "tax ids"),
    "tax_exempt": ("tax exempt",),
    "address_1": ("address line1", "address_line1"),
    "address_2": ("address line2", "address_line2"),
    "city": ("address city", "address_city"),
    "region": ("address state", "address_state"),
    "postcode": ("address postal code", "address zip", "address_postal_code", "address_zip"),
    "country": ("address country", "address_country"),
}
INVOICES: dict[str, tuple[str, ...]] = {
    "id": ("id", "invoice id", "invoice_id"),
    "number": ("number", "invoice number"),
    "customer": ("customer", "customer id", "customer_id"),
    "currency": ("currency",),
    "date": ("finalized at (utc)", "date (utc)", "created (utc)", "date", "created"),
    "created": ("created (utc)", "date (utc)", "created"),
    "due": ("due date (utc)", "due date", "due_date"),
    "paid_at": ("paid at (utc)",),
    "voided_at": ("voided at (utc)",),
    "status": ("status",),
    "is_paid": ("paid",),
    "closed": ("closed",),
    "subtotal": ("subtotal",),
    "discount": ("total discount amount", "discount"),
    "tax": ("tax",),
    "tax_rate": ("tax percent", "tax_percent"),
    "total": ("total",),
    "amount_due": ("amount due", "amount_due"),
    "amount_paid": ("amount paid", "amount_paid"),
    "description": ("description", "memo"),
}
BALANCE: dict[str, tuple[str, ...]] = {
    "id": ("id", "balance_transaction_id"),
    "type": ("type", "reporting_category"),
    "source": ("source", "source_id"),
    "amount": ("amount", "gross"),
    "fee": ("fee", "fees"),
    "net": ("net",),
    "currency": ("currency",),
    "created": ("created (utc)", "created_utc", "created"),
    "description": ("description",),
    "customer": ("customer id", "customer_id", "customer"),
    "customer_name": ("customer name", "customer_name", "customer email", "customer_email"),
    "invoice": ("invoice id", "invoice_id", "invoice"),
    "charge": ("charge_id", "charge id", "charge"),
    "facing_amount": ("customer facing amount", "customer_facing_amount"),
    "facing_currency": ("customer facing currency", "customer_facing_currency"),
}
REQUIRED: dict[str, tuple[tuple[str, ...], ...]] = {
    "customers": (("id",), ("email", "name"), ("balance",)),
    "invoices": (("id",), ("customer",), ("currency",), ("total",), ("status", "is_paid")),
    "balance": (("id",), ("type",), ("amount",), ("currency",), ("created",)),
}
AMOUNTS = {
    "customers": ("balance",),
    "invoices": ("subtotal", "total", "tax", "amount_due", "amount_paid"),
    "balance": ("amount", "fee", "net"),
}
