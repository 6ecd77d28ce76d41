"""What staff look at before transactions are deleted: what goes with them, what that changes, and what has to stay."""

import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import connection
from django.utils import timezone
from djmoney.money import Money

from billing_admin.money.amounts import money_text, totals_text
from billing_admin.text import pluralize
from clients.models import Client
from transactions.models import PaymentBatch, Transaction

from .deletion_sql import CREDIT, FROM_FILES, GIVEN_BACK, INVOICES, PAYMENTS
from .lists import SUMS_SQL, CurrencySum

# So many invoices are named in a sentence, and so many payments that stay are shown one by one.
NAMED = 10


@dataclass(frozen=True)
class InvoiceAfter:
    """An invoice that the deletion changes: what it is now, and what is due on it then."""

    pk: int
    label: str
    was: str
    due: Money
    due_on: datetime.date

    @property
    def becomes_overdue(self) -> bool:
        """Whether it is past its due date, and nobody owed it before."""
        return self.was != "unpaid" and self.due_on < timezone.localdate()


@dataclass(frozen=True)
class Use:
    """Where credit that a payment gave was used: on an invoice, or in a transfer, which has no `invoice_id`."""

    amount: Money
    label: str
    invoice_id: int | None


@dataclass(frozen=True)
class Credit:
    """Credit that a payment gave, what is left of it, and where the rest is used."""

    grant_id: int
    amount: Money
    left: Money
    description: str
    uses: list[Use]


@dataclass(frozen=True)
class Staying:
    """A payment that cannot go, by its first row, and the credit of it that is used."""

    payment: Transaction
    credit: list[Credit]
    given_back: bool = False

    @property
    def reasons(self) -> list[tuple[str, Use | None]]:
        """Each use of its credit: the figures with the way out, and where it is used. A refund is none of these."""
        uses: list[tuple[str, Use | None]] = [(_why(credit, use), use) for credit in self.credit for use in credit.uses]
        return [("It was refunded or reversed since.", None), *uses] if self.given_back else uses

    @property
    def why(self) -> str:
        """All of the reasons."""
        return " ".join(sentence for sentence, _ in self.reasons)


def _why(credit: Credit, use: Use) -> str:
    """Why the payment cannot go, with the way out."""
    said = f"{money_text(use.amount)} of the {money_text(credit.amount)} of credit “{credit.description}” that it gave"
    if use.invoice_id is not None:
        return f"{said} is used on {use.label}. Take the credit off {use.label} first."
    return f"{said} was {use.label[:1].lower()}{use.label[1:]} and does not come back to it. The payment stays."


@dataclass(frozen=True)
class TransactionsDeletion:
    """Everything that a person decides the deletion by."""

    chosen: list[int]
    """The first rows of all payments chosen, also of those that stay."""
    rows: list[int]
    """Every row that goes."""
    sums: list[CurrencySum]
    invoices: list[InvoiceAfter]
    credit: list[Credit]
    from_files: int
    staying: list[Staying]
    stay: int
    used: list[Credit]

    @cached_property
    def seen(self) -> str:
        """A digest of all that is shown: where it is another one, something has happened since."""
        figures = [
            self.rows,
            [[invoice.pk, str(invoice.due.amount)] for invoice in self.invoices],
            [[credit.grant_id, str(credit.left.amount)] for credit in (*self.credit, *self.used)],
            [[str(use.amount.amount), use.label] for credit in self.used for use in credit.uses],
            self.stay,
        ]
        return hashlib.sha256(json.dumps(figures).encode()).hexdigest()

    @property
    def payments(self) -> int:
        """How many payments go."""
        return len(self.chosen) - self.stay

    @property
    def more_staying(self) -> int:
        """How many of those that stay are not shown."""
        return self.stay - len(self.staying)

    @property
    def how_many(self) -> str:
        """`2 payments`, or `5 transactions of 2 payments` where some have several."""
        payments = pluralize(self.payments, "payment")
        return payments if len(self.rows) == self.payments else f"{len(self.rows):,} transactions of {payments}"

    @property
    def in_and_out(self) -> str:
        """`120.00 USD in, 0.60 USD fees, 20.00 USD out`; money that only moved inside the house did neither."""
        parts = []
        for name, word in (("money_in", "in"), ("fees", "fees"), ("money_out", "out")):
            amounts = [getattr(each, name) for each in self.sums if getattr(each, name).amount]
            parts += [f"{_total(amounts)} {word}"] if amounts else []
        return ", ".join(parts) or "nothing came in or went out"

    @property
    def effects(self) -> list[str]:
        """What else changes when they go, a sentence each."""
        said = []
        paid = [invoice for invoice in self.invoices if invoice.was in ("paid", "writtenoff")]
        refunded = [invoice for invoice in self.invoices if invoice.was == "refunded"]
        for found, one, many in (
            ([each for each in self.invoices if each.was == "unpaid"], "stays unpaid", "stay unpaid"),
            (paid, "is unpaid again", "are unpaid again"),
            (refunded, "is no longer refunded", "are no longer refunded"),
        ):
            if found:
                said.append(f"{_named(found)} {one if len(found) == 1 else many}: {_due(found)} is due.")
        if late := [invoice for invoice in self.invoices if invoice.becomes_overdue]:
            said.append(_overdue(late, len(paid) + len(refunded)))
        if back := [credit.left for credit in self.credit if credit.left.amount]:
            said.append(
                f"{_total(back)} of credit that came from them is taken back. The credit stays on the ledger, without "
                "a payment."
            )
        if self.from_files:
            was, it = ("was", "it") if self.from_files == 1 else ("were", "them")
            said.append(
                f"{pluralize(self.from_files, 'payment')} {was} booked from a file. Importing the file again books "
                f"{it} again."
            )
        return said


