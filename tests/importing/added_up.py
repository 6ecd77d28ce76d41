"""Staged rows added up as a system adds up its own: what was read wrongly differs from `SystemImport.sums`."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from billing_admin.models import StagedClient, StagedCredit, StagedInvoice, StagedMoney, SystemImport

_OPEN = ("Unpaid", "Payment Pending", "Collections", "Overdue")


def staged_sums(run: SystemImport) -> dict[str, Any]:
    """The figures of `sums` that come from single rows."""
    currencies, default = run.facts["currencies"], run.facts["default_currency"]
    clients = {row.source_id: row for row in StagedClient.objects.filter(of=run)}
    code = {key: currencies.get(row.currency or default, row.currency) for key, row in clients.items()}
    status: dict[str, int] = defaultdict(int)
    balances: dict[str, Decimal] = defaultdict(Decimal)
    for key, client in clients.items():
        status[client.status] += 1
        balances[code[key]] += client.balance
    credit: dict[str, Decimal] = defaultdict(Decimal)
    for row in StagedCredit.objects.filter(of=run):
        credit[code.get(row.client_source_id, "")] += row.amount
    invoices: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 5)
    due: dict[str, Decimal] = defaultdict(Decimal)
    for invoice in StagedInvoice.objects.filter(of=run):
        of = code.get(invoice.client_source_id, "")
        figures = (Decimal(1), invoice.subtotal, invoice.tax, invoice.credit, invoice.total)
        before = invoices[of, invoice.status]
        invoices[of, invoice.status] = [a + b for a, b in zip(before, figures, strict=True)]
        if invoice.status in _OPEN:
            due[of] += invoice.total - invoice.paid - (invoice.credit if invoice.is_gross else 0)
    money: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 4)
    for moved in StagedMoney.objects.filter(of=run):
        of = currencies.get(moved.currency, moved.currency) or code.get(moved.client_source_id, "")
        amounts = (Decimal(1), moved.amount_in, moved.fees, moved.amount_out)
        money[of] = [a + b for a, b in zip(money[of], amounts, strict=True)]
    return {
        "clients": dict(status), "balances": dict(balances), "credit": dict(credit), "invoices": dict(invoices),
        "due": dict(due), "money": dict(money),
    }  # fmt: skip


def told_sums(run: SystemImport) -> dict[str, Any]:
    """The same figures of `sums`."""
    sums = run.sums
    return {
        "clients": {word: int(count) for word, count in sums["clients"].items()},
        "balances": {code: Decimal(of["sum"]) for code, of in sums["balances"].items()},
        "credit": {code: Decimal(of["sum"]) for code, of in sums["credit"].items()},
        "invoices": {
            (code, word): [Decimal(of[name]) for name in ("count", "subtotal", "tax", "credit", "total")]
            for code, words in sums["invoices"].items()
            for word, of in words.items()
        },
        "due": {code: Decimal(value) for code, value in sums["due"].items()},
        "money": {
            code: [Decimal(of[name]) for name in ("count", "in", "fees", "out")] for code, of in sums["money"].items()
        },
    }
