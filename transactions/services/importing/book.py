"""Booking the payments of a file: all of it in one transaction, and the same file twice is the same as once."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import batched

from django.db import IntegrityError
from django.db import transaction as db_transaction
from psycopg.errors import UniqueViolation

from billing_admin.actor import Actor
from billing_admin.csv_files.imports import Import, Progress
from billing_admin.csv_files.packed import Packed
from billing_admin.csv_files.rows import BadRow
from billing_admin.db.locks import lock_key
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import totals_text
from billing_admin.text import pluralize
from clients.models import Activity, Client
from invoices.models import Invoice
from transactions.models import PaymentBatch, PaymentFileMapping, Transaction
from transactions.selectors.payers import BETWEEN_PARTS
from transactions.services.booking import FromFile, signed
from transactions.services.receive import receive_payment
from transactions.services.record_many import Payment, record_payments

from .match import BOOKED, WAITING, Match, Outcome, match_payments
from .read_file import read_file
from .rows import PaymentRow, ReadFile

CHUNK = 500
# One import, or one taking back of a file, at a time; taken after the clients.
IMPORTING = "import_payments"


class PreviewMoved(BusinessError):
    """What would be booked is not what staff looked at."""

    def __init__(self) -> None:
        super().__init__("What would be booked is not what the page showed; it shows it now. Nothing was booked yet.")


@dataclass
class PaymentImport(Import):
    """An import of payments: also how the file was read, and what became of each row."""

    read: ReadFile = field(default_factory=ReadFile)
    matches: Packed[Match] = field(default_factory=Packed)

    def count(self, outcome: Outcome) -> int:
        """How many rows had this outcome."""
        return self._counts[outcome]

    @cached_property
    def _counts(self) -> Counter[Outcome]:
        return Counter(match.outcome for match in self.matches)

    @cached_property
    def seen(self) -> str:
        """A digest of each row and of what becomes of it: where it is another one, something has happened since."""
        digest = hashlib.sha256()
        for match in self.matches:
            digest.update(f"{match.line} {match.outcome} {match.note} {_figures(match.row)}\n".encode())
        return digest.hexdigest()


def preview_payments(
    *, name: str, content: bytes, mapping: PaymentFileMapping, accept_similar: bool = False
) -> PaymentImport:
    """What booking the file now would do, row by row; nothing is booked."""
    read = read_file(name, content, mapping)
    return _matched(name, read, match_payments(read.rows, accept_similar=accept_similar))


@db_transaction.atomic
def import_payments(
    *,
    name: str,
    content: bytes,
    mapping: PaymentFileMapping,
    by: Actor,
    skip_bad: bool = False,
    accept_similar: bool = False,
    seen: str | None = None,
    progress: Progress = lambda doing, done, total: None,
) -> PaymentImport:
    """Book the payments of a file. Rows without a match stay unattached for staff; those booked before are skipped.

    So do rows that resemble another line, unless `accept_similar` has them matched as any other. Nothing is booked
    unless every row is good; `skip_bad` leaves the bad ones out. `seen` is the digest of the preview that staff looked
    at: where that has moved, nothing is booked.

    Raises ImportRefused, NeedsAnswer or PreviewMoved.
    """
    read = read_file(name, content, mapping)
    progress(f"Reading {name}", len(read.rows), len(read.rows))
    locked = set(Client.objects.lock_ids(_clients(match_payments(read.rows, accept_similar=accept_similar))))
    # Two imports at once wait for each other here: the second finds what the first has booked.
    lock_key(IMPORTING)
    run = _matched(name, read, match_payments(read.rows, accept_similar=accept_similar))
    if seen is not None and seen != run.seen:
        raise PreviewMoved
    if not _clients(run.matches) <= locked:
        raise BusinessError("Invoices of the file changed while it was being booked. Nothing was booked. Try again.")
    run.refuse_bad_rows(skip_bad=skip_bad)
    if not run.imported:
        return run
    batch = PaymentBatch.objects.create(
        name=name[:255],
        format_name=mapping.name,
        counts={outcome: count for outcome in Outcome if (count := run.count(outcome))},
        totals=sums_of(run.matches, *BOOKED),
        **signed(by),
    )
    # Where a row pays several invoices, it and the others that pay one of them are booked as they come.
    shared = {invoice.pk for match in run.matches if len(match.invoices) > 1 for invoice in match.invoices}
    _pay_single(run, shared, batch, by, progress)
    if shared:
        for match in run.matches:
            if not shared.isdisjoint(invoice.pk for invoice in match.invoices):
                _pay_several(match, batch, by)
    _keep_unattached(run.matches, batch, by)
    _sum_up(run, batch, by)
    return run


def _matched(name: str, read: ReadFile, matches: Iterable[Match]) -> PaymentImport:
    run = PaymentImport(name, rows=len(read.rows), read=read, matches=Packed(matches))
    for match in run.matches:
        if match.outcome == Outcome.BAD:
            run.bad.add(BadRow(match.line, match.note))
    run.already_there = run.count(Outcome.ALREADY)
    run.imported = sum(run.count(outcome) for outcome in BOOKED)
    return run


def _figures(row: PaymentRow | None) -> str:
    """All that is booked of a row; its format may have been changed since somebody looked."""
    if row is None:
        return ""
    said = [row.reference, row.invoice, row.name, row.text, row.payer_reference, row.account]
    money = f"{row.amount.amount} {row.amount.currency.code} {row.fees.amount}"
    return f"{row.on} {money} {row.method.pk} {said!r}"


def _said_of_payer(row: PaymentRow, batch: PaymentBatch) -> FromFile:
    return FromFile(row.name[:300], row.account[:100], row.payer_reference[:200], batch.pk)


def _row(match: Match) -> PaymentRow:
    """The payment of a row that is booked."""
    assert match.row is not None
    return match.row


def _clients(matches: Iterable[Match]) -> set[int]:
    return {invoice.client_id for match in matches for invoice in match.invoices}


def _pay_single(run: PaymentImport, shared: set[int], batch: PaymentBatch, by: Actor, progress: Progress) -> None:
    """Payments of one invoice that is not `shared`, many at once: together at most one of an invoice."""
    done = 0
    chunk: dict[int, Payment] = {}
    for match in run.matches:
        if match.outcome != Outcome.PAYS or not shared.isdisjoint(invoice.pk for invoice in match.invoices):
            continue
        (invoice,) = match.invoices
        row = _row(match)
        if invoice.pk in chunk or len(chunk) == CHUNK:
            done = _record(run, chunk, by, progress, done)
            chunk = {}
        chunk[invoice.pk] = Payment(
            invoice.pk, row.amount, row.method, row.on, row.reference, row.fees.amount,
            description=row.text, file_key=row.key, from_file=_said_of_payer(row, batch),
        )  # fmt: skip
    if chunk:
        _record(run, chunk, by, progress, done)


def _record(run: PaymentImport, chunk: dict[int, Payment], by: Actor, progress: Progress, done: int) -> int:
    """Record these after the `done`; returns how many are done then."""
    refused = record_payments(payments=list(chunk.values()), by=by).refused
    if refused:
        raise BusinessError(f"{refused[0][1]} Nothing of the file was booked. Try again.")
    progress(f"Booking {run.file}", done + len(chunk), run.imported)
    return done + len(chunk)


def _pay_several(match: Match, batch: PaymentBatch, by: Actor) -> None:
    row = _row(match)
    invoices = Invoice.objects.in_bulk([bill.pk for bill in match.invoices])
    receive_payment(
        amount=row.amount,
        payment_method=row.method,
        by=by,
        invoices=[invoices[bill.pk] for bill in match.invoices],
        on=row.on,
        reference=row.reference,
        fees=row.fees,
        description=row.text,
        file_key=row.key,
        from_file=_said_of_payer(row, batch),
    )


def _keep_unattached(matches: Iterable[Match], batch: PaymentBatch, by: Actor) -> None:
    """Rows that nobody could be matched to, with all that the file says of them."""
    waiting = (match for match in matches if match.outcome in WAITING)
    try:
        with db_transaction.atomic():
            for some in batched(waiting, CHUNK, strict=False):
                Transaction.objects.bulk_create(_unattached(match, batch, by) for match in some)
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        raise BusinessError(
            "A payment of the file was booked elsewhere at this moment. Nothing of the file was booked. Try again."
        ) from error


def _unattached(match: Match, batch: PaymentBatch, by: Actor) -> Transaction:
    row = _row(match)
    return Transaction(
        **signed(by),
        description=_resembling(match),
        date=row.on,
        payment_method=row.method,
        reference=row.reference,
        note=BETWEEN_PARTS.join(part for part in (row.name, row.invoice, row.text) if part)[:500],
        currency=row.amount.currency.code,
        amount_in=row.amount,
        fees=row.fees,
        file_key=row.key,
        **_said_of_payer(row, batch)._asdict(),
    )


def _resembling(match: Match) -> str:
    return f"Payment, not attached yet. {match.note}"[:500] if match.outcome == Outcome.SIMILAR else ""


def sums_of(matches: Iterable[Match], *outcomes: Outcome) -> dict[str, Decimal]:
    """Currency → what the rows with these outcomes come to."""
    sums: dict[str, Decimal] = {}
    for match in matches:
        if match.outcome in outcomes and match.row is not None:
            code = match.row.amount.currency.code
            sums[code] = sums.get(code, Decimal(0)) + match.row.amount.amount
    return sums


def totals_of(matches: Iterable[Match], *outcomes: Outcome) -> str:
    """`10.00 EUR, 25.00 USD`: what the rows with these outcomes come to."""
    return totals_text(sums_of(matches, *outcomes))


def _sum_up(run: PaymentImport, batch: PaymentBatch, by: Actor) -> None:
    totals = totals_of(run.matches, *BOOKED)
    run.notices.append(f"They come to {totals}.")
    if unattached := sum(run.count(outcome) for outcome in WAITING):
        run.notices.append(
            f"{pluralize(unattached, 'payment')} could not be matched and "
            f"{'waits' if unattached == 1 else 'wait'} unattached: {totals_of(run.matches, *WAITING)}."
        )
    if similar := run.count(Outcome.SIMILAR):
        run.notices.append(f"{similar:,} of them {'resembles' if similar == 1 else 'resemble'} another payment.")
    if left_out := run.count(Outcome.LEFT_OUT):
        what = "was left out: it is no payment" if left_out == 1 else "were left out: they are no payments"
        run.notices.append(f"{pluralize(left_out, 'row')} {what}.")
    Activity.objects.record(
        by=by,
        client=None,
        verb="payments.imported",
        summary=f"{pluralize(run.imported, 'payment')} of {totals} imported",
        note=run.file,
        data={
            "imported": run.imported,
            "batch": batch.pk,
            "unattached": sum(run.count(outcome) for outcome in WAITING),
            "already_there": run.already_there,
            "left_out": run.count(Outcome.LEFT_OUT) + run.bad.count,
        },
    )
