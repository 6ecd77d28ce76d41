"""Operations done twice, with the services and on a few dictionaries beside them, and the two compared.

The model knows nothing of triggers, accounts or SQL. It counts whole minor units in `int`, so that no rounding of ours
can agree with itself by mistake.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from djmoney.money import Money

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import plain_amount
from clients.models import Client, CreditUse
from credits.models import CreditEntry, CreditGrant
from credits.services.adjust import adjust_balance
from credits.services.apply import apply_credit
from credits.services.bulk.book import book_credit_batch
from credits.services.bulk.preview import preview_credit_file
from credits.services.bulk.reverse import reverse_credit_batch
from credits.services.expire import expire_credit
from credits.services.grant import add_credit
from credits.services.release import release_credit
from credits.services.remove import remove_credit
from credits.services.reverse import reverse_entry
from credits.services.take_back import reverse_grant, take_back_rest
from credits.services.transfer import transfer_credit
from invoices.models import Invoice
from invoices.services.issue import NewLine, bill_client
from invoices.services.write_off import reverse_write_off, write_off_invoice
from tests.factories import make_client, make_payment_method
from transactions.services.receive import receive_payment

PLACES = {"USD": 2, "JPY": 0, "KWD": 3}
CURRENCIES = tuple(PLACES)
USES = (CreditUse.ALWAYS, CreditUse.WHOLE, CreditUse.NEVER)
EXPIRIES = (None, datetime.date(2099, 1, 1), datetime.date(2099, 2, 1))


# Parts of what the services say, each said for one reason only.
NOT_ENOUGH = "of credit is available; "
NOTHING_LEFT = "Nothing is left of the "
PARTLY_SPENT = "has been used. Only the rest, "


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
    amount: int = 0


@dataclass
class InvoiceModel:
    invoice: Invoice
    owner: int
    currency: str
    total: int
    paid: int = 0
    written_off: int = 0
    used: dict[int, int] = field(default_factory=dict)  # how much of which grant

    @property
    def credit(self) -> int:
        return sum(self.used.values())

    @property
    def due(self) -> int:
        return self.total - self.credit - self.paid - self.written_off

    @property
    def status(self) -> str:
        return "unpaid" if self.due else "writtenoff" if self.written_off else "paid"


@dataclass
class Books:
    """Three clients, one for each rule of automatic use, with credit in three currencies."""

    clients: list[Client]
    grants: dict[tuple[int, str], list[GrantModel]]
    invoices: list[InvoiceModel] = field(default_factory=list)
    batches: list[UUID] = field(default_factory=list)

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
        )
        self._give(owner, currency, given, amount, (priority, expires_on or datetime.date.max, paid))

    def adjust(self, owner: int, currency: str, balance: int, seen_too_much: int) -> None:
        """Set a balance that staff saw right, or off by `seen_too_much`."""
        held = self.balance(owner, currency)
        if seen_too_much:
            reason: str | None = "The balance has moved from"
        else:
            reason = "The balance already is" if balance == held else None
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
            reason: str | None = "credit applies only to unpaid invoices"
        elif amount is None and not held:
            reason = "credit is available for INV-"
        elif wanted > invoice.due:
            reason = "is due on INV-"
        else:
            reason = NOT_ENOUGH if wanted > held else None
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
            reason: str | None = "No credit is applied to INV-"
        else:
            reason = "cannot be released" if wanted > invoice.credit else None
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
        reason = NOT_ENOUGH if amount > self.balance(owner, currency) else None
        with expecting(reason):
            left = remove_credit(
                client=self.clients[owner], amount=money(amount, currency), description="Given by mistake", by=None
            )
        if reason is None:
            self._draw(owner, currency, amount)
            assert units(left) == self.balance(owner, currency)

    def transfer(self, source: int, target: int, currency: str, amount: int, paid: bool | None) -> None:
        """Move credit of one category, or of any, to another client; it arrives with the order that it left with."""
        held = [grant for grant in self._in_order(source, currency) if paid is None or grant.order[2] == paid]
        if source == target:
            reason: str | None = "cannot transfer credit to itself"
        else:
            reason = NOT_ENOUGH if amount > sum(grant.remaining for grant in held) else None
        newest = CreditGrant.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with expecting(reason):
            transfer_credit(
                source=self.clients[source],
                target=self.clients[target],
                amount=money(amount, currency),
                by=None,
                category=None
                if paid is None
                else (CreditGrant.Category.PAID if paid else CreditGrant.Category.PROMOTIONAL),
            )
        if reason is None:
            arrived = iter(CreditGrant.objects.filter(pk__gt=newest).order_by("pk"))
            for grant in held:
                if part := min(amount, grant.remaining):
                    grant.remaining -= part
                    amount -= part
                    self._give(target, currency, next(arrived), part, grant.order)
            assert next(arrived, None) is None

    def take_back(self, owner: int, currency: str, place: int, whole: bool) -> None:
        """Reverse a grant that nobody has used, or take back what is left of one."""
        grants = self.grants[owner, currency]
        if not grants:
            return
        grant = grants[place % len(grants)]
        reason: str | None = None
        if not grant.remaining:
            reason = NOTHING_LEFT
        elif whole and grant.remaining != grant.amount:
            reason = PARTLY_SPENT
        with expecting(reason):
            service = reverse_grant if whole else take_back_rest
            back = service(grant=CreditGrant.objects.get(pk=grant.pk), by=None)
        if reason is None:
            assert units(back) == grant.remaining
            grant.remaining = 0

    def reverse(self, owner: int, currency: str, place: int) -> None:
        """Reverse one entry of the ledger, as far as that is done by entries."""
        account = CreditEntry.objects.filter(client=self.clients[owner], currency=currency)
        last = list(account.order_by("-pk")[:12])
        if not last:
            return
        entry = last[place % len(last)]
        (grant,) = (grant for grant in self.grants[owner, currency] if grant.pk == entry.grant_id)
        reason: str | None = None
        if entry.kind not in ("grant", "remove", "adjust"):
            reason = "is not reversed by itself"
        elif CreditEntry.objects.filter(reverses=entry).exists():
            reason = "was reversed on"
        elif entry.amount.amount > 0:
            reason = NOTHING_LEFT if not grant.remaining else PARTLY_SPENT if grant.remaining != grant.amount else None
        with expecting(reason):
            moved = reverse_entry(entry=entry, by=None)
        if reason is None:
            assert moved == -entry.amount
            grant.remaining -= units(entry.amount)

    def expire(self, as_of: datetime.date) -> None:
        """Book what has expired before a day. Credit of that day is used no more, whatever the clock says."""
        lost: dict[str, int] = {}
        for (_, currency), grants in self.grants.items():
            for grant in grants:
                if grant.order[1] < as_of and grant.remaining:
                    lost[currency] = lost.get(currency, 0) + grant.remaining
                    grant.remaining = 0
        expired = expire_credit(as_of=as_of, by=None)
        assert {code: units(Money(amount, code)) for code, amount in expired.items()} == lost

    def give_in_bulk(self, rows: list[tuple[int, str, int]], folder: Path) -> None:
        """Give credit out of a file, and now and then take the batch back."""
        file = folder / "credit.csv"
        lines = [
            f"{self.clients[owner].number},{plain_amount(money(amount, currency).amount, currency)},{currency},Bulk"
            for owner, currency, amount in rows
        ]
        file.write_text("\n".join(["Client ID,Amount,Currency,Description", *lines]))
        batch = preview_credit_file(path=file, by=None)
        book_credit_batch(batch_id=batch.pk, by=None, again=True)
        given = CreditGrant.objects.filter(entries__batch=batch.pk).order_by("pk")
        for (owner, currency, amount), grant in zip(rows, given, strict=True):
            self._give(owner, currency, grant, amount, (50, datetime.date.max, False))
        self.batches.append(batch.pk)

    def reverse_batch(self, place: int) -> None:
        """Take back what is left of a batch."""
        batch = self.batches[place % len(self.batches)]
        given = set(
            CreditGrant.objects.filter(entries__batch=batch, entries__kind="grant").values_list("pk", flat=True)
        )
        held = [grant for grants in self.grants.values() for grant in grants if grant.pk in given and grant.remaining]
        with expecting(None if held else NOTHING_LEFT):
            back = reverse_credit_batch(batch_id=batch, by=None)
        if held:
            assert back.grants == len(held)
            for grant in held:
                grant.remaining = 0

    def pay(self, place: int, amount: int) -> None:
        """Record a payment; it takes back what was written off, and what is too much becomes credit."""
        invoice = self.invoices[place]
        reason = None if invoice.due or invoice.written_off else "is Paid; a payment of"
        with expecting(reason):
            recorded = receive_payment(
                invoices=[invoice.invoice], amount=money(amount, invoice.currency), payment_method=self.card, by=None
            )
        if reason is None:
            settling = min(amount, invoice.due + invoice.written_off)
            invoice.written_off -= max(settling - invoice.due, 0)
            invoice.paid += settling
            assert units(recorded.credited) == amount - settling
            if amount > settling:
                grant = CreditGrant.objects.latest("id")
                self._give(invoice.owner, invoice.currency, grant, amount - settling, (50, datetime.date.max, True))

    def write_off(self, place: int, amount: int | None) -> None:
        """Write off an amount of an invoice, or all that is due."""
        invoice = self.invoices[place]
        wanted = invoice.due if amount is None else amount
        if not invoice.due:
            reason: str | None = "nothing is due that could be written off"
        else:
            reason = "was to be written off" if wanted > invoice.due else None
        with expecting(reason):
            asked = None if amount is None else money(amount, invoice.currency)
            write_off_invoice(invoice=invoice.invoice, amount=asked, reason="Insolvent", by=None)
        if reason is None:
            invoice.written_off += wanted

    def reverse_write_off(self, place: int, amount: int | None) -> None:
        """Take back an amount of what was written off, or all of it."""
        invoice = self.invoices[place]
        wanted = invoice.written_off if amount is None else amount
        if not invoice.written_off:
            reason: str | None = "Nothing is written off of INV-"
        else:
            reason = "was to be taken back" if wanted > invoice.written_off else None
        with expecting(reason):
            asked = None if amount is None else money(amount, invoice.currency)
            reverse_write_off(invoice=invoice.invoice, amount=asked, reason="Mistake", by=None)
        if reason is None:
            invoice.written_off -= wanted

    # ── The model ──

    def balance(self, owner: int, currency: str) -> int:
        return sum(grant.remaining for grant in self.grants[owner, currency])

    def _give(self, owner: int, currency: str, grant: CreditGrant, amount: int, order: tuple) -> None:
        assert units(grant.amount) == amount
        self.grants[owner, currency].append(GrantModel(grant.pk, order, amount, amount))

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
        stored = _units("SELECT client_id || currency, balance, currency FROM credits_creditaccount WHERE balance <> 0")
        expected = {
            f"{self.clients[owner].pk}{currency}": (balance,)
            for owner, currency in self.grants
            if (balance := self.balance(owner, currency))
        }
        assert stored == expected
        assert _units("SELECT id, remaining, currency FROM credits_creditgrant") == {
            grant.pk: (grant.remaining,) for held in self.grants.values() for grant in held
        }
        settled = "SELECT id, total, credit_applied, amount_paid, amount_written_off, currency FROM invoices_invoice"
        assert _units(settled) == {
            invoice.invoice.pk: (invoice.total, invoice.credit, invoice.paid, invoice.written_off)
            for invoice in self.invoices
        }
        statuses = dict(Invoice.objects.values_list("pk", "status"))
        assert statuses == {invoice.invoice.pk: invoice.status for invoice in self.invoices}


def _units(sql: str) -> dict[Any, tuple[int, ...]]:
    """Rows of a key, amounts and their currency as key → amounts in minor units. Without the ORM: it is asked often."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {
            key: tuple(int(amount.scaleb(PLACES[currency])) for amount in amounts)
            for key, *amounts, currency in cursor.fetchall()
        }


@contextmanager
def expecting(reason: str | None) -> Iterator[None]:
    """Fail unless the block is refused in a sentence with these words, or not at all where there are none."""
    said = None
    try:
        yield
    except BusinessError as error:
        said = str(error)
    assert (reason in said) if reason and said else reason is said, f"{said!r}, expected {reason!r}"
