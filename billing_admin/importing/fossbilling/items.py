"""What FOSSBilling bills again: orders with a period."""

from functools import partial

from billing_admin.importing.schema import Schema
from billing_admin.importing.table import Plain, Table, Text
from billing_admin.models import StagedItem

from .clients import currency

_PERIOD = "o.period REGEXP '^[0-9]{1,2}[DWMY]$'"
_COUNT = "CAST(LEFT(o.period, CHAR_LENGTH(o.period) - 1) AS UNSIGNED)"
_UNIT = "RIGHT(o.period, 1)"
_CYCLE = (
    f"CASE WHEN COALESCE(o.period, '') = '' THEN 'One Time' WHEN NOT {_PERIOD} THEN o.period "
    f"ELSE CONCAT({_COUNT}, CASE {_UNIT} WHEN 'D' THEN ' days' WHEN 'W' THEN ' weeks' WHEN 'M' THEN ' months' "
    "ELSE ' years' END) END"
)
_LATER = (
    f"CASE {_UNIT} WHEN 'D' THEN o.expires_at + INTERVAL {_COUNT} DAY "
    f"WHEN 'W' THEN o.expires_at + INTERVAL {_COUNT} WEEK "
    f"WHEN 'M' THEN o.expires_at + INTERVAL {_COUNT} MONTH ELSE o.expires_at + INTERVAL {_COUNT} YEAR END"
)
# Only what is active or suspended is billed here; the words of the rest say why it does not come.
_STATUS = (
    "CASE WHEN o.status IN ('active', 'suspended') AND o.invoice_option = 'no-invoice' THEN 'Not billed' "
    "WHEN o.status = 'active' THEN 'Active' WHEN o.status = 'suspended' THEN 'Suspended' "
    "WHEN o.status = 'failed_renew' THEN 'Active' WHEN o.status = 'pending_setup' THEN 'Pending' "
    "WHEN o.status = 'canceled' THEN 'Cancelled' ELSE COALESCE(o.status, '') END"
)


def order_table(schema: Schema, default_currency: str) -> Table:
    """Orders. One whose invoice for the next period is there, unpaid, is due again after that period."""
    text = partial(schema.text, "o", "client_order")
    code = f"UPPER({text('currency', trimmed=True)})"
    foreign = f"c.id IS NOT NULL AND {code} <> '' AND {code} <> {currency(schema, default_currency)}"
    expires, day = schema.known_day("o", "client_order", "expires_at"), partial(schema.known_day, "o", "client_order")
    return Table(
        StagedItem, "Reading orders",
        "client_order o LEFT JOIN client c ON c.id = o.client_id "
        "LEFT JOIN invoice u ON u.id = o.unpaid_invoice_id AND u.status = 'unpaid'", "o.id",
        (
            Text("description", text("title"), "Description"), Text("cycle", _CYCLE, "Cycle"),
            Text("status", _STATUS, "Status"),
            Text("client_source_id", f"IF({foreign}, CONCAT(o.client_id, ' in ', {code}), COALESCE(o.client_id, ''))",
                 "Client"),
        ),
        (
            Plain("source_id", "o.id"),
            Plain("starts_on", f"COALESCE({day('activated_at')}, {day('created_at')})", "Begins on", is_day=True),
            Plain("next_due_on", f"IF({_PERIOD} AND u.id IS NOT NULL AND o.status <> 'pending_setup', "
                  f"COALESCE({_LATER}, {expires}), {expires})", "Due on", is_day=True),
            Plain("quantity", "COALESCE(o.quantity, 1)"),
            Plain("amount", "COALESCE(CAST(o.price AS DECIMAL(18, 2)), 0)"), Plain("taxed", "1"),
        ),
        counted="client_order o",
    )  # fmt: skip
