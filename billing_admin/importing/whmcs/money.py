"""Money and credit of WHMCS, and its mail and log."""

import re
from functools import partial

from billing_admin.importing.mysql import Mysql
from billing_admin.importing.schema import Schema
from billing_admin.importing.table import Plain, Table, Text, Values
from billing_admin.importing.texts import mend
from billing_admin.models import StagedCredit, StagedEvent, StagedMoney

_DELETED = re.compile(r"Client Deleted - User ID: (\d+)(?: - (.+))?")

_INVOICE = re.compile(r"Invoice (?:#|ID:? ?)(\d{1,18})\b")


def names_of_deleted(source: Mysql, schema: Schema) -> dict[str, str]:
    """The names of clients that are gone, by their id, as the log tells them; the later of two."""
    text = schema.text("e", "tblactivitylog", "description")
    sql = f"SELECT {text} FROM tblactivitylog e WHERE e.description LIKE 'Client Deleted - User ID: %' ORDER BY e.id"
    found = (_DELETED.match(mend(told, "Name", [], one_line=True)) for (told,) in source.stream(sql))
    return {each[1]: each[2].strip() for each in found if each and each[2]}


def money_table(schema: Schema, names: dict[str, str]) -> Table:
    """What came in and went out; `names` of clients that are gone."""
    text = partial(schema.text, "m", "tblaccounts")
    number = partial(schema.number, "m", "tblaccounts")
    of = partial(schema.of, "m", "tblaccounts")
    return Table(
        StagedMoney, "Reading transactions", "tblaccounts m LEFT JOIN tblclients c ON c.id = m.userid", "m.id",
        (
            Text("gateway", text("gateway"), "Gateway", one_line=True),
            Text("description", text("description"), "Description"),
            Text("reference", text("transid", trimmed=True), "Reference", one_line=True),
        ),
        (
            Plain("source_id", "m.id"), Plain("client_source_id", of("userid")),
            Plain("invoice_source_id", of("invoiceid")), Plain("currency", of("currency")),
            Plain("at", "m.`date`", "Date", is_day=True, not_later=True),
            Plain("amount_in", number("amountin")), Plain("fees", number("fees")),
            Plain("amount_out", number("amountout")), Plain("refund_of", of("refundid")), Plain("client_name", "''"),
        ),
        odd="c.id IS NULL AND m.userid <> 0", counted="tblaccounts m", finish=partial(_name, names),
    )  # fmt: skip


def _name(names: dict[str, str], values: Values, changes: list[str]) -> None:
    values["client_name"] = names.get(values["client_source_id"], "")


def credit_table(schema: Schema) -> Table:
    """The credit history. The invoice that a row is about stands in its words, and only sometimes beside them."""
    return Table(
        StagedCredit, "Reading credit", "tblcredit r", "r.id",
        (Text("description", schema.text("r", "tblcredit", "description"), "Description"),),
        (
            Plain("source_id", "r.id"), Plain("client_source_id", schema.of("r", "tblcredit", "clientid")),
            Plain("invoice_source_id", schema.of("r", "tblcredit", "relid")),
            Plain("on", "r.`date`", "Date", is_day=True, not_later=True),
            Plain("amount", schema.number("r", "tblcredit", "amount")),
        ),
        odd="r.relid <> 0 OR r.description LIKE '%Invoice%'", finish=_tell_invoice,
    )  # fmt: skip


def _tell_invoice(values: Values, changes: list[str]) -> None:
    named = _INVOICE.search(values["description"])
    if named:
        values["invoice_source_id"] = named[1].lstrip("0")
    elif "Invoice" not in values["description"]:
        values["invoice_source_id"] = ""  # it is the id of something else


def mail_table(schema: Schema) -> Table:
    """Mail that was sent: when, to whom and what about. Its text may have a password in it and is not read."""
    return Table(
        StagedEvent, "Reading mail", "tblemails e", "e.id",
        (
            Text("text", schema.text("e", "tblemails", "subject"), "Subject", one_line=True),
            Text("who", schema.text("e", "tblemails", "to"), "To", one_line=True),
        ),
        (
            Plain("source_id", "CONCAT('m', e.id)"), Plain("client_source_id", "e.userid"), Plain("is_mail", "1"),
            Plain("at", schema.known_day("e", "tblemails", "date"), "Date", is_day=True),
        ),
        where="e.userid <> 0",
    )  # fmt: skip


def log_table(schema: Schema) -> Table:
    """The log, as far as it is about clients."""
    return Table(
        StagedEvent, "Reading the log", "tblactivitylog e", "e.id",
        (
            Text("text", schema.text("e", "tblactivitylog", "description"), "Text"),
            Text("who", schema.text("e", "tblactivitylog", "user"), "Who", one_line=True),
        ),
        (
            Plain("source_id", "e.id"), Plain("client_source_id", "e.userid"), Plain("is_mail", "0"),
            Plain("at", schema.known_day("e", "tblactivitylog", "date"), "Date", is_day=True),
        ),
        where="e.userid <> 0",
    )  # fmt: skip
