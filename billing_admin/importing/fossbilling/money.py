"""Money and credit of FOSSBilling, and its mail and log.

Every payment is first put into the client's balance, from which invoices are paid: so both its transactions and all
rows of the balance are read. A transaction names no client but its invoice. What came for an invoice that is unpaid all
the same is in the balance only, and would be counted twice if it was a payment of that invoice.
"""

from functools import partial

from billing_admin.importing.beside import BesideTable
from billing_admin.importing.schema import Schema
from billing_admin.importing.table import Plain, Table, Text, Values
from billing_admin.models import StagedCredit, StagedEvent, StagedMoney

# Its amounts were text up to 0.8.
_IS_AMOUNT = "(m.amount REGEXP '^-?[0-9]{1,14}([.][0-9]+)?$')"
_AMOUNT = f"IF({_IS_AMOUNT}, CAST(m.amount AS DECIMAL(18, 4)), 0)"
_IS_BACK = "(m.type LIKE '%refund%' OR m.txn_status IN ('refund', 'refunded', 'Refunded', 'Reversed'))"
# What a gateway tells of subscriptions is about no money, but for its payments.
_IS_MONEY = (
    "(m.status = 'processed' AND NOT (COALESCE(m.type, '') LIKE 'subscr%' AND COALESCE(m.type, '') "
    "NOT LIKE '%payment%'))"
)
AMOUNT_IN = f"IF({_IS_MONEY} AND NOT COALESCE({_IS_BACK}, 0), {_AMOUNT}, 0)"
AMOUNT_OUT = f"IF({_IS_MONEY} AND COALESCE({_IS_BACK}, 0), ABS({_AMOUNT}), 0)"
PAID_IN = (
    f"(SELECT m.invoice_id, SUM({AMOUNT_IN}) AS came, SUM({AMOUNT_IN} - {AMOUNT_OUT}) AS paid "
    "FROM `transaction` m WHERE m.invoice_id IS NOT NULL GROUP BY m.invoice_id)"
)
_PAYMENTS = f"(SELECT m.invoice_id, MAX(m.id) AS id FROM `transaction` m WHERE {AMOUNT_IN} > 0 GROUP BY m.invoice_id)"
SOURCE = "`transaction` m LEFT JOIN invoice i ON i.id = m.invoice_id LEFT JOIN client c ON c.id = i.client_id"


def money_table(schema: Schema) -> Table:
    """Transactions: of the client of their invoice. A payment that went back names the last one of its invoice."""
    text = partial(schema.text, "m", "transaction")
    buyer = ", ".join(
        f"NULLIF({schema.text('i', 'invoice', column, trimmed=True)}, '')"
        for column in ("buyer_company", "buyer_first_name", "buyer_last_name")
    )
    return BesideTable(
        StagedMoney, "Reading transactions", f"{SOURCE} LEFT JOIN {_PAYMENTS} p ON p.invoice_id = m.invoice_id", "m.id",
        (
            Text("description", text("note"), "Description"),
            Text("reference", text("txn_id", trimmed=True), "Reference", one_line=True),
            Text("client_name", f"IF(i.id IS NOT NULL AND c.id IS NULL, CONCAT_WS(' ', {buyer}), '')", "Name",
                 one_line=True),
            Text("_said", text("amount"), "Amount"), Text("_status", text("status"), "Status"),
            Text("_type", text("type"), "Type"), Text("_invoice", "COALESCE(i.status, '')", "Invoice"),
        ),
        (
            Plain("source_id", "m.id"), Plain("client_source_id", "COALESCE(i.client_id, '')"),
            Plain("invoice_source_id", "COALESCE(IF(i.status = 'unpaid', NULL, i.id), '')"),
            Plain("currency", f"UPPER({text('currency', trimmed=True)})"),
            Plain("gateway", schema.of("m", "transaction", "gateway_id")),
            Plain("at", schema.day("m", "transaction", "created_at"), "Date", is_day=True, not_later=True),
            Plain("amount_in", AMOUNT_IN), Plain("fees", "0"), Plain("amount_out", AMOUNT_OUT),
            Plain("refund_of", f"IF({AMOUNT_OUT} > 0 AND p.id <> m.id, p.id, '')", may_be_none=False),
        ),
        counted="`transaction` m", finish=_finish,
    )  # fmt: skip


