"""Which invoices a sum of money pays, one after the other, and what is left of it then."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from djmoney.money import Money

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text
from clients.models import Client
from invoices.models import Invoice

from .write_offs import TakenBack


@dataclass(frozen=True)
class Plan:
    """What each invoice gets, what is left, and the invoices named for which nothing was left.

    Of `reversals` so much was written off of an invoice and is paid after all: it is taken back first.
    """

    parts: list[tuple[Invoice, Money]]
    rest: Money
    unreached: list[Invoice]
    reversals: list[tuple[Invoice, Money]] = field(default_factory=list)

    @property
    def taken_back(self) -> list[TakenBack]:
        """The same, with how much was written off until then."""
        return [TakenBack(invoice.label, part, invoice.amount_written_off) for invoice, part in self.reversals]


def plan_settlement(*, client: Client, invoices: Sequence[Invoice], amount: Money) -> Plan:
    """Spread `amount` over the invoices in their order, as much on each as is due or was written off.

    The client's row is locked.
    """
    pks = [each.pk for each in invoices]
    fresh = {invoice.pk: invoice for invoice in Invoice.objects.all_stored(pks)} if pks else {}
    parts: list[tuple[Invoice, Money]] = []
    reversals: list[tuple[Invoice, Money]] = []
    unreached: list[Invoice] = []
    left, seen = amount, set()
    for named in invoices:
        invoice = fresh.get(named.pk)
        if invoice is None or invoice.client_id != client.pk:
            raise BusinessError(
                f"{named.label} is not an invoice of {client.name}. Nothing was booked.", field="invoices"
            )
        if invoice.pk in seen:
            raise BusinessError(f"{invoice.label} is named twice. Nothing was booked.", field="invoices")
        seen.add(invoice.pk)
        if invoice.currency != amount.currency.code:
            raise BusinessError(
                f"{invoice.label} is in {invoice.currency}; a payment in {amount.currency.code} cannot settle it.",
                field="invoices",
            )
        if not invoice.takes_payment:
            raise BusinessError(
                f"{invoice.label} is {invoice.get_status_display()}; a payment of {money_text(amount)} was not "
                "recorded.",
                field="invoices",
            )
        part = min(left, invoice.payable)
        if part.amount:
            parts.append((invoice, part))
            if part > invoice.due:
                reversals.append((invoice, part - invoice.due))
            left -= part
        else:
            unreached.append(invoice)
    return Plan(parts, left, unreached, reversals)


def named(invoices: Sequence[Invoice]) -> str:
    """`INV-000001, INV-000002`."""
    return ", ".join(invoice.label for invoice in invoices)
