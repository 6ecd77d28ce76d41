"""Finding out what each payment of a file is for: known already, for which invoices, or nobody knows."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from django.db import connection
from django.db.models import Sum
from djmoney.money import Money

from billing_admin.csv_files.rows import BadRow
from billing_admin.money.amounts import money_text
from invoices.models import Invoice
from transactions.models import Transaction
from transactions.selectors.invoice_numbers import split_numbers

from .read import LeftOut, PaymentRow, ReadRow


class Outcome(StrEnum):
    """What becomes of a row."""

    PAYS = "pays"
    UNATTACHED = "unattached"
    ALREADY = "already"
    LEFT_OUT = "left out"
    BAD = "bad"


@dataclass(frozen=True)
class Match:
    """What becomes of one row: the invoices that it pays, or why it pays none."""

    line: int
    outcome: Outcome
    note: str
    row: PaymentRow | None = None
    invoices: list[Invoice] = field(default_factory=list)


_NAMED_OF_AMOUNT = """
    SELECT wanted.line, invoice.id
    FROM unnest(%(lines)s::integer[], %(names)s::text[], %(currencies)s::text[], %(amounts)s::numeric[])
        AS wanted (line, name, currency, amount)
    JOIN clients_client client ON client.sort_name = search_fold(wanted.name)
    JOIN invoices_invoice invoice ON invoice.client_id = client.id AND invoice.status = 'unpaid'
        AND invoice.currency = wanted.currency AND invoice.balance_due = wanted.amount
    ORDER BY wanted.line, invoice.issued_on, invoice.id
