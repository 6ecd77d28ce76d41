"""A small system made of staged rows alone, booked whole: what a reader would have read, without one."""

import datetime
from decimal import Decimal
from typing import Any

from billing_admin.models import (
    StagedClient,
    StagedCredit,
    StagedInvoice,
    StagedItem,
    StagedLine,
    StagedMoney,
    SystemImport,
)
from clients.services.system_import.commit import commit
from tests.staged import make_import, stage


class System:
    """Its rows as they stand now; `book` reads and books them all."""

    def __init__(self) -> None:
        self.rows: dict[tuple[type, str], dict[str, Any]] = {}

    def client(self, id_: int, balance: str = "0", **values: Any) -> None:
        named = {"first_name": f"Client {id_}", "currency": "1", "status": "Active", "balance": Decimal(balance)}
        self.rows[StagedClient, str(id_)] = {"client": id_} | named | values

    def invoice(self, id_: int, client: int, total: str, status: str = "Unpaid", **values: Any) -> None:
        """One with one line. `paid` and `credit` are what it says of itself."""
        days = {"issued_on": datetime.date(2026, 1, 1), "due_on": datetime.date(2026, 1, 15)}
        values = {"paid": Decimal(0), "credit": Decimal(0)} | values
        figures = {"subtotal": Decimal(total), "total": Decimal(total) - Decimal(values["credit"])}
        self.rows[StagedInvoice, str(id_)] = {"client": client, "status": status, **days, **figures} | values
        self.rows[StagedLine, f"{id_}1"] = {
            "client": client, "invoice_source_id": str(id_), "position": 1, "description": "Hosting",
            "amount": Decimal(total),
        }  # fmt: skip

    def money(self, id_: int, client: object, came: str, invoice: object = "", **values: Any) -> None:
        at = datetime.datetime(2026, 1, 5, 12, tzinfo=datetime.UTC)
        self.rows[StagedMoney, str(id_)] = {
            "client": client, "amount_in": Decimal(came), "invoice_source_id": str(invoice), "gateway": "stripe",
            "at": at, "reference": f"T{id_}",
        } | values  # fmt: skip

    def credit(self, id_: int, client: int, amount: str, invoice: object = "", **values: Any) -> None:
        self.rows[StagedCredit, str(id_)] = {
            "client": client, "amount": Decimal(amount), "invoice_source_id": str(invoice),
            "on": datetime.date(2026, 1, 4), "description": f"Row {id_}",
        } | values  # fmt: skip

    def item(self, id_: int, client: int, amount: str, **values: Any) -> None:
        self.rows[StagedItem, str(id_)] = {
            "client": client, "amount": Decimal(amount), "description": "Hosting", "cycle": "Monthly",
            "status": "Active", "starts_on": datetime.date(2026, 1, 1), "next_due_on": datetime.date(2027, 1, 1),
        } | values  # fmt: skip

    def read(self, **answers: str) -> SystemImport:
        """What a reader would leave: staged rows, and what the system added up itself."""
        run = make_import(answers=answers)
        for (model, id_), values in self.rows.items():
            stage(run, model, id_, values["client"], **{k: v for k, v in values.items() if k != "client"})
        run.sums = self.sums()
        run.save(update_fields=["sums"])
        return run

    def sums(self) -> dict[str, Any]:
        """Of one currency, as readers tell them."""
        clients: dict[str, int] = {}
        balances = [row["balance"] for (model, _), row in self.rows.items() if model is StagedClient]
        for (model, _), row in self.rows.items():
            if model is StagedClient:
                clients[row["status"]] = clients.get(row["status"], 0) + 1
        due = sum(
            (row["total"] - row["paid"] for (model, _), row in self.rows.items()
             if model is StagedInvoice and row["status"] == "Unpaid"), Decimal(0)
        )  # fmt: skip
        money = [row for (model, _), row in self.rows.items() if model is StagedMoney]
        came = sum((row["amount_in"] for row in money), Decimal(0))
        went = sum((row.get("amount_out", Decimal(0)) for row in money), Decimal(0))
        fees = sum((row.get("fees", Decimal(0)) for row in money), Decimal(0))
        return {
            "clients": clients,
            "balances": {"USD": {"above": sum(each > 0 for each in balances), "sum": str(sum(balances))}},
            "invoices": {"USD": self._invoices()},
            "due": {"USD": str(due)},
            "money": {"USD": {"count": len(money), "in": str(came), "fees": str(fees), "out": str(went)}},
            "months": {"USD": {"2026-01": {"in": str(came), "fees": str(fees), "out": str(went)}}},
        }

    def _invoices(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for (model, _), row in self.rows.items():
            if model is StagedInvoice:
                sums = found.setdefault(row["status"], dict.fromkeys(("subtotal", "tax", "tax2", "credit", "total"), 0))
                sums["count"] = sums.get("count", 0) + 1
                for name in ("subtotal", "credit", "total"):
                    sums[name] += row[name]
        return {status: {k: v if k == "count" else str(v) for k, v in sums.items()} for status, sums in found.items()}

    def book(self, **answers: str) -> SystemImport:
        return commit(self.read(**answers), by=None, progress=lambda doing, done, total: None)
