"""Where a row that was read is not, to the cent, what is here: so that each difference of a sum has its rows."""

import json
from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db import connection

from billing_admin.models import SystemImport
from billing_admin.money.amounts import exact_text

from .differences_sql import (
    BALANCES,
    CLIENTS,
    DUE,
    GONE_CLIENTS,
    GONE_DUE,
    GONE_INVOICES,
    GONE_MONEY,
    INVOICES,
    MONEY,
)
from .here import INVOICE_SUMS, MONEY_SUMS, Figures

# So many rows of one kind are kept with a comparison; all of them are added up.
MOST_KEPT = 5_000


class Differences:
    """The rows that differ, by figure: their sum, how many they are, and the first of them with why."""

    def __init__(self) -> None:
        self.sums: Figures = defaultdict(Decimal)
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.counts: dict[str, int] = defaultdict(int)

    def add(self, kind: str, row: dict[str, Any], moved: Figures) -> None:
        """One row of this kind, and what it adds here beyond what it is there, by figure."""
        self.counts[kind] += 1
        if len(self.rows[kind]) < MOST_KEPT:
            self.rows[kind].append(row)
        for figure, value in moved.items():
            self.sums[figure] += value


def differences(run: SystemImport, zone: str) -> Differences:
    """All rows of the staged tables that are not the same here."""
    parameters: dict[str, Any] = {
        "run": run.pk, "source": run.source, "actor": run.actor_name, "zone": zone, "currencies": _codes(run),
    }  # fmt: skip
    found = Differences()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL cursor_tuple_fraction = 1")  # all rows are read: no plan for the first few
    for sql, add in _LOOKED_AT:
        with connection.chunked_cursor() as cursor:
            cursor.execute(sql, parameters)
            for row in cursor:
                add(found, *row)
    return found


def _codes(run: SystemImport) -> str:
    return json.dumps(run.facts.get("currencies", {}))


def _client(found: Differences, source_id: str, number: int | None, there: str, here: str | None, why: str) -> None:
    moved: Figures = {("clients", "", there): Decimal(-1)} if there else {}
    if here:
        moved["clients", "", here] = Decimal(1)
    found.add("clients", {"id": source_id, "client": number, "there": there, "here": here, "why": why}, moved)


def _balance(
    found: Differences,
    source_id: str,
    number: int | None,
    currency: str,
    there: Decimal,
    above_there: int,
    here: Decimal | None,
    why: str,
) -> None:
    have = here or Decimal(0)
    moved: Figures = {
        ("balances", currency, ""): have - there,
        ("balances above zero", currency, ""): Decimal(int(have > 0) - above_there),
    }
    row = {"id": source_id, "client": number, "currency": currency, "why": why,
           "there": exact_text(there, currency), "here": exact_text(have, currency)}  # fmt: skip
    found.add("balances", row, moved)


def _invoice(
    found: Differences, source_id: str, label: str, currency: str, status: str, there: list[Decimal] | None,
    here_status: str | None, here: list[Decimal] | None, why: str,
) -> None:  # fmt: skip
    moved: Figures = defaultdict(Decimal)
    for name, value in zip(INVOICE_SUMS, there or (), strict=bool(there)):
        moved[f"invoices {name}", currency, status] -= value
    for name, value in zip(INVOICE_SUMS, here or (), strict=bool(here)):
        moved[f"invoices {name}", currency, here_status or ""] += value
    row = {"id": source_id, "number": label, "currency": currency, "why": why,
           "there": f"{status} {exact_text(there[-1], currency)}" if there else None,
           "here": f"{here_status} {exact_text(here[-1], currency)}" if here else None}  # fmt: skip
    found.add("invoices", row, moved)


def _due(
    found: Differences, source_id: str, label: str, currency: str, there: Decimal, here: Decimal, why: str
) -> None:
    row = {"id": source_id, "number": label, "currency": currency, "why": why,
           "there": exact_text(there, currency), "here": exact_text(here, currency)}  # fmt: skip
    found.add("due", row, {("due", currency, ""): here - there})


def _money(
    found: Differences, source_id: str, client: str, currency: str, month: str, there: list[Decimal] | None,
    here_currency: str | None, here_month: str | None, here: list[Decimal] | None, why: str,
) -> None:  # fmt: skip
    moved: Figures = defaultdict(Decimal)
    for sign, of, on, sums in ((-1, currency, month, there), (1, here_currency or "", here_month or "", here)):
        if sums is None:
            continue
        for name, value in zip(MONEY_SUMS, sums, strict=True):
            moved[f"money {name}", of, ""] += sign * value
        _, came, fees, went = sums
        for name, value in (("gross", came), ("fees", fees), ("net", came - fees - went)):
            moved[f"income {name}", of, on] += sign * value
    row = {"id": source_id, "client": client, "currency": currency, "why": why,
           "there": _said(there, currency), "here": _said(here, here_currency or currency)}  # fmt: skip
    found.add("money", row, moved)


def _said(sums: list[Decimal] | None, currency: str) -> str | None:
    if sums is None:
        return None
    came, fees, went = (exact_text(each, currency) for each in sums[1:])
    return f"in {came}, fees {fees}, out {went}"


_LOOKED_AT = (
    (CLIENTS, _client), (GONE_CLIENTS, _client), (BALANCES, _balance), (INVOICES, _invoice), (GONE_INVOICES, _invoice),
    (DUE, _due), (GONE_DUE, _due), (MONEY, _money), (GONE_MONEY, _money),
)  # fmt: skip
