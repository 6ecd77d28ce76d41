"""Imports as pages show them: counts in the order of the columns, and rows that differ. Figures: `import_figures`."""

from typing import Any

from billing_admin.models import SystemImport
from billing_admin.models.staged import Outcome

# What each kind of row is called, in the plural.
KINDS = {
    "client": "Clients", "contact": "Contacts", "note": "Notes", "invoice": "Invoices", "line": "Invoice lines",
    "money": "Transactions", "credit": "Credit rows", "item": "Services, addons, domains and billable items",
    "event": "Mail and log", "opening": "Opening adjustments",
}  # fmt: skip

_SHORTER = {"item": "Billable items"}
_WITHOUT_A_REASON = {"line": "It goes with its invoice."}

# In the order of the columns: outcome, whether a narrow screen leaves it out.
_COLUMNS = (
    (Outcome.COMES, False), (Outcome.ASKS, False), (Outcome.WAITS, False), (Outcome.LEFT_OUT, False),
    (Outcome.THERE, True), (Outcome.CHANGED, True),
)  # fmt: skip
MENDED = "mended"
_DIFFERING = {
    "clients": "Clients that differ", "balances": "Balances that differ", "invoices": "Invoices that differ",
    "due": "Invoices of which another amount is due", "money": "Transactions that differ",
}  # fmt: skip
# So many rows that differ are shown on a page, of each kind; the JSON has all that were kept.
_SHOWN = 100


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
    told_reasons = [reason for reason in told.get("reasons", []) if reason["outcome"] != Outcome.THERE]
    reasons = [
        {**reason, "name": _SHORTER.get(reason["kind"], KINDS[reason["kind"]]),
         "why": reason["why"] or _WITHOUT_A_REASON.get(reason["kind"], ""), "label": Outcome(reason["outcome"]).label,
         "said_ids": ", ".join(map(str, reason["ids"])) + (" …" if reason["rows"] > len(reason["ids"]) else "")}
        for reason in sorted(told_reasons, key=_urgency)
    ]  # fmt: skip
    return {"tables": tables, "reasons": reasons, "linked": linked}


_ORDER = [Outcome.ASKS, Outcome.WAITS, Outcome.CHANGED, Outcome.LEFT_OUT]


def _urgency(reason: dict[str, Any]) -> tuple[int, int]:
    """What somebody can still do something about first, and of that what concerns most."""
    return _ORDER.index(Outcome(reason["outcome"])) if reason["outcome"] in _ORDER else len(_ORDER), -reason["rows"]


def left_behind(run: SystemImport) -> dict[str, int]:
    """Of what was read: how many rows come, ask, do not fit, and are left out, as the preview tells it."""
    found = {"comes": 0, "asks": 0, "waits": 0, "left_out": 0}
    for table in run.preview.get("tables", []):
        for name, outcome in zip(found, ("", "asks", "waits", "left out"), strict=True):
            found[name] += table["outcomes"].get(outcome, 0)
    return found


def differing_context(run: SystemImport, most: int = _SHOWN) -> dict[str, Any]:
    """The rows that differ, the first of them."""
    rows, counts = run.comparison.get("rows", {}), run.comparison.get("row_counts", {})
    return {
        "differing": [
            {"title": title, "count": counts.get(kind, 0), "kind": kind,
             "rows": [{**row, "known_as": row.get("number") or row.get("client") or ""} for row in rows[kind][:most]]}
            for kind, title in _DIFFERING.items() if rows.get(kind)
        ],
    }  # fmt: skip


def came_context(run: SystemImport) -> dict[str, Any]:
    """How many rows of each kind an import booked."""
    came = run.receipt.get("came", {})
    return {"came": [(name, came[kind]) for kind, name in KINDS.items() if kind in came]}
