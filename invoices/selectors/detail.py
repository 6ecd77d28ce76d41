"""What the page of one invoice shows."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum
from djmoney.money import Money

from billing_admin.money.amounts import as_text, in_words
from clients.models import Activity, CreditUse
from credits.models import CreditAccount, CreditEntry, CreditGrant, CreditSettings
from invoices.models import Invoice, InvoiceLine
from transactions.models import Transaction


@dataclass(frozen=True)
class Rule:
    """What decides about automatic use of credit on an invoice, and at which level that was set."""

    use: CreditUse
    level: str


def lines_of(invoice: Invoice) -> QuerySet[InvoiceLine]:
    """The lines in their order."""
    return InvoiceLine.objects.filter(invoice=invoice).order_by("position")


def tax_by_rate(lines: list[InvoiceLine]) -> list[tuple[Decimal, Money]]:
    """Tax per rate, lowest rate first; lines without tax are left out."""
    sums: dict[Decimal, Money] = defaultdict(lambda: Money(0, lines[0].currency))
    for line in lines:
        if line.tax_rate:
            sums[line.tax_rate] += line.tax
    return sorted(sums.items())


def credit_entries(invoice: Invoice) -> QuerySet[CreditEntry]:
    """Which grants paid, and what was released again."""
    return CreditEntry.objects.filter(invoice=invoice).select_related("grant").order_by("id")


def payments(invoice: Invoice) -> QuerySet[Transaction]:
    """Money in and out for this invoice."""
    return Transaction.objects.filter(invoice=invoice).select_related("payment_method").order_by("date", "id")


def activity(invoice: Invoice) -> QuerySet[Activity]:
    """What was done about this invoice, the latest first."""
    return Activity.objects.filter(client_id=invoice.client_id, data__invoice=invoice.pk).order_by("-id")[:20]


def rule(invoice: Invoice) -> Rule:
    """The invoice decides, else its client, else the system."""
    if invoice.credit_use:
        return Rule(CreditUse(invoice.credit_use), "this invoice’s setting")
    if invoice.client.credit_use:
        return Rule(CreditUse(invoice.client.credit_use), "the client’s setting")
    return Rule(CreditUse(CreditSettings.objects.current().credit_use), "the system’s setting")


def why_no_credit(invoice: Invoice, deciding: Rule, on: datetime.date) -> str:
    """Why an unpaid invoice to which no credit was applied got none, as things stand now."""
    if deciding.use == CreditUse.NEVER:
        return f"No credit was applied: automatic use is off by {deciding.level}."
    spendable = CreditGrant.objects.filter(client=invoice.client_id, currency=invoice.currency).spendable(on)
    available = Money(spendable.aggregate(sum=Sum("remaining"))["sum"] or 0, invoice.currency)
    if available.amount and deciding.use == CreditUse.WHOLE and available < invoice.due:
        return (
            f"No credit was applied: {deciding.level} uses credit only if it covers the whole invoice, and only "
            f"{as_text(available)} of {as_text(invoice.due)} is available."
        )
    if available.amount:
        return f"{as_text(available)} of credit is available; it came after this invoice was issued."
    held = CreditAccount.objects.filter(client=invoice.client_id, balance__gt=0).exclude(currency=invoice.currency)
    elsewhere = in_words((account.currency, account.balance.amount) for account in held)
    if elsewhere != "0":
        return (
            f"No credit was applied: the client holds {elsewhere} of credit, which pays only invoices in that currency."
        )
    return f"No credit was applied: the client holds none in {invoice.currency}."
