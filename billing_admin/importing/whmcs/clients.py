"""Clients of WHMCS, with the values of their custom fields."""

import dataclasses
import datetime
import json
from collections.abc import Iterator
from functools import partial

from billing_admin.importing.long_texts import LONGEST, keep_long_beside
from billing_admin.importing.mysql import Mysql, Row
from billing_admin.importing.schema import Schema
from billing_admin.importing.table import Plain, Table, Text, Values
from billing_admin.importing.texts import mend
from billing_admin.models import StagedClient

_AT_ONCE = 5_000
_FIELDS = {
    "first_name": ("firstname", "First name"), "last_name": ("lastname", "Last name"),
    "company_name": ("companyname", "Company"), "email": ("email", "E-mail"), "phone": ("phonenumber", "Phone"),
    "tax_id": ("tax_id", "Tax ID"), "address_1": ("address1", "Address"), "address_2": ("address2", "Address, second"),
    "city": ("city", "City"), "region": ("state", "State"), "postcode": ("postcode", "Postcode"),
    "country": ("country", "Country"),
}  # fmt: skip
_SAID = {name: said for name, (_, said) in _FIELDS.items()}

Custom = dict[str, dict[str, str]]


@dataclasses.dataclass(frozen=True)
class ClientTable(Table):
    """Clients some thousand at a time, so that the values of their fields are read beside them."""

    fields: dict[str, str] = dataclasses.field(default_factory=dict)
    values_sql: str = ""
    custom: Custom = dataclasses.field(default_factory=dict)
    mended: dict[str, list[str]] = dataclasses.field(default_factory=dict)

    def rows(self, source: Mysql, today: datetime.date) -> Iterator[Row]:
        query = self.query(today)
        after, place = -1, len(self.texts)
        while rows := source.rows(query.replace(" ORDER BY", f" AND c.id > {after} ORDER BY") + f" LIMIT {_AT_ONCE}"):
            first, after = int(rows[0][place]), int(rows[-1][place])
            self._read_fields(source, first, after)
            for row in rows:
                yield (*row[:-1], b"1") if row[place].decode() in self.custom else row

    def _read_fields(self, source: Mysql, first: int, last: int) -> None:
        self.custom.clear()
        self.mended.clear()
        if not self.fields:
            return
        for field, client, value in source.stream(self.values_sql, [first, last]):
            key = client.decode()
            changes = self.mended.setdefault(key, [])
            text = mend(value, self.fields[field.decode()], changes)
            if text:
                self.custom.setdefault(key, {})[field.decode()] = text


def client_table(schema: Schema, fields: dict[str, str]) -> Table:
    """All clients. `fields`: the names of the fields for clients, by id."""
    text = partial(schema.text, "c", "tblclients")
    texts = [
        *(Text(name, text(column, trimmed=True), said, one_line=True) for name, (column, said) in _FIELDS.items()),
        Text("status", text("status"), "Status"), Text("gateway", text("defaultgateway"), "Gateway"),
        Text("language", text("language"), "Language"), Text("notes", text("notes"), "Notes"),
    ]  # fmt: skip
    plains = (
        Plain("source_id", "c.id"), Plain("client_source_id", "c.id"),
        Plain("currency", schema.of("c", "tblclients", "currency")),
        Plain("group", schema.of("c", "tblclients", "groupid")),
        Plain("tax_exempt", schema.yes("c", "tblclients", "taxexempt")),
        Plain("no_reminders", schema.yes("c", "tblclients", "overideduenotices")),
        Plain("created_on", schema.day("c", "tblclients", "datecreated"), "Client since", is_day=True),
        Plain("balance", schema.number("c", "tblclients", "credit")), Plain("custom", "'{}'"), Plain("texts", "''"),
    )  # fmt: skip
    longer = [f"LENGTH({text(_FIELDS[name][0], trimmed=True)}) > {longest}" for name, longest in LONGEST.items()]
    marks = ", ".join(field for field in fields if field.isdigit())
    values = (
        f"SELECT v.fieldid, v.relid, {schema.text('v', 'tblcustomfieldsvalues', 'value')} FROM tblcustomfieldsvalues v "
        f"WHERE v.relid BETWEEN %s AND %s AND v.fieldid IN ({marks})"
    )
    table = ClientTable(
        StagedClient, "Reading clients", "tblclients c", "c.id", tuple(texts), plains, odd=" OR ".join(longer),
        fields=fields, values_sql=values,
    )  # fmt: skip
    return dataclasses.replace(table, finish=partial(_finish, table))


def _finish(table: ClientTable, values: Values, changes: list[str]) -> None:
    key = values["source_id"]
    if custom := table.custom.get(key):
        values["custom"] = json.dumps(custom, ensure_ascii=False)
        changes += table.mended.get(key, ())
    values["texts"] = "\n".join(keep_long_beside(values, changes, _SAID))
