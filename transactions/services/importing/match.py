"""Finding out what each payment of a file is for: known already, for which invoices, or nobody knows."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from django.db.models import Sum
from djmoney.money import Money

from billing_admin.csv_files.rows import BadRow
from billing_admin.money.amounts import money_text
from transactions.models import Transaction

from .clues import find_clues
from .evidence import Bill, Candidate, Taken, Told, weigh
from .read import LeftOut, PaymentRow, ReadRow


class Outcome(StrEnum):
    """What becomes of a row."""

    PAYS = "pays"
    UNATTACHED = "unattached"
    ALREADY = "already"
    LEFT_OUT = "left out"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Match:
    """What becomes of one row: the invoices that it pays, or why it pays none and whose it may be, the best first."""

    line: int
    outcome: Outcome
    note: str
    row: PaymentRow | None = None
    invoices: list[Bill] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)


def match_payments(rows: Sequence[ReadRow]) -> list[Match]:
    """What becomes of each row, in the order of the file. A fixed number of queries for any number of rows.

    A row is known by its reference or content; what becomes of the others is weighed (`evidence.weigh`).
    """
    payments = [row for row in rows if isinstance(row, PaymentRow)]
    known = _Known(payments)
    new = [row for row in payments if known.match(row) is None]
    clues = find_clues([told_by(row) for row in new])
    taken = Taken()
    matches = []
    for row in rows:
        if isinstance(row, BadRow):
            matches.append(Match(row.line, Outcome.BAD, row.reason))
        elif isinstance(row, LeftOut):
            matches.append(Match(row.line, Outcome.LEFT_OUT, row.reason))
        elif (found := known.match(row)) is not None:
            matches.append(found)
        else:
            verdict = weigh(told_by(row), next(clues), taken)
            outcome = Outcome.PAYS if verdict.invoices else Outcome.UNATTACHED
            matches.append(Match(row.line, outcome, verdict.note, row, verdict.invoices, verdict.candidates))
    return matches


class _Known:
    """What was booked before under the references and keys of the rows."""

    def __init__(self, rows: Sequence[PaymentRow]) -> None:
        by_method: dict[int, list[str]] = defaultdict(list)
        for row in rows:
            if row.reference:
                by_method[row.method.pk].append(row.reference)
        self.by_reference: dict[tuple[int, str], tuple[str, Decimal]] = {}
        for method_id, references in by_method.items():
            booked = (
                Transaction.objects.filter(payment_method_id=method_id, reference__in=references)
                .values_list("reference", "currency")
                .annotate(amount=Sum("amount_in", default=Decimal(0)))
            )
            for reference, currency, amount in booked:
                self.by_reference[method_id, reference] = (currency, amount)
        keys = [row.key for row in rows if row.key]
        self.keys = set(Transaction.objects.filter(file_key__in=keys).values_list("file_key", flat=True))

    def match(self, row: PaymentRow) -> Match | None:
        if row.key in self.keys and row.key is not None:
            return Match(row.line, Outcome.ALREADY, "This row was booked before.", row)
        booked = self.by_reference.get((row.method.pk, row.reference)) if row.reference else None
        if booked is None:
            return None
        if booked == (row.amount.currency.code, row.amount.amount):
            return Match(row.line, Outcome.ALREADY, f"{row.method} “{row.reference}” was booked before.", row)
        currency, amount = booked
        return Match(
            row.line,
            Outcome.BAD,
            f"{row.method} “{row.reference}” was booked before with {money_text(Money(amount, currency))}; the file "
            f"says {money_text(row.amount)}.",
            row,
        )


def told_by(row: PaymentRow) -> Told:
    """What a row of a file tells of who paid what."""
    return Told(row.line, row.amount, row.name, row.account, row.invoice, (row.text, row.payer_reference))
