"""What a WHMCS adds up itself, in the snapshot that is read: what the import is held against.

    clients     status → count
    balances    currency → above, below (counts), sum
    credit      currency → rows, sum                             of tblcredit
    invoices    currency → status → count, subtotal, tax, tax2, credit, total
    due         currency → total less what was paid, of those that are unpaid
    money       currency → count, in, fees, out
    months      currency → month → in, fees, out
    tables      table → rows that were to be read

A currency without a code is `#` and its id; one of a client that is gone is empty.
"""

from collections.abc import Sequence
from typing import Any

from billing_admin.importing.grouped import Grouped
from billing_admin.importing.mysql import Mysql
from billing_admin.importing.schema import Schema
from billing_admin.importing.table import Table

from .invoices import PAID

UNPAID = ("Unpaid", "Payment Pending", "Collections", "Overdue")

_CODE = "COALESCE(NULLIF({code}, ''), CONCAT('#', {id}), '')"
_OF_CLIENT = "LEFT JOIN tblclients c ON c.id = {client} LEFT JOIN tblcurrencies u ON u.id = c.currency"


class Sums:
    """Each figure is one query that groups; amounts are text to the cent."""

    def __init__(self, source: Mysql, schema: Schema) -> None:
        self._grouped, self._schema = Grouped(source), schema
        self._of_client = _CODE.format(code=schema.text("u", "tblcurrencies", "code"), id="c.currency")

    def all(self, tables: Sequence[Table], counts: Sequence[int]) -> dict[str, Any]:
        """All figures. `counts`: of the rows of each table, which were counted already."""
        read: dict[str, int] = {}
        for table, count in zip(tables, counts, strict=True):
            name = table.source.split()[0]
            read[name] = read.get(name, 0) + count
        return {
            "clients": self._grouped.one(
                f"SELECT {self._schema.text('c', 'tblclients', 'status')} AS status, count(*) FROM tblclients c "
                "GROUP BY status"
            ),
            "balances": self._grouped.named(self._balances(), ("above", "below", "sum")),
            "credit": self._grouped.named(self._credit(), ("rows", "sum")),
            "invoices": self._grouped.two_named(
                self._invoices(), ("count", "subtotal", "tax", "tax2", "credit", "total")
            ),
            "due": self._grouped.one(self._due()),
            "money": self._grouped.named(self._money(), ("count", "in", "fees", "out")),
            "months": self._months(),
            "tables": dict(sorted((name, str(count)) for name, count in read.items())),
        }

    def _balances(self) -> str:
        return (
            f"SELECT {self._of_client} AS code, SUM(c.credit > 0), SUM(c.credit < 0), SUM(c.credit) FROM tblclients c "
            "LEFT JOIN tblcurrencies u ON u.id = c.currency GROUP BY code"
        )

    def _credit(self) -> str:
        return (
            f"SELECT {self._of_client} AS code, count(*), SUM(r.amount) FROM tblcredit r "
            f"{_OF_CLIENT.format(client='r.clientid')} GROUP BY code"
        )

    def _invoices(self) -> str:
        tax2 = self._schema.number("i", "tblinvoices", "tax2")
        return (
            f"SELECT {self._of_client} AS code, {self._schema.text('i', 'tblinvoices', 'status')} AS status, count(*), "
            f"SUM(i.subtotal), SUM(i.tax), SUM({tax2}), SUM(i.credit), SUM(i.total) FROM tblinvoices i "
            f"{_OF_CLIENT.format(client='i.userid')} GROUP BY code, status"
        )

    def _due(self) -> str:
        marks = ", ".join(f"'{status}'" for status in UNPAID)
        return (
            f"SELECT {self._of_client} AS code, SUM(i.total - COALESCE(p.paid, 0)) FROM tblinvoices i "
            f"LEFT JOIN {PAID} p ON p.invoiceid = i.id {_OF_CLIENT.format(client='i.userid')} "
            f"WHERE i.status IN ({marks}) GROUP BY code"
        )

    def _money(self, month: str = "") -> str:
        own = self._schema.text("o", "tblcurrencies", "code")
        code = f"IF(COALESCE(m.currency, 0) = 0, {self._of_client}, {_CODE.format(code=own, id='m.currency')})"
        selected, grouped = (f"{month} AS month, ", ", month") if month else ("", "")
        return (
            f"SELECT {code} AS code, {selected}count(*), SUM(m.amountin), SUM(m.fees), SUM(m.amountout) "
            f"FROM tblaccounts m {_OF_CLIENT.format(client='m.userid')} "
            f"LEFT JOIN tblcurrencies o ON o.id = m.currency GROUP BY code{grouped}"
        )

    def _months(self) -> dict[str, Any]:
        month = "IF(m.`date` >= '0001-01-01', DATE_FORMAT(m.`date`, '%Y-%m'), '')"
        found = self._grouped.two_named(self._money(month), ("count", "in", "fees", "out"))
        return {
            code: {each: {name: sums[name] for name in ("in", "fees", "out")} for each, sums in of.items()}
            for code, of in found.items()
        }
