"""Finding out what each payment of a file is for: known already, for which invoices, or nobody knows."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import batched
from typing import NamedTuple

from billing_admin.csv_files.rows import BadRow

from .clues import find_clues
from .evidence import Bill, Candidate, Taken, Told, weigh
from .identity import Identity
from .rows import LeftOut, PaymentRow, ReadRow


class Outcome(StrEnum):
    """What becomes of a row."""

    PAYS = "pays"
    UNATTACHED = "unattached"
    SIMILAR = "resembles another"
    ALREADY = "already"
    LEFT_OUT = "left out"
    BAD = "bad"


# What is booked and waits for staff, and all that is booked.
WAITING = (Outcome.UNATTACHED, Outcome.SIMILAR)
BOOKED = (Outcome.PAYS, *WAITING)


class Match(NamedTuple):
    """What becomes of one row: the invoices that it pays, or why it pays none and whose it may be, the best first."""

    line: int
    outcome: Outcome
    note: str
    row: PaymentRow | None = None
    invoices: Sequence[Bill] = ()
    candidates: Sequence[Candidate] = ()


# So many rows are looked up at a time, so that a large file takes no more memory than these, and what was made of
# their texts is still there (`numbers_in_text.masked`).
_AT_ONCE = 1_000


def match_payments(rows: Iterable[ReadRow], *, accept_similar: bool = False) -> Iterator[Match]:
    """What becomes of each row, in the order of the file. A fixed number of queries for each thousand rows.

    A row that was booked before is known (`identity`); one that resembles another waits unless that is accepted; what
    becomes of the others is weighed (`evidence.weigh`).
    """
    identity, taken = Identity(), Taken()
    for some in batched(rows, _AT_ONCE, strict=False):
        yield from _matched(some, identity, taken, accept_similar=accept_similar)


def _matched(rows: Sequence[ReadRow], identity: Identity, taken: Taken, *, accept_similar: bool) -> Iterator[Match]:
    payments = [row for row in rows if isinstance(row, PaymentRow)]
    identity.look_up(payments)
    new = [row for row in payments if not _decided(row, identity, accept_similar=accept_similar)]
    clues = find_clues([told_by(row) for row in new])
    for row in rows:
        if isinstance(row, BadRow):
            yield Match(row.line, Outcome.BAD, row.reason)
        elif isinstance(row, LeftOut):
            yield Match(row.line, Outcome.LEFT_OUT, row.reason)
        elif (found := _decided(row, identity, accept_similar=accept_similar)) is not None:
            yield found
        else:
            verdict = weigh(told_by(row), next(clues), taken)
            outcome = Outcome.PAYS if verdict.invoices else Outcome.UNATTACHED
            yield Match(row.line, outcome, verdict.note, row, verdict.invoices, verdict.candidates)


def _decided(row: PaymentRow, identity: Identity, *, accept_similar: bool) -> Match | None:
    """What becomes of a row whatever it is for; None where that is to be weighed."""
    if (known := identity.known(row)) is not None:
        return Match(row.line, Outcome.BAD if known.is_fault else Outcome.ALREADY, known.note, row)
    if not accept_similar and (other := identity.resembling(row)):
        same = "payer" if row.name or row.account else "text"
        note = f"It resembles {other}: the same day, amount and {same}."
        return Match(row.line, Outcome.SIMILAR, note, row)
    return None


def told_by(row: PaymentRow) -> Told:
    """What a row of a file tells of who paid what."""
    return Told(row.line, row.amount, row.name, row.account, row.invoice, (row.text, row.payer_reference))
