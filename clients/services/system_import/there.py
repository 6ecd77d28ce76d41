"""What a system added up itself, in the snapshot that was read, as figures that stand beside ours."""

from decimal import Decimal
from typing import Any

from billing_admin.models import SystemImport

from .here import INVOICE_SUMS, MONEY_SUMS, Figures


def figures_there(run: SystemImport) -> Figures:
    """From `run.sums`, by the codes of its currencies."""
    sums = run.sums
    found: Figures = {("clients", "", status): int(count) for status, count in sums.get("clients", {}).items()}
    for currency, balance in sums.get("balances", {}).items():
        found["balances above zero", currency, ""] = int(balance["above"])
        found["balances", currency, ""] = Decimal(balance["sum"])
    for currency, statuses in sums.get("invoices", {}).items():
        for status, values in statuses.items():
            found |= {(f"invoices {name}", currency, status): _number(name, values[name]) for name in INVOICE_SUMS}
    for currency, due in sums.get("due", {}).items():
        found["due", currency, ""] = Decimal(due)
    for currency, values in sums.get("money", {}).items():
        found |= {(f"money {name}", currency, ""): _number(name, values[name]) for name in MONEY_SUMS}
    for currency, months in sums.get("months", {}).items():
        for month, values in months.items():
            came, fees, went = (Decimal(values[name]) for name in ("in", "fees", "out"))
            found["income gross", currency, month] = came
            found["income fees", currency, month] = fees
            found["income net", currency, month] = came - fees - went
    return found


def _number(name: str, value: Any) -> Any:
    return int(value) if name == "count" else Decimal(value)
