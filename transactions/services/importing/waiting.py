"""Whose money a payment that waits may be: looked for anew each time, so that it is never out of date."""

from collections.abc import Iterable

from transactions.models import Transaction
from transactions.selectors.payers import BETWEEN_PARTS

from .clues import find_clues
from .evidence import Candidate, Taken, Told, candidates_of


def candidates_of_waiting(transactions: Iterable[Transaction]) -> dict[int, list[Candidate]]:
    """By the id of each transaction that is unattached: the clients whose money it may be, the best first.

    A fixed number of queries for any number of transactions, and none where all are attached.
    """
    told = [_told_by(row) for row in transactions if row.is_unattached and row.amount_in.amount]
    if not told:
        return {}
    taken = Taken()
    return {each.key: candidates_of(each, clues, taken) for each, clues in zip(told, find_clues(told), strict=True)}


def _told_by(row: Transaction) -> Told:
    """What was kept of the row. Of before the payer had columns of his own, his name stands first in the note."""
    parts = row.note.split(BETWEEN_PARTS)
    name = row.payer_name or parts[0][:300]
    return Told(row.pk, row.amount_in, name, row.payer_account, "", (*parts, row.payer_reference))
