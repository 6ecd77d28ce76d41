"""What a FOSSBilling adds up itself, in the snapshot that is read: the same figures as of a WHMCS (whmcs/sums.py)."""

from collections.abc import Sequence
from typing import Any

from billing_admin.importing.grouped import Grouped
from billing_admin.importing.mysql import Mysql
from billing_admin.importing.schema import Schema
from billing_admin.importing.table import Table

from .clients import BALANCES, STATUS, currency
from .invoices import Totals
from .money import AMOUNT_IN, AMOUNT_OUT, SOURCE


class Sums:
    """Each figure is one query that groups; amounts are text to the cent."""

    def __init__(self, source: Mysql, schema: Schema, totals: Totals, default_currency: str) -> None:
        self._grouped, self._schema, self._totals = Grouped(source), schema, totals
        self._of_client = f"IF(c.id IS NULL, '', {currency(schema, default_currency)})"

    def all(self, tables: Sequence[Table], counts: Sequence[int]) -> dict[str, Any]:
        """All figures. `counts`: of the rows of each table, which were counted already."""
        grouped = self._grouped
        read: dict[str, int] = {}
        for table, count in zip(tables, counts, strict=True):
            name = table.source.split()[0].strip("`")
            read[name] = read.get(name, 0) + count
        return {
            "clients": grouped.one(
                f"SELECT {STATUS.format(status='c.status')} AS word, count(*) FROM client c GROUP BY word"
            ),
            "balances": grouped.named(
                f"SELECT {self._of_client} AS code, SUM(COALESCE(b.balance, 0) > 0), SUM(COALESCE(b.balance, 0) < 0), "
                f"SUM(COALESCE(b.balance, 0)) FROM client c LEFT JOIN {BALANCES} b ON b.client_id = c.id GROUP BY code",
                ("above", "below", "sum"),
            ),
            "credit": grouped.named(
                f"SELECT {self._of_client} AS code, count(*), SUM(r.amount) FROM client_balance r "
                "LEFT JOIN client c ON c.id = r.client_id GROUP BY code",
                ("rows", "sum"),
            ),
            "invoices": self._invoices(),
            "due": self._due(),
            "money": grouped.named(self._money(), ("count", "in", "fees", "out")),
            "months": self._months(),
            "tables": dict(sorted((name, str(count)) for name, count in read.items())),
        }

    def _invoices(self) -> dict[str, Any]:
        totals = self._totals
        return self._grouped.two_named(
            f"SELECT {totals.currency} AS code, {totals.status} AS word, count(*), SUM({totals.subtotal}), "
            f"SUM({totals.tax}), 0, SUM({totals.credit}), SUM({totals.total}) FROM {totals.source} GROUP BY code, word",
            ("count", "subtotal", "tax", "tax2", "credit", "total"),
        )

    def _due(self) -> dict[str, str]:
        totals = self._totals
        return self._grouped.one(
            f"SELECT {totals.currency} AS code, SUM({totals.total} - {totals.credit} - {totals.paid}) "
            f"FROM {totals.source} WHERE {totals.status} = 'Unpaid' GROUP BY code"
        )

    def _money(self, more: str = "") -> str:
        own = f"UPPER({self._schema.text('m', 'transaction', 'currency', trimmed=True)})"
        return (
            f"SELECT IF({own} = '', {self._of_client}, CONVERT({own} USING utf8mb4)) AS code, {more}count(*), "
            f"SUM({AMOUNT_IN}), 0, SUM({AMOUNT_OUT}) FROM {SOURCE} GROUP BY code"
        )

    def _months(self) -> dict[str, Any]:
        month = "IF(m.created_at >= '0001-01-01', DATE_FORMAT(m.created_at, '%Y-%m'), '') AS month, "
        found = self._grouped.two_named(f"{self._money(month)}, month", ("count", "in", "fees", "out"))
        return {
            code: {each: {name: sums[name] for name in ("in", "fees", "out")} for each, sums in of.items()}
            for code, of in found.items()
        }
