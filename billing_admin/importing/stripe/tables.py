"""The staged rows that the rows of an export become, as lines for COPY."""

import datetime
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from billing_admin.importing.long_texts import keep_long_beside
from billing_admin.importing.table import NULL, Values
from billing_admin.importing.texts import for_copy
from billing_admin.models import Staged, StagedClient, StagedCredit, StagedInvoice, StagedLine, StagedMoney

from .look import Look, rows_of
from .objects import Customer, Invoice, Moved, is_of_customers, rate_of, split_name
from .values import Cells, as_copied, day_of, number

GATEWAY = "stripe"
_SAID = {
    "first_name": "First name", "last_name": "Last name", "company_name": "Name", "email": "E-mail", "phone": "Phone",
    "tax_id": "Tax ID", "address_1": "Address", "address_2": "Address, second", "city": "City", "region": "State",
    "postcode": "Postcode", "country": "Country",
}  # fmt: skip
_AS_THEY_ARE = ("email", "phone", "tax_id", "address_1", "address_2", "city", "region", "postcode", "country")
Make = Callable[[Cells, datetime.date], Values | None]


@dataclass(frozen=True)
class ExportTable:
    """Staged rows of `model`, made of the rows of the export of `said`; `make` gives None for one that is none."""

    model: type[Staged]
    doing: str
    said: str
    rows: int
    look: Look
    columns: list[str]
    nullable: frozenset[str]
    make: Make

    def count(self, source: Any) -> int:
        """How many rows there will be."""
        return self.rows

    def lines(self, source: Any, run: int, today: datetime.date) -> Iterator[bytes]:
        """All rows as COPY reads them."""
        names = self.columns[1:-1]
        for cells in rows_of(self.look.exports[self.said], self.look.units[self.said]):
            values = self.make(cells, today)
            if values is None:
                continue
            parts = [
                NULL.encode() if values[name] == NULL and name in self.nullable else for_copy(values[name])
                for name in names
            ]
            yield b"\t".join([str(run).encode(), *parts, for_copy("\n".join(cells.changes))]) + b"\n"


def tables_of(look: Look) -> list[ExportTable]:
    """All that is staged, in the order of the staged tables."""
    fields = list(look.exports["customers"].metadata)
    counts = look.counts
    tables = [_table(look, StagedClient, "Reading customers", "customers", counts["customers"],
                     lambda cells, today: _client(cells, look, fields), ("created_on",), _CLIENT)]  # fmt: skip
    if "invoices" in look.exports:
        tables += [
            _table(look, StagedInvoice, "Reading invoices", "invoices", counts["invoices"],
                   lambda cells, today: _invoice(cells, look, today), _DATES, _INVOICE),
            _table(look, StagedLine, "Reading what was invoiced", "invoices", counts["invoices"],
                   lambda cells, today: _line(cells, look), (), _LINE),
        ]  # fmt: skip
    if "balance" in look.exports:
        tables.append(_table(look, StagedMoney, "Reading balance transactions", "balance", counts["balance"],
                             lambda cells, today: _money(cells, today), ("at",), _MONEY))  # fmt: skip
    if "invoices" in look.exports:
        tables.append(_table(look, StagedCredit, "Reading credit that was used", "invoices", counts["credit"],
                             lambda cells, today: _credit(cells, look), ("on",), _CREDIT))  # fmt: skip
    return tables


_CLIENT = (
    "source_id", "client_source_id", "first_name", "last_name", "company_name", *_AS_THEY_ARE, "currency", "status",
    "gateway", "tax_exempt", "created_on", "notes", "texts", "custom", "balance",
)  # fmt: skip
_DATES = ("issued_on", "due_on", "paid_at", "cancelled_at", "created_at")
_INVOICE = (
    "source_id", "client_source_id", "label", "status", *_DATES, "subtotal", "tax", "tax_rate", "credit", "total",
    "is_gross", "paid", "gateway",
)  # fmt: skip
_LINE = ("source_id", "client_source_id", "invoice_source_id", "position", "description", "amount", "taxed")
_MONEY = (
    "source_id", "client_source_id", "invoice_source_id", "currency", "gateway", "at", "description", "amount_in",
    "fees", "amount_out", "reference", "refund_of", "client_name",
)  # fmt: skip
_CREDIT = ("source_id", "client_source_id", "invoice_source_id", "on", "description", "amount")


def _table(
    look: Look, model: type[Staged], doing: str, said: str, rows: int, make: Make, nullable: Iterable[str],
    names: tuple[str, ...],
) -> ExportTable:  # fmt: skip
    return ExportTable(model, doing, said, rows, look, ["of_id", *names, "changes"], frozenset(nullable), make)


