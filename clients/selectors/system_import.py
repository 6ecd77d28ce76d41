"""Imports as pages show them: counts in the order of the columns, figures in groups, rows that differ."""

from collections import defaultdict
from typing import Any

from billing_admin.models import SystemImport
from billing_admin.models.staged import Outcome

# What each kind of row is called, in the plural.
KINDS = {
    "client": "Clients", "contact": "Contacts", "note": "Notes", "invoice": "Invoices", "line": "Invoice lines",
    "money": "Transactions", "credit": "Credit rows", "item": "Services, addons, domains and billable items",
    "event": "Mail and log", "opening": "Opening adjustments",
}  # fmt: skip

# In the order of the columns: outcome, whether a narrow screen leaves it out.
_COLUMNS = (
    (Outcome.COMES, False), (Outcome.ASKS, False), (Outcome.WAITS, False), (Outcome.LEFT_OUT, False),
    (Outcome.THERE, True), (Outcome.CHANGED, True),
)  # fmt: skip
MENDED = "mended"
_TITLES = {
    "clients": "Clients by status", "balances": "Credit balances", "due": "Due", "invoices": "Invoices by status",
    "money": "Transactions", "income": "Income by month",
}  # fmt: skip
_DIFFERING = {
    "clients": "Clients that differ", "balances": "Balances that differ", "invoices": "Invoices that differ",
    "due": "Invoices of which another amount is due", "money": "Transactions that differ",
}  # fmt: skip


def preview_context(run: SystemImport, told: dict[str, Any], *, linked: bool) -> dict[str, Any]:
    """Counts and reasons, as `run.preview` or `run.receipt` tells them."""
    tables = [
        {**table, "cells": [
            *({"outcome": outcome.value, "rows": table["outcomes"].get(outcome.value, 0), "extra": extra}
              for outcome, extra in _COLUMNS),
            {"outcome": MENDED, "rows": table["mended"], "extra": True},
        ]}
        for table in told.get("tables", [])
    ]  # fmt: skip
    reasons = [
        {**reason, "name": KINDS[reason["kind"]], "label": Outcome(reason["outcome"]).label,
         "said_ids": ", ".join(map(str, reason["ids"])) + (" …" if reason["rows"] > len(reason["ids"]) else "")}
        for reason in told.get("reasons", []) if reason["outcome"] != Outcome.THERE
    ]  # fmt: skip
    return {"tables": tables, "reasons": reasons, "linked": linked}


def comparison_context(run: SystemImport) -> dict[str, Any]:
    """Figures by what they are about, and the rows that differ."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for figure in run.comparison.get("figures", []):
        about, _, what = figure["figure"].partition(" ")
        label = " · ".join(part for part in (figure["of"], what or about) if part)
        groups[about].append({**figure, "label": label[:1].upper() + label[1:]})
    rows, counts = run.comparison.get("rows", {}), run.comparison.get("row_counts", {})
    return {
        "figures": [(title, groups[about]) for about, title in _TITLES.items() if about in groups],
        "differing": [
            (title, [{**row, "known_as": row.get("number") or row.get("client") or ""} for row in rows[kind]],
             counts.get(kind, 0))
            for kind, title in _DIFFERING.items() if rows.get(kind)
        ],
    }  # fmt: skip


def came_context(run: SystemImport) -> dict[str, Any]:
    """How many rows of each kind an import booked."""
    came = run.receipt.get("came", {})
    return {"came": [(name, came[kind]) for kind, name in KINDS.items() if kind in came]}
