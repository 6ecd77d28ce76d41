"""Why credit was used on an invoice, or was not: the rule, who set it, and what there was to use."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from djmoney.money import Money

from billing_admin.db.over_rows import over_rows
from billing_admin.money.amounts import money_text, totals_text
from clients.models import Client, CreditUse
from credits.models import CreditEntry, CreditSettings
from invoices.models import Invoice

_LEVELS = {"invoice": "for this invoice", "client": "for this client", "system": "in the system settings"}


@dataclass(frozen=True)
class Rule:
    """What decides about automatic use of credit, and at which level that was set."""

    use: CreditUse
    level: str

    @property
    def text(self) -> str:
        """`Always, set for this client`."""
        return f"{self.use.label}, set {_LEVELS[self.level]}"


@dataclass(frozen=True)
class CreditHeld:
    """What a client holds at one moment in the currency of an invoice, still valid or expired, and in other ones."""

    spendable: Money
    expired: Money
    elsewhere: dict[str, Decimal] = field(default_factory=dict)


def rule_of_client(client: Client) -> Rule:
    """The client decides, else the system."""
    if client.credit_use:
        return Rule(CreditUse(client.credit_use), "client")
    return Rule(CreditUse(CreditSettings.objects.current().credit_use), "system")


def rule_of(invoice: Invoice) -> Rule:
    """The invoice decides, else its client, else the system."""
    return Rule(CreditUse(invoice.credit_use), "invoice") if invoice.credit_use else rule_of_client(invoice.client)


def credit_held(
    client_id: int, currency: str, *, on: datetime.date, before: datetime.datetime | None = None
) -> CreditHeld:
    """What the client holds by the ledger, or held just `before` a moment. What ended before `on` counts as expired."""
    entries = CreditEntry.objects.filter(client=client_id)
    if before is not None:
        entries = entries.filter(at__lt=before)
    rows = over_rows(
        entries.values_list("currency", "amount", "grant__expires_on"),
        """
        currency, coalesce(sum(amount) FILTER (WHERE grant__expires_on IS NULL OR grant__expires_on >= %s), 0),
        coalesce(sum(amount) FILTER (WHERE grant__expires_on < %s), 0)
        """,
        "GROUP BY currency ORDER BY currency",
        [on, on],
    )
    spendable = {code: lasting for code, lasting, _ in rows}
    expired = {code: gone for code, _, gone in rows}
    return CreditHeld(
        Money(spendable.pop(currency, 0), currency),
        Money(expired.get(currency, 0), currency),
        {code: amount for code, amount in spendable.items() if amount},
    )


def will_apply(rule: Rule, holds: CreditHeld, total: Money) -> Money:
    """How much credit an invoice of `total` gets if it is issued now."""
    nothing = Money(0, total.currency)
    if rule.use == CreditUse.NEVER or (rule.use == CreditUse.WHOLE and holds.spendable < total):
        return nothing
    return min(holds.spendable, total)


def outlook(rule: Rule, holds: CreditHeld, total: Money) -> str:
    """What issuing an invoice of `total` now does with the client's credit, in words."""
    applied = will_apply(rule, holds, total)
    if not applied.amount:
        return f"No credit is applied: {_why_not(rule, holds, total, is_now=True)}"
    left = total - applied
    due = "nothing is due: it is Paid" if not left.amount else f"{money_text(left)} is due"
    return f"Credit of {money_text(applied)} is applied; {due}."


def why_not_applied(invoice: Invoice, rule: Rule, *, issued_at: datetime.datetime, today: datetime.date) -> str:
    """Why an issued invoice got no credit by itself, by what the client held at the moment of issue.

    The rules are those of today: what they were on the day is not kept. After a merge the discarded client's credit
    counts along.
    """
    then = credit_held(invoice.client_id, invoice.currency, on=invoice.issued_on or today, before=issued_at)
    if will_apply(rule, then, invoice.total).amount:
        return (
            f"{money_text(then.spendable)} of credit was there when it was issued; the rule of that day did not use it."
        )
    said = f"No credit was applied: {_why_not(rule, then, invoice.total, is_now=False)}"
    held_none = not then.spendable.amount and not then.expired.amount
    if invoice.status == Invoice.Status.UNPAID and held_none and rule.use != CreditUse.NEVER:
        now = credit_held(invoice.client_id, invoice.currency, on=today).spendable
        if now.amount > 0:
            said += f" {money_text(now)} came later and is available."
    return said


def _why_not(rule: Rule, holds: CreditHeld, total: Money, *, is_now: bool) -> str:
    is_, holds_, has = ("is", "holds", "has") if is_now else ("was", "held", "had")
    if not total.amount:
        return f"the total is {money_text(total)}."
    if rule.use == CreditUse.NEVER:
        return f"automatic use of credit is off {_LEVELS[rule.level]}."
    if holds.spendable.amount:
        return (
            f"it is used only if it covers the whole invoice, as set {_LEVELS[rule.level]}, and only "
            f"{money_text(holds.spendable)} of {money_text(total)} {is_} available."
        )
    if holds.expired.amount:
        return f"the client’s {money_text(holds.expired)} {has} expired."
    if len(holds.elsewhere) == 1:
        (code,) = holds.elsewhere
        return f"the client {holds_} {totals_text(holds.elsewhere)} of credit, which pays only invoices in {code}."
    if holds.elsewhere:
        words = totals_text(holds.elsewhere)
        return f"the client {holds_} {words} of credit, each of which pays only invoices in its own currency."
    return f"the client {holds_} no credit in {total.currency}."
