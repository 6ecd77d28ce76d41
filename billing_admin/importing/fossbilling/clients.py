"""Clients of FOSSBilling, and whom their invoices go to."""

import json
from functools import partial

from billing_admin.importing.beside import BesideTable
from billing_admin.importing.long_texts import keep_long_beside
from billing_admin.importing.schema import Schema
from billing_admin.importing.table import Plain, Table, Text, Values
from billing_admin.models import StagedClient, StagedContact

STATUS = (
    "CASE {status} WHEN 'active' THEN 'Active' WHEN 'suspended' THEN 'Inactive' WHEN 'canceled' THEN 'Closed' "
    "ELSE COALESCE({status}, '') END"
)
BALANCES = "(SELECT client_id, SUM(amount) AS balance FROM client_balance GROUP BY client_id)"

_FIELDS = {
    "first_name": ("first_name", "First name"), "last_name": ("last_name", "Last name"),
    "company_name": ("company", "Company"), "email": ("email", "E-mail"), "phone": ("phone", "Phone"),
    "tax_id": ("company_vat", "Tax ID"), "address_1": ("address_1", "Address"),
    "address_2": ("address_2", "Address, second"), "city": ("city", "City"), "region": ("state", "State"),
    "postcode": ("postcode", "Postcode"), "country": ("country", "Country"),
}  # fmt: skip
_SAID = {name: said for name, (_, said) in _FIELDS.items()}
# Read for a note, and staged as no column of their own.
_BESIDE = {"company_number": "Company number", "aid": "Other ID"}


def currency(schema: Schema, default: str, alias: str = "c") -> str:
    """The code of a client's currency; who has never bought anything has none there, and gets the default one."""
    code = schema.text(alias, "client", "currency", trimmed=True)
    return f"UPPER(IF({code} = '', '{default}', CONVERT({code} USING utf8mb4)))"


def client_table(schema: Schema, fields: list[int], default_currency: str) -> Table:
    """All clients. `fields`: the numbers of those of their own fields that are used."""
    text = partial(schema.text, "c", "client")
    columns = {name: text(column, trimmed=True) for name, (column, _) in _FIELDS.items()}
    columns["phone"] = _phone(schema)
    language = text("lang", trimmed=True)
    return BesideTable(
        StagedClient, "Reading clients", f"client c LEFT JOIN {BALANCES} b ON b.client_id = c.id", "c.id",
        (
            *(Text(name, sql, _SAID[name], one_line=True) for name, sql in columns.items()),
            Text("status", STATUS.format(status="c.status"), "Status"),
            Text("language", f"IF({language} IN ('pt_BR', 'zh_CN', 'zh_TW'), {language}, "
                 f"SUBSTRING_INDEX({language}, '_', 1))", "Language"),
            Text("notes", text("notes"), "Notes"),
            *(Text(f"_{name}", text(name, trimmed=True), said, one_line=True) for name, said in _BESIDE.items()),
            *(Text(f"_{number}", text(f"custom_{number}"), f"Custom {number}") for number in fields),
        ),
        (
            Plain("source_id", "c.id"), Plain("client_source_id", "c.id"),
            Plain("currency", currency(schema, default_currency)),
            Plain("group", schema.of("c", "client", "client_group_id")),
            Plain("tax_exempt", schema.yes("c", "client", "tax_exempt")),
            Plain("created_on", schema.day("c", "client", "created_at"), "Client since", is_day=True),
            Plain("balance", "COALESCE(b.balance, 0)"), Plain("custom", "'{}'"), Plain("texts", "''"),
        ),
        counted="client c", finish=partial(_finish, fields),
    )  # fmt: skip


def _phone(schema: Schema) -> str:
    """The number with the code of its country before it."""
    code, phone = (schema.text("c", "client", column, trimmed=True) for column in ("phone_cc", "phone"))
    return f"IF({code} = '' OR {phone} LIKE '+%', {phone}, CONCAT('+', TRIM(LEADING '+' FROM {code}), '.', {phone}))"


def _finish(fields: list[int], values: Values, changes: list[str]) -> None:
    beside = [f"{said}: {value}" for name, said in _BESIDE.items() if (value := values.pop(f"_{name}"))]
    own = {str(number): value for number in fields if (value := values.pop(f"_{number}"))}
    values["custom"] = json.dumps(own, ensure_ascii=False)
    values["texts"] = "\n".join([*keep_long_beside(values, changes, _SAID), *beside])


def contact_table(schema: Schema) -> Table:
    """The address that invoices go to, where it is another than the client's."""
    text = partial(schema.text, "c", "client")
    own, billing = text("email", trimmed=True), text("billing_email", trimmed=True)
    return Table(
        StagedContact, "Reading addresses for invoices", "client c", "c.id",
        (Text("email", billing, "E-mail for invoices", one_line=True),),
        (Plain("source_id", "c.id"), Plain("client_source_id", "c.id"), Plain("receives_invoices", "1")),
        where=f"{billing} <> '' AND LOWER({billing}) <> LOWER({own})",
    )  # fmt: skip
