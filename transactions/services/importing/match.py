"""Finding out what each payment of a file is for: known already, for which invoices, or nobody knows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Match:
    """What becomes of one row: the invoices that it pays, or why it pays none and whose it may be, the best first."""

    line: int
    outcome: Outcome
    note: str
    row: PaymentRow | None = None
    invoices: list[Bill] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)


def match_payments(rows: Sequence[ReadRow], *, accept_similar: bool = False) -> list[Match]:
    """What becomes of each row, in the order of the file. A fixed number of queries for any number of rows.

    A row that was booked before is known (`identity`); one that resembles another waits unless that is accepted; what
    becomes of the others is weighed (`evidence.weigh`).
    """
    payments = [row for row in rows if isinstance(row, PaymentRow)]
    identity = Identity(payments)
    new = [row for row in payments if not _decided(row, identity, accept_similar=accept_similar)]
    clues = find_clues([told_by(row) for row in new])
    taken = Taken()
    matches = []
    for row in rows:
        if isinstance(row, BadRow):
            matches.append(Match(row.line, Outcome.BAD, row.reason))
        elif isinstance(row, LeftOut):
            matches.append(Match(row.line, Outcome.LEFT_OUT, row.reason))
        elif (found := _decided(row, identity, accept_similar=accept_similar)) is not None:
            matches.append(found)
        else:
            verdict = weigh(told_by(row), next(clues), taken)
            outcome = Outcome.PAYS if verdict.invoices else Outcome.UNATTACHED
            matches.append(Match(row.line, outcome, verdict.note, row, verdict.invoices, verdict.candidates))
    return matches


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
