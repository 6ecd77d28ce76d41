"""The first reading of the files: how amounts are counted, who has which currency, and what all of it comes to.

Stripe has no server that adds up: its sums are those of the rows of its files, before any of them is staged.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone

from .export import Export
from .objects import Customer, Invoice, Moved, is_of_customers
from .units import Looked
from .values import MAJOR, Cells

Exports = dict[str, Export]
INVOICE_SUMS = ("count", "subtotal", "tax", "tax2", "credit", "total")
MONEY_SUMS = ("count", "in", "fees", "out")


def rows_of(export: Export, units: str = MAJOR) -> Iterator[Cells]:
    """Its rows; of those with one id only the first, as where two files were put together.

    Raises BusinessError for a row without an id.
    """
    seen: set[str] = set()
    for line, row in export.rows():
        key = export.cell(row, "id")
        if not key:
            raise export.wrong(line, "has no id")
        if key not in seen:
            seen.add(key)
            yield Cells(export, line, row, units)


@dataclass
class Look:
    """All that is known before rows are staged."""

    exports: Exports
    units: dict[str, str] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    currencies: dict[str, str] = field(default_factory=dict)
    """Customer → its currency."""
    counts: Counter[str] = field(default_factory=Counter)
    not_read: Counter[str] = field(default_factory=Counter)
    """Type of a balance transaction that is no money of customers → how many."""
    sums: dict[str, Any] = field(default_factory=dict)
    default_currency: str = ""
    _used: Counter[str] = field(default_factory=Counter)

    def look(self) -> "Look":
        """Read all files once. Raises BusinessError for what cannot be taken."""
        used = self._used
        for said, export in self.exports.items():
            self._look_at(said, export, used)
        self.default_currency = used.most_common(1)[0][0] if used else "USD"
        for customer, currency in self.currencies.items():
            self.currencies[customer] = currency or self.default_currency
        self._add_up()
        return self

    def codes(self) -> list[str]:
        """All currencies that occur."""
        found = {*self._used, *self.currencies.values(), *self.sums["money"], self.default_currency}
        return sorted(code for code in found if code)

    def _look_at(self, said: str, export: Export, used: Counter[str]) -> None:
        looked = Looked()
        for line, row in export.rows():
            looked.look(export, line, row)
            if code := export.cell(row, "currency").upper():
                used[code] += 1
            if said == "customers":
                self.currencies.setdefault(export.cell(row, "id"), code)
            elif said == "invoices" and self.currencies.get(customer := export.cell(row, "customer")) == "":
                self.currencies[customer] = code
        self.units[said], self.why[said] = looked.units, looked.why

    def _add_up(self) -> None:
        balances: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
        for cells in rows_of(self.exports["customers"], self.units["customers"]):
            customer = Customer.of(cells)
            above, below = Decimal(customer.balance > 0), Decimal(customer.balance < 0)
            _add(balances, self.currencies[customer.id], (above, below, customer.balance))
            self.counts["customers"] += 1
        self.sums = {
            "clients": {"Active": str(self.counts["customers"])},
            "balances": _named(balances, ("above", "below", "sum")),
            "credit": {}, "invoices": {}, "due": {}, "money": {}, "months": {},
        }  # fmt: skip
        if "invoices" in self.exports:
            self._add_up_invoices(self.exports["invoices"])
        if "balance" in self.exports:
            self._add_up_money(self.exports["balance"])
        read = {said: self.counts[said] for said in self.exports}
        left = {f"balance: {kind}, not read": count for kind, count in self.not_read.items()}
        self.sums["tables"] = {name: str(count) for name, count in sorted((read | left).items())}

    def _add_up_invoices(self, export: Export) -> None:
        invoices: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 6)
        credit: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 2)
        due: dict[str, Decimal] = defaultdict(Decimal)
        for cells in rows_of(export, self.units["invoices"]):
            each = Invoice.of(cells, self.currencies)
            one = Decimal(1)
            _add(
                invoices, (each.code, each.status), (one, each.subtotal, each.tax, Decimal(0), each.credit, each.total)
            )
            if each.uses_credit:
                _add(credit, each.code, (one, -each.credit))
                self.counts["credit"] += 1
            if each.is_open:
                due[each.code] += each.total - each.credit - each.paid
            self.counts["invoices"] += 1
        for (code, status), sums in sorted(invoices.items()):
            self.sums["invoices"].setdefault(code, {})[status] = _told(sums, INVOICE_SUMS)
        self.sums["credit"] = _named(credit, ("rows", "sum"))
        self.sums["due"] = {code: str(value) for code, value in sorted(due.items())}

    def _add_up_money(self, export: Export) -> None:
        money: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 4)
        months: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
        for cells in rows_of(export, self.units["balance"]):
            if not is_of_customers(cells):
                self.not_read[cells.raw("type") or "without a type"] += 1
                continue
            moved = Moved.of(cells)
            values = (moved.amount_in, moved.fees, moved.amount_out)
            month = timezone.localtime(moved.at).strftime("%Y-%m") if moved.at else ""
            _add(money, moved.currency, (Decimal(1), *values))
            _add(months, (moved.currency, month), values)
            self.counts["balance"] += 1
        self.sums["money"] = _named(money, MONEY_SUMS)
        for (code, month), sums in sorted(months.items()):
            self.sums["months"].setdefault(code, {})[month] = _told(sums, MONEY_SUMS[1:])


def _add[K](sums: dict[K, list[Decimal]], key: K, values: tuple[Decimal, ...]) -> None:
    sums[key] = [before + more for before, more in zip(sums[key], values, strict=True)]


def _named(sums: dict[str, list[Decimal]], names: tuple[str, ...]) -> dict[str, dict[str, str]]:
    return {key: _told(values, names) for key, values in sorted(sums.items())}


def _told(values: list[Decimal], names: tuple[str, ...]) -> dict[str, str]:
    counted = ("count", "rows", "above", "below")
    return {name: str(int(value)) if name in counted else str(value) for name, value in zip(names, values, strict=True)}