def _client(cells: Cells, look: Look, fields: list[str]) -> Values:
    customer = Customer.of(cells)
    name, description = cells.text("name", "Name"), cells.text("description", "Description", one_line=False)
    if not name and description and "\n" not in description:
        name, description = description, ""  # what accounts without names wrote there
    first, last, company = split_name(name)
    values = {
        "source_id": customer.id, "client_source_id": customer.id, "first_name": first, "last_name": last,
        "company_name": company, **{column: cells.text(column, _SAID[column]) for column in _AS_THEY_ARE},
        "currency": look.currencies[customer.id], "status": "Active", "gateway": GATEWAY,
        "tax_exempt": str(int(cells.raw("tax_exempt").casefold() == "exempt")),
        "created_on": day_of(cells.moment("created", "Client since")), "notes": description,
        "custom": json.dumps(_custom(cells, fields), ensure_ascii=False), "balance": str(customer.balance),
    }  # fmt: skip
    values["texts"] = "\n".join(keep_long_beside(values, cells.changes, _SAID))
    return values


def _custom(cells: Cells, fields: list[str]) -> dict[str, str]:
    places = cells.export.metadata
    return {str(number): told for number, name in enumerate(fields) if (told := cells.row[places[name]].strip())}


def _invoice(cells: Cells, look: Look, today: datetime.date) -> Values:
    each = Invoice.of(cells, look.currencies)
    currency = cells.currency()
    issued = cells.moment("date", "Invoice date") or cells.moment("created", "Created on")
    subtotal = cells.amount("subtotal", currency)
    if "subtotal" in cells.export.places and subtotal != each.subtotal:
        cells.changes.append(f"Subtotal: {subtotal} there, and {each.subtotal} after discounts or with tax inside")
    _say_later(issued, "Invoice date", today, cells.changes)
    return {
        "source_id": each.id, "client_source_id": each.client,
        "label": cells.text("number", "Number") or each.id, "status": each.status, "issued_on": day_of(issued),
        "due_on": day_of(cells.moment("due", "Due date")), "paid_at": as_copied(cells.moment("paid_at", "Paid on")),
        "cancelled_at": as_copied(cells.moment("voided_at", "Voided on")),
        "created_at": as_copied(cells.moment("created", "Created on")), "subtotal": str(each.subtotal),
        "tax": str(each.tax), "tax_rate": str(rate_of(each.subtotal, each.tax, number(cells.raw("tax_rate")))),
        "credit": str(each.credit), "total": str(each.total), "is_gross": "1", "paid": str(each.paid),
        "gateway": GATEWAY,
    }  # fmt: skip


def _line(cells: Cells, look: Look) -> Values:
    """An export of invoices has no lines: all of it is one."""
    each = Invoice.of(cells, look.currencies)
    said = cells.text("description", "Description", one_line=False)
    cells.changes.clear()  # they stand with the invoice
    return {
        "source_id": each.id, "client_source_id": each.client, "invoice_source_id": each.id, "position": "0",
        "description": said or f"As invoiced by Stripe: {cells.raw('number') or each.id}",
        "amount": str(each.subtotal), "taxed": str(int(bool(each.tax))),
    }  # fmt: skip


def _credit(cells: Cells, look: Look) -> Values | None:
    """What the balance of the customer paid of an invoice: its export tells no more of the balance's history."""
    each = Invoice.of(cells, look.currencies)
    if not each.uses_credit:
        return None
    cells.changes.clear()
    return {
        "source_id": each.id, "client_source_id": each.client, "invoice_source_id": each.id,
        "on": day_of(cells.moment("date", "") or cells.moment("created", "")),
        "description": f"Balance applied to invoice {cells.raw('number') or each.id}", "amount": str(-each.credit),
    }  # fmt: skip


def _money(cells: Cells, today: datetime.date) -> Values | None:
    if not is_of_customers(cells):
        return None
    moved = Moved.of(cells)
    _say_later(moved.at, "Date", today, cells.changes)
    charge = cells.raw("charge")
    return {
        "source_id": moved.id, "client_source_id": moved.customer, "invoice_source_id": cells.raw("invoice"),
        "currency": moved.currency, "gateway": GATEWAY, "at": as_copied(moved.at),
        "description": cells.text("description", "Description", one_line=False), "amount_in": str(moved.amount_in),
        "fees": str(moved.fees), "amount_out": str(moved.amount_out),
        "reference": cells.raw("source") or cells.raw("id"),
        "refund_of": charge if moved.amount_out > 0 and charge != moved.id else "",
        "client_name": cells.text("customer_name", "Name"),
    }  # fmt: skip


def _say_later(at: datetime.datetime | None, said: str, today: datetime.date, changes: list[str]) -> None:
    if at is not None and (day := at.date()) > today:
        changes.append(f"{said}: the date {day} is in the future")
