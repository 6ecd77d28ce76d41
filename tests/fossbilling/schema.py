"""The tables of FOSSBilling that are read, by the schema that it publishes: of 0.6 (patch 42) and of today (106)."""

OLD, NEW = 42, 106

_AT = {"created_at": "datetime DEFAULT NULL", "updated_at": "datetime DEFAULT NULL"}
_TEXT = "varchar(255) DEFAULT NULL"
_WHOLE = "bigint(20) DEFAULT NULL"
_YES = "tinyint(1) DEFAULT 0"
_MONEY = "decimal(18,2) DEFAULT NULL"
# Amounts that were floating point until 0.8.
_PRICE = {OLD: "double(18,2) DEFAULT NULL", NEW: _MONEY}
_CUSTOM = {OLD: 10, NEW: 20}


def tables_of(patch: int) -> dict[str, dict[str, str]]:
    """Table → columns beside `id`."""
    profile = ("first_name", "last_name", "company", "company_vat", "address_1", "address_2", "city", "state",
               "postcode", "country", "phone")  # fmt: skip
    buyer = {f"buyer_{name}": _TEXT for name in ("first_name", "last_name", "company", "email")}
    client = {
        "aid": _TEXT, "client_group_id": _WHOLE, "email": _TEXT, "billing_email": _TEXT, "pass": _TEXT, "salt": _TEXT,
        "status": "varchar(30) DEFAULT 'active'", "tax_exempt": _YES,
        **dict.fromkeys(profile, "varchar(100) DEFAULT NULL"),
        "company_number": _TEXT, "phone_cc": "varchar(10) DEFAULT NULL", "notes": "text",
        "currency": "varchar(10) DEFAULT NULL", "lang": "varchar(10) DEFAULT NULL", "api_token": _TEXT,
        **{f"custom_{number}": "text" for number in range(1, _CUSTOM[patch] + 1)}, **_AT,
    }  # fmt: skip
    if patch == OLD:
        del client["billing_email"]
    return {
        "setting": {"param": _TEXT, "value": "text", **_AT},
        "admin": {"email": _TEXT, "pass": _TEXT, "name": _TEXT, **_AT},
        "client": client,
        "client_group": {"title": _TEXT, **_AT},
        "client_balance": {
            "client_id": _WHOLE, "type": _TEXT, "rel_id": "varchar(20) DEFAULT NULL",
            "amount": "decimal(18,2) DEFAULT 0.00", "description": "text", **_AT,
        },
        "currency": {"code": "varchar(3)", "is_default": _YES, "conversion_rate": "decimal(13,6) DEFAULT 1"},
        "invoice": {
            "client_id": _WHOLE, "serie": "varchar(50) DEFAULT NULL", "nr": _TEXT, "hash": _TEXT,
            "currency": "varchar(25) DEFAULT NULL", "credit": _PRICE[patch], "refund": _PRICE[patch], "notes": "text",
            "status": "varchar(50) DEFAULT 'unpaid'", **buyer, "gateway_id": "int(11) DEFAULT NULL", "approved": _YES,
            "taxname": _TEXT, "taxrate": "varchar(35) DEFAULT NULL", "due_at": "datetime DEFAULT NULL",
            "paid_at": "datetime DEFAULT NULL", **_AT,
        },
        "invoice_item": {
            "invoice_id": _WHOLE, "type": _TEXT, "rel_id": "text", "task": _TEXT, "status": _TEXT, "title": _TEXT,
            "quantity": _WHOLE, "price": _PRICE[patch], "charged": _YES, "taxed": _YES, **_AT,
        },
        "transaction": {
            "invoice_id": _WHOLE, "gateway_id": "int(11) DEFAULT NULL", "txn_id": _TEXT, "txn_status": _TEXT,
            "amount": _TEXT if patch == OLD else _MONEY, "currency": "varchar(10) DEFAULT NULL", "type": _TEXT,
            "status": "varchar(255) DEFAULT 'received'", "ipn": "text", "note": "text", **_AT,
        },
        "client_order": {
            "client_id": _WHOLE, "title": _TEXT, "currency": "varchar(20) DEFAULT NULL", "unpaid_invoice_id": _WHOLE,
            "invoice_option": _TEXT, "period": "varchar(20) DEFAULT NULL", "quantity": "bigint(20) DEFAULT 1",
            "price": _PRICE[patch], "status": "varchar(50) DEFAULT NULL", "config": "text",
            "expires_at": "datetime DEFAULT NULL", "activated_at": "datetime DEFAULT NULL", **_AT,
        },
        "pay_gateway": {"name": _TEXT, "gateway": _TEXT, "config": "text"},
        "tax": {"level": _WHOLE, "name": _TEXT, "country": _TEXT, "state": _TEXT, "taxrate": _TEXT, **_AT},
        "activity_client_email": {
            "client_id": _WHOLE, "sender": _TEXT, "recipients": "text", "subject": _TEXT, "content_html": "text", **_AT,
        },
        "activity_client_history": {"client_id": _WHOLE, "ip": "varchar(45) DEFAULT NULL", **_AT},
        "activity_system": {"admin_id": _WHOLE, "client_id": _WHOLE, "message": "text", **_AT},
    }  # fmt: skip


def create(patch: int) -> str:
    """All tables, in the character sets that they have."""
    made = []
    for table, columns in tables_of(patch).items():
        charset = "utf8mb4 COLLATE=utf8mb4_unicode_ci" if table.startswith("activity_") else "utf8"
        inside = ", ".join(f"`{name}` {kind}" for name, kind in columns.items())
        made.append(
            f"CREATE TABLE `{table}` (`id` bigint(20) NOT NULL AUTO_INCREMENT PRIMARY KEY, {inside}) ENGINE=InnoDB "
            f"DEFAULT CHARSET={charset};"
        )
    return " ".join(made)
