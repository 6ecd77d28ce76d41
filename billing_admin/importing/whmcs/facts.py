"""What a WHMCS has once: currencies, groups, gateways, fields, taxes, products."""

from typing import Any

from billing_admin.importing.mysql import Mysql
from billing_admin.importing.schema import Schema
from billing_admin.importing.texts import mend


class Facts:
    """Read in a few small queries. `all` is what `SystemImport.facts` keeps."""

    def __init__(self, source: Mysql, schema: Schema) -> None:
        self._source, self._schema = source, schema
        settings = self._named(
            "tblconfiguration", "setting", "value", "t.setting IN ('TaxDomains', 'TaxBillableItems')"
        )
        self.taxes_domains, self.taxes_billable = (
            settings.get(name, "") in ("on", "1") for name in ("TaxDomains", "TaxBillableItems")
        )
        fields = self._fields()
        self.fields = {field["id"]: field["name"] for field in fields}
        default = source.rows("SELECT id FROM tblcurrencies ORDER BY `default` DESC, id LIMIT 1")
        self.currencies = self._named("tblcurrencies", "id", "code")
        self.all: dict[str, Any] = {
            "currencies": self.currencies,
            "default_currency": default[0][0].decode() if default else "",
            "groups": self._named("tblclientgroups", "id", "groupname"),
            "gateways": self._named("tblpaymentgateways", "gateway", "value", "t.setting = 'name'"),
            "fields": fields,
            "taxes": self._taxes(),
            "products": self._products("tblproducts", "") | self._products("tbladdons", "a"),
            "unsteady": [table for table in source.unsteady if table.startswith("tbl")],
        }

    def _texts(self, table: str, *columns: str, where: str = "TRUE", order: str = "id") -> list[list[str]]:
        if not self._schema.has(table):
            return []
        selected = ", ".join(self._schema.text("t", table, column) for column in columns)
        rows = self._source.rows(f"SELECT {selected} FROM {table} t WHERE {where} ORDER BY t.{order}")
        return [[mend(value, "", [], one_line=True).strip() for value in row] for row in rows]

    def _named(self, table: str, key: str, name: str, where: str = "TRUE") -> dict[str, str]:
        return {row[0]: row[1] for row in self._texts(table, key, name, where=where, order=key)}

    def _fields(self) -> list[dict[str, Any]]:
        """Fields for clients; not those for passwords."""
        rows = self._texts(
            "tblcustomfields", "id", "fieldname", "fieldtype", "fieldoptions",
            where="t.type = 'client' AND t.fieldtype <> 'password'",
        )  # fmt: skip
        return [
            {"id": key, "name": name, "kind": kind, "options": [each.strip() for each in options.split(",") if each]}
            for key, name, kind, options in rows
        ]

    def _taxes(self) -> list[dict[str, Any]]:
        rows = self._texts("tbltax", "level", "name", "country", "state", "taxrate")
        return [
            {"level": int(level or 1), "name": name, "country": country, "state": state, "rate": rate}
            for level, name, country, state, rate in rows
        ]

    def _products(self, table: str, letter: str) -> dict[str, dict[str, Any]]:
        rows = self._texts(table, "id", "name", "tax")
        return {f"{letter}{key}": {"name": name, "taxed": tax in ("1", "on")} for key, name, tax in rows}