"""


def match_payments(rows: Sequence[ReadRow]) -> list[Match]:
    """What becomes of each row, in the order of the file. A fixed number of queries for any number of rows.

    A row is known by its reference or content; else the invoice numbers in it decide, first those in their own column,
    then those in its text; else the one client of that name with an unpaid invoice of exactly that amount.
    """
    payments = [row for row in rows if isinstance(row, PaymentRow)]
    known = _Known(payments)
    new = [row for row in payments if known.match(row) is None]
    numbered = _Numbered(new)
    named = _unpaid_of_name([row for row in new if not numbered.find(row)])
    taken: dict[int, tuple[Money, int]] = {}  # by invoice: what rows of this file pay of it, and the last such line
    matches = []
    for row in rows:
        if isinstance(row, BadRow):
            matches.append(Match(row.line, Outcome.BAD, row.reason))
        elif isinstance(row, LeftOut):
            matches.append(Match(row.line, Outcome.LEFT_OUT, row.reason))
        elif (found := known.match(row)) is not None:
            matches.append(found)
        elif invoices := numbered.find(row):
            matches.append(_for_invoices(row, invoices, taken))
        else:
            matches.append(_for_name(row, named.get(row.line, []), taken))
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


class _Numbered:
    """The invoices whose numbers stand in the rows."""

    def __init__(self, rows: Sequence[PaymentRow]) -> None:
        numbers = {
            int(digits) for row in rows for digits in re.findall(r"[0-9]{1,18}", f"{row.invoice} {row.text}", re.ASCII)
        }
        self.by_number: dict[int, list[Invoice]] = defaultdict(list)
        for invoice in Invoice.objects.filter(number__in=numbers).select_related("client").order_by("pk"):
            assert invoice.number is not None
            self.by_number[invoice.number].append(invoice)
        self.found = {row.line: self._in_column(row.invoice) or self._in_text(row) for row in rows}

    def find(self, row: PaymentRow) -> list[Invoice]:
        return self.found.get(row.line, [])

    def _in_column(self, text: str) -> list[Invoice]:
        """By the column made for it, where a bare number does as well, if only one invoice has it."""
        invoices = []
        for number in split_numbers(text):
            match = re.fullmatch(r"(.*?)([0-9]{1,18})", number, re.ASCII)
            candidates = self.by_number.get(int(match[2]), []) if match else []
            typed = _letters(match[1]) if match else ""
            fitting = [each for each in candidates if typed in ("", _letters(each.number_prefix))]
            if len(fitting) != 1:
                return []
            invoices.append(fitting[0])
        return list(dict.fromkeys(invoices))

    def _in_text(self, row: PaymentRow) -> list[Invoice]:
        """By numbers with their prefix anywhere in the row, in the order that they stand in."""
        text = f"{row.invoice} {row.text}".casefold()
        spans: list[tuple[int, int, Invoice]] = []
        for digits in set(re.findall(r"[0-9]{1,18}", text, re.ASCII)):
            for invoice in self.by_number.get(int(digits), []):
                if prefix := _letters(invoice.number_prefix):
                    pattern = r"(?<![a-z0-9])" + r"[\W_]*".join(map(re.escape, prefix))
                    pattern += rf"[\W_]*0*{invoice.number}(?![0-9])"
                    spans += [(*each.span(), invoice) for each in re.finditer(pattern, text)]
        # Of `INV-2026-000123` the beginning is another invoice's number, INV-2026; the longest one is meant.
        outer = [
            span
            for span in spans
            if not any(o[0] <= span[0] and span[1] <= o[1] and o[1] - o[0] > span[1] - span[0] for o in spans)
        ]
        return list(dict.fromkeys(invoice for _, _, invoice in sorted(outer, key=lambda span: span[:2])))


def _for_invoices(row: PaymentRow, invoices: list[Invoice], taken: dict[int, tuple[Money, int]]) -> Match:
    """The row pays these invoices, unless one of them takes no money."""

    def unattached(note: str) -> Match:
        return Match(row.line, Outcome.UNATTACHED, note, row)

    if len({invoice.client_id for invoice in invoices}) > 1:
        return unattached(f"{_labels(invoices)} belong to several clients.")
    for invoice in invoices:
        if invoice.currency != row.amount.currency.code:
            return unattached(f"{invoice.label} is in {invoice.currency}.")
        if invoice.status != Invoice.Status.UNPAID:
            return unattached(f"{invoice.label} is {invoice.get_status_display()} already.")
        paid, line = taken.get(invoice.pk, (Money(0, invoice.currency), 0))
        if paid >= invoice.due:
            return unattached(f"{invoice.label} is paid by line {line} of this file.")
    left = row.amount
    for invoice in invoices:
        paid, _ = taken.get(invoice.pk, (Money(0, invoice.currency), 0))
        part = min(left, invoice.due - paid)
        taken[invoice.pk] = (paid + part, row.line)
        left -= part
    rest = f"; {money_text(left)} becomes credit" if left.amount else ""
    return Match(row.line, Outcome.PAYS, f"{_labels(invoices)} of {invoices[0].client.name}{rest}", row, invoices)


def _for_name(row: PaymentRow, owed: list[Invoice], taken: dict[int, tuple[Money, int]]) -> Match:
    """The row pays the oldest invoice of this amount that no other row of the file pays."""
    free = [invoice for invoice in owed if invoice.pk not in taken]
    if len({invoice.client_id for invoice in free}) > 1:
        note = f"Several clients called {row.name} owe {money_text(row.amount)}."
        return Match(row.line, Outcome.UNATTACHED, note, row)
    if not free:
        what = f"and {row.name} owes no invoice of {money_text(row.amount)}" if row.name else "and no name"
        return Match(row.line, Outcome.UNATTACHED, f"No invoice number is in it, {what}.", row)
    invoice = free[0]
    taken[invoice.pk] = (row.amount, row.line)
    note = f"{invoice.label} of {invoice.client.name}, by name and amount"
    return Match(row.line, Outcome.PAYS, note, row, [invoice])


def _unpaid_of_name(rows: Iterable[PaymentRow]) -> dict[int, list[Invoice]]:
    """Line → unpaid invoices of exactly this amount, of clients of this name, the oldest first."""
    wanted = [(row, name) for row in rows for name in _orders(row.name)]
    found: list[tuple[int, int]]
    with connection.cursor() as cursor:
        cursor.execute(
            _NAMED_OF_AMOUNT,
            {
                "lines": [row.line for row, _ in wanted],
                "names": [name for _, name in wanted],
                "currencies": [row.amount.currency.code for row, _ in wanted],
                "amounts": [row.amount.amount for row, _ in wanted],
            },
        )
        found = list(dict.fromkeys(cursor.fetchall()))
    invoices = Invoice.objects.select_related("client").in_bulk([invoice_id for _, invoice_id in found])
    owed: dict[int, list[Invoice]] = defaultdict(list)
    for line, invoice_id in found:
        owed[line].append(invoices[invoice_id])
    return owed


def _orders(name: str) -> list[str]:
    """A name as a company has it, and as a person is sorted: `Maria Keller` and `Keller Maria`."""
    words = name.replace(",", " ").split()
    if not words:
        return []
    return list(dict.fromkeys([name, " ".join(words), " ".join([words[-1], *words[:-1]])]))


def _labels(invoices: Sequence[Invoice]) -> str:
    return ", ".join(invoice.label for invoice in invoices)


def _letters(prefix: str) -> str:
    return "".join(character for character in prefix.casefold() if character.isalnum())