@dataclass(frozen=True)
class PaymentToDelete:
    """A payment that somebody wants to delete: its first row, all of its rows, and the credit that it gave."""

    first: Transaction
    rows: list[int]
    credit: list[Credit]

    @property
    def pk(self) -> int:
        """The id of its first row."""
        return self.first.pk

    @property
    def mark(self) -> str:
        """Another one where rows came to it or went, or its credit was used."""
        return f"{self.rows} {[(credit.grant_id, credit.left, credit.uses) for credit in self.credit]}"

    @property
    def why_it_stays(self) -> str:
        """Why it cannot go, with the way out."""
        return Staying(self.first, self.credit).why


def payments_to_delete(client: Client | None, chosen: Collection[int]) -> list[PaymentToDelete]:
    """The payments that these transactions of a client, or of nobody, belong to, each whole."""
    parameters = {"client": client.pk if client else None, "chosen": list(chosen), "batch": None}
    rows, credit = _rows_and_credit(_all(PAYMENTS, parameters))
    firsts = Transaction.objects.filter(pk__in=rows).order_by("pk")
    return [PaymentToDelete(first, rows[first.pk], credit[first.pk]) for first in firsts]


def _rows_and_credit(payments: list[tuple[Any, ...]]) -> tuple[dict[int, list[int]], dict[int, list[Credit]]]:
    """First row of a payment → its rows, and the credit that it gave."""
    rows: dict[int, list[int]] = defaultdict(list)
    for first, row in payments:
        rows[first].append(row)
    credit: dict[int, list[Credit]] = defaultdict(list)
    both = {"firsts": [first for first, _ in payments], "rows": [row for _, row in payments]}
    for first, *given in _all(CREDIT, both):
        credit[first].append(_credit(*given))
    return rows, credit


def transactions_deletion(client: Client | None, chosen: Collection[int]) -> TransactionsDeletion:
    """What deleting these transactions of a client, or of nobody, would do. Each payment goes whole.

    A fixed number of statements. A payment of which credit is used stays; the others can go without it.
    """
    return _deletion({"client": client.pk if client else None, "chosen": list(chosen), "batch": None})


def batch_deletion(batch: PaymentBatch) -> TransactionsDeletion:
    """What taking back a booked file would do, whoever the payments belong to. What was refunded since stays, too."""
    return _deletion({"client": None, "chosen": [], "batch": batch.pk})


def _deletion(parameters: dict[str, Any]) -> TransactionsDeletion:
    payments = _all(PAYMENTS, parameters)
    firsts, rows = [first for first, _ in payments], [row for _, row in payments]
    _, credit = _rows_and_credit(payments)
    keeping = {first for first, given in credit.items() if any(each.uses for each in given)}
    given_back: set[int] = set()
    if parameters["batch"] is not None:
        given_back = {first for first, _ in _all(GIVEN_BACK, {"firsts": firsts, "rows": rows})}
    keeping |= given_back
    stay = sorted(keeping)
    going = {"rows": [row for first, row in payments if first not in keeping]}
    return TransactionsDeletion(
        chosen=sorted(set(firsts)),
        rows=going["rows"],
        sums=_sums(going),
        invoices=[
            InvoiceAfter(pk, label, status, Money(due, currency), due_on)
            for pk, label, currency, status, due_on, due in _all(INVOICES, going)
        ],
        credit=[each for first, given in credit.items() if first not in keeping for each in given],
        from_files=_all(FROM_FILES, going)[0][0],
        staying=_staying(stay[:NAMED], credit, given_back),
        stay=len(stay),
        used=[each for first in stay for each in credit[first]],
    )


def _all(sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _credit(
    pk: int, currency: str, amount: Decimal, left: Decimal, description: str, places: list[list[str]] | None
) -> Credit:
    uses = [
        Use(Money(Decimal(used), currency), label, int(invoice) if invoice else None)
        for used, label, invoice in places or []
    ]
    return Credit(pk, Money(amount, currency), Money(left, currency), description, uses)


def _sums(going: dict[str, Any]) -> list[CurrencySum]:
    columns = "currency, kind, amount_in, fees, amount_out"
    found = _all(
        SUMS_SQL.format(rows=f"SELECT {columns} FROM transactions_transaction WHERE id = ANY(%(rows)s)"), going
    )
    return [CurrencySum.of(*row) for row in found]


def _staying(firsts: Sequence[int], credit: dict[int, list[Credit]], given_back: set[int]) -> list[Staying]:
    if not firsts:
        return []
    rows = Transaction.objects.filter(pk__in=firsts).order_by("pk")
    return [Staying(row, [each for each in credit[row.pk] if each.uses], row.pk in given_back) for row in rows]


def _total(amounts: Iterable[Money]) -> str:
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for amount in amounts:
        totals[amount.currency.code] += amount.amount
    return totals_text(totals)


def _due(invoices: Iterable[InvoiceAfter]) -> str:
    return _total(invoice.due for invoice in invoices)


def _overdue(late: Sequence[InvoiceAfter], owed: int) -> str:
    """Which of the invoices that are owed again are past their due dates."""
    if len(late) == owed:
        return "It is overdue then." if owed == 1 else "All of them are overdue then."
    return f"{len(late):,} of them {'is' if len(late) == 1 else 'are'} overdue then: {_named(late)}."


def _named(invoices: Sequence[InvoiceAfter]) -> str:
    """`INV-000001, INV-000002 and 3 more`."""
    labels = [invoice.label for invoice in invoices]
    more = f" and {len(labels) - NAMED:,} more" if len(labels) > NAMED else ""
    return ", ".join(labels[:NAMED]) + more