def _finish(values: Values, changes: list[str]) -> None:
    said, status, kind, invoice = (values.pop(name) for name in ("_said", "_status", "_type", "_invoice"))
    if status != "processed":
        changes.append(f"It is “{status}” there, not processed: {said or 'its amount'} is no money that came")
    elif said and values["amount_in"] == values["amount_out"] == "0.0000" and said.strip("0.-"):
        why = f"“{kind}” is about no money" if kind.startswith("subscr") else "is no amount"
        changes.append(f"Amount: “{said}” {why} and was read as zero")
    if invoice == "unpaid":
        changes.append("Its invoice is unpaid: the money went into the client's credit, and is no payment of it")


def credit_table(schema: Schema) -> Table:
    """All rows of the balance. Those of the type `invoice` paid one."""
    return Table(
        StagedCredit, "Reading the balance", "client_balance r", "r.id",
        (
            Text("description", schema.text("r", "client_balance", "description"), "Description"),
            Text("invoice_source_id", "IF(r.type = 'invoice' AND r.rel_id REGEXP '^[0-9]+$', "
                 "CAST(CAST(r.rel_id AS UNSIGNED) AS CHAR), '')", "Invoice"),
        ),
        (
            Plain("source_id", "r.id"), Plain("client_source_id", schema.of("r", "client_balance", "client_id")),
            Plain("on", schema.day("r", "client_balance", "created_at"), "Date", is_day=True, not_later=True),
            Plain("amount", schema.number("r", "client_balance", "amount")),
        ),
    )  # fmt: skip


def mail_table(schema: Schema) -> Table:
    """Mail that was sent: when, to whom and what about. Its text may have a password in it and is not read."""
    return Table(
        StagedEvent, "Reading mail", "activity_client_email e", "e.id",
        (
            Text("text", schema.text("e", "activity_client_email", "subject"), "Subject", one_line=True),
            Text("who", schema.text("e", "activity_client_email", "recipients"), "To", one_line=True),
        ),
        (
            Plain("source_id", "CONCAT('m', e.id)"), Plain("client_source_id", "e.client_id"), Plain("is_mail", "1"),
            Plain("at", schema.known_day("e", "activity_client_email", "created_at"), "Date", is_day=True),
        ),
        where="e.client_id IS NOT NULL",
    )  # fmt: skip


def log_table(schema: Schema) -> Table:
    """The log, as far as it is about clients."""
    return Table(
        StagedEvent, "Reading the log", "activity_system e", "e.id",
        (
            Text("text", schema.text("e", "activity_system", "message"), "Text"),
            Text("who", "IF(e.admin_id IS NULL, '', CONCAT('Administrator ', e.admin_id))", "Who"),
        ),
        (
            Plain("source_id", "e.id"), Plain("client_source_id", "e.client_id"), Plain("is_mail", "0"),
            Plain("at", schema.known_day("e", "activity_system", "created_at"), "Date", is_day=True),
        ),
        where="e.client_id IS NOT NULL",
    )  # fmt: skip


def sign_in_table(schema: Schema) -> Table:
    """When clients signed in, and from where."""
    return Table(
        StagedEvent, "Reading sign-ins", "activity_client_history e", "e.id",
        (Text("text", "'Signed in'", "Text"), Text("who", schema.text("e", "activity_client_history", "ip"), "Who")),
        (
            Plain("source_id", "CONCAT('s', e.id)"), Plain("client_source_id", "e.client_id"), Plain("is_mail", "0"),
            Plain("at", schema.known_day("e", "activity_client_history", "created_at"), "Date", is_day=True),
        ),
        where="e.client_id IS NOT NULL",
    )  # fmt: skip
