"""What a FOSSBilling has once: currencies, groups, gateways, fields, taxes, products."""

from typing import Any

from billing_admin.importing.mysql import Mysql
from billing_admin.importing.schema import Schema
from billing_admin.importing.texts import mend

# So many of these a profile has; what they are called stands in no table that may be read.
FIELDS = 20
_TABLES = ("client", "client_balance", "invoice", "invoice_item", "transaction", "client_order")


class Facts:
    """Read in a few small queries. `all` is what `SystemImport.facts` keeps. A currency's id is its code."""

    def __init__(self, source: Mysql, schema: Schema) -> None:
        self._source, self._schema = source, schema
        codes = [code.upper() for (code,) in self._texts("currency", "code", order="is_default DESC, id") if code]
        self.default_currency = codes[0] if codes else ""
        self.fields = self._used_fields()
        self.all: dict[str, Any] = {
            "currencies": {code: code for code in sorted(codes)},
            "default_currency": self.default_currency,
            "groups": dict(self._texts("client_group", "id", "title")),
            "gateways": dict(self._texts("pay_gateway", "id", "name")),
            "fields": [
                {"id": str(number), "name": f"Custom {number}", "kind": "text", "options": []} for number in self.fields
            ],
            "taxes": [
                {"level": 1, "name": name, "country": country, "state": state, "rate": rate}
                for name, country, state, rate in self._texts("tax", "name", "country", "state", "taxrate")
            ],
            "products": {},
            "unsteady": [table for table in source.unsteady if table in _TABLES],
        }

    def _texts(self, table: str, *columns: str, order: str = "id") -> list[list[str]]:
        selected = ", ".join(self._schema.text("t", table, column) for column in columns)
        rows = self._source.rows(f"SELECT {selected} FROM `{table}` t ORDER BY {order}")
        return [[mend(value, "", [], one_line=True).strip() for value in row] for row in rows]

    def _used_fields(self) -> list[int]:
        """The numbers of those that some client has a value in."""
        there = [number for number in range(1, FIELDS + 1) if self._schema.has("client", f"custom_{number}")]
        if not there:
            return []
        used = ", ".join(f"COALESCE(MAX(COALESCE(custom_{number}, '') <> ''), 0)" for number in there)
        (row,) = self._source.rows(f"SELECT {used} FROM client")
        return [number for number, is_used in zip(there, row, strict=True) if is_used == b"1"]
