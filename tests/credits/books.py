"""Operations done twice, with the services and on a few dictionaries beside them, and the two compared.

The model knows nothing of triggers, accounts or SQL. It counts whole minor units in `int`, so that no rounding of ours
can agree with itself by mistake.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from djmoney.money import Money

from billing_admin.refusals import Refused
from clients.models import Client, CreditUse
from credits.models import CreditAccount, CreditGrant
from credits.services.adjusting import BalanceMoved, BalanceUnchanged, adjust_balance
from credits.services.applying import MoreThanDue, NoCreditInCurrency, NothingDue, apply_credit
from credits.services.granting import add_credit
from credits.services.ledger import NotEnoughCredit
from credits.services.releasing import MoreThanApplied, NoCreditApplied, release_credit
from credits.services.removing import remove_credit
from invoices.models import Invoice
from invoices.services.issuing import NewLine, bill_client
from tests.factories import make_client, make_payment_method
from transactions.services.recording import InvoiceTakesNoPayment, record_payment

PLACES = {"USD": 2, "JPY": 0, "KWD": 3}
CURRENCIES = tuple(PLACES)
USES = (CreditUse.ALWAYS, CreditUse.WHOLE, CreditUse.NEVER)
EXPIRIES = (None, datetime.date(2099, 1, 1), datetime.date(2099, 2, 1))


def money(units: int, currency: str) -> Money:
    return Money(Decimal(units).scaleb(-PLACES[currency]), currency)


def units(amount: Money) -> int:
    return int(amount.amount.scaleb(PLACES[amount.currency.code]))


@dataclass
class GrantModel:
    """Credit given at one time. `order` is its place in the draw-down; among equals the list has the oldest first."""

    pk: int
    order: tuple[int, datetime.date, bool]
    remaining: int


@dataclass
class InvoiceModel:
    invoice: Invoice
    owner: int
    currency: str
    total: int
    paid: int = 0
    used: dict[int, int] = field(default_factory=dict)  # how much of which grant

    @property
    def credit(self) -> int:
        return sum(self.used.values())

    @property
    def due(self) -> int:
        return self.total - self.credit - self.paid


@dataclass
class Books:
    """Three clients, one for each rule of automatic use, with credit in three currencies."""

    clients: list[Client]
    grants: dict[tuple[int, str], list[GrantModel]]
    invoices: list[InvoiceModel] = field(default_factory=list)

    @classmethod
    def open(cls) -> "Books":
        clients = [make_client(f"Client {use}", credit_use=use) for use in USES]
        return cls(clients, {(owner, currency): [] for owner in range(len(USES)) for currency in CURRENCIES})

    def __post_init__(self) -> None:
        self.card = make_payment_method()

    # ── Operations ──

    def add(
        self, owner: int, currency: str, amount: int, priority: int, expires_on: datetime.date | None, paid: bool
    ) -> None:
        """Give credit."""
        given = add_credit(
            client=self.clients[owner],
            amount=money(amount, currency),
            description="Given",
            by=None,
            priority=priority,
            expires_on=expires_on,
            category=CreditGrant.Category.PAID if paid else CreditGrant.Category.PROMOTIONAL,
        ).grant
        self._give(owner, currency, given, amount, (priority, expires_on or datetime.date.max, paid))

    def adjust(self, owner: int, currency: str, balance: int, seen_too_much: int) -> None:
        """Set a balance that staff saw right, or off by `seen_too_much`."""
        held = self.balance(owner, currency)
        if seen_too_much:
            reason: type[Refused] | None = BalanceMoved
        else:
            reason = BalanceUnchanged if balance == held else None
        with expecting(reason):
            entry = adjust_balance(
                client=self.clients[owner],
                seen=money(held + seen_too_much, currency),
                balance=money(balance, currency),
                by=None,
            )
        if reason is None and balance > held:
            self._give(owner, currency, entry.grant, balance - held, (50, datetime.date.max, False))
        elif reason is None:
            self._draw(owner, currency, held - balance)

    def issue(self, owner: int, currency: str, prices: list[int], tax_percent: int, use: str) -> None:
        """Issue an invoice of a line for each price; credit is applied as the invoice's or the client's rule says."""
        lines = [NewLine("Hosting", money(price, currency), tax_rate=Decimal(tax_percent)) for price in prices]
        invoice = bill_client(client=self.clients[owner], lines=lines, by=None, credit_use=use)
        total = sum(price + (price * tax_percent + 50) // 100 for price in prices)
        made = InvoiceModel(invoice, owner, currency, total)
        held, rule = self.balance(owner, currency), use or USES[owner]
        if rule == CreditUse.ALWAYS or (rule == CreditUse.WHOLE and held >= total):
            made.used = self._draw(owner, currency, min(held, total))
        self.invoices.append(made)

    def apply(self, place: int, amount: int | None) -> None:
        """Apply credit to an invoice by hand: an amount, or what there is and fits."""
        invoice = self.invoices[place]
        held = self.balance(invoice.owner, invoice.currency)
        wanted = min(held, invoice.due) if amount is None else amount
        if not invoice.due:
            reason: type[Refused] | None = NothingDue
        elif amount is None and not held:
            reason = NoCreditInCurrency
        elif wanted > invoice.due:
            reason = MoreThanDue
        else:
            reason = NotEnoughCredit if wanted > held else None
        with expecting(reason):
            asked = None if amount is None else money(amount, invoice.currency)
            applied = apply_credit(invoice=invoice.invoice, amount=asked, by=None)
        if reason is None:
            assert units(applied) == wanted
            for pk, part in self._draw(invoice.owner, invoice.currency, wanted).items():
                invoice.used[pk] = invoice.used.get(pk, 0) + part

    def release(self, place: int, amount: int | None) -> None:
        """Take credit off an invoice again, an amount or all of it; what was used last goes back first."""
        invoice = self.invoices[place]
        wanted = invoice.credit if amount is None else amount
        if not invoice.credit:
            reason: type[Refused] | None = NoCreditApplied
        else:
            reason = MoreThanApplied if wanted > invoice.credit else None
        with expecting(reason):
            asked = None if amount is None else money(amount, invoice.currency)
            released = release_credit(invoice=invoice.invoice, amount=asked, by=None)
        if reason is None:
            assert units(released) == wanted
            for grant in reversed(self._in_order(invoice.owner, invoice.currency)):
                part = min(wanted, invoice.used.get(grant.pk, 0))
                grant.remaining += part
                invoice.used[grant.pk] = invoice.used.get(grant.pk, 0) - part
                wanted -= part

    def remove(self, owner: int, currency: str, amount: int) -> None:
        """Take credit away."""
        reason = NotEnoughCredit if amount > self.balance(owner, currency) else None
        with expecting(reason):
            left = remove_credit(
                client=self.clients[owner], amount=money(amount, currency), description="Given by mistake", by=None
            )
        if reason is None:
            self._draw(owner, currency, amount)
            assert units(left) == self.balance(owner, currency)

    def pay(self, place: int, amount: int) -> None:
        """Record a payment; what is too much becomes credit."""
        invoice = self.invoices[place]
        reason = None if invoice.due else InvoiceTakesNoPayment
        with expecting(reason):
            recorded = record_payment(
                invoice=invoice.invoice, amount=money(amount, invoice.currency), payment_method=self.card, by=None
            )
        if reason is None:
            settling = min(amount, invoice.due)
            invoice.paid += settling
            assert units(recorded.overpaid) == amount - settling
            if amount > settling:
                grant = CreditGrant.objects.latest("id")
                self._give(invoice.owner, invoice.currency, grant, amount - settling, (50, datetime.date.max, True))

    # ── The model ──

    def balance(self, owner: int, currency: str) -> int:
        return sum(grant.remaining for grant in self.grants[owner, currency])

    def _give(self, owner: int, currency: str, grant: CreditGrant, amount: int, order: tuple) -> None:
        assert units(grant.amount) == amount
        self.grants[owner, currency].append(GrantModel(grant.pk, order, amount))

    def _in_order(self, owner: int, currency: str) -> list[GrantModel]:
        return sorted(self.grants[owner, currency], key=lambda grant: grant.order)  # stable: the oldest first

    def _draw(self, owner: int, currency: str, amount: int) -> dict[int, int]:
        """Draw on the grants in their order; returns how much on which."""
        drawn = {}
        for grant in self._in_order(owner, currency):
            if part := min(amount, grant.remaining):
                grant.remaining -= part
                drawn[grant.pk] = part
                amount -= part
        assert amount == 0
        return drawn

    # ── Comparing ──

    def compare(self) -> None:
        """Fail unless each balance, grant and invoice is what the model says, to the last minor unit."""
        balances = {
            (account.client_id, account.currency): units(account.balance) for account in CreditAccount.objects.all()
        }
        expected = {
            (self.clients[owner].pk, currency): self.balance(owner, currency) for owner, currency in self.grants
        }
        assert {key: value for key, value in balances.items() if value} == {k: v for k, v in expected.items() if v}
        remaining = {grant.pk: units(grant.remaining) for grant in CreditGrant.objects.all()}
        assert remaining == {grant.pk: grant.remaining for held in self.grants.values() for grant in held}
        settled = {
            invoice.pk: (invoice.status, *map(units, (invoice.total, invoice.credit_applied, invoice.amount_paid)))
            for invoice in Invoice.objects.all()
        }
        assert settled == {
            invoice.invoice.pk: ("unpaid" if invoice.due else "paid", invoice.total, invoice.credit, invoice.paid)
            for invoice in self.invoices
        }


@contextmanager
def expecting(reason: type[Refused] | None) -> Iterator[None]:
    """Fail unless the block is refused for exactly this reason, or not at all where there is none."""
    said = None
    try:
        yield
    except Refused as refusal:
        said = refusal
    assert type(said) is (reason or type(None)), f"{said!r}, expected {reason}"
