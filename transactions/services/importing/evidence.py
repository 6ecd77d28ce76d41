"""What a payment tells of who paid what, weighed: what books by itself, and what waits for staff.

Pure functions: what was found in the database comes in as `Clues`. A wrong credit is worse than a payment that waits,
so everything that speaks for a second client makes it wait, whatever speaks for the first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlencode

from djmoney.money import Money

from billing_admin.money.amounts import money_text
from invoices.models import Invoice


class Told(NamedTuple):
    """What a row of a file, or a payment that waits, tells. `key` is its line, or the transaction's id.

    `invoice` is the text of a column made for invoice numbers; `texts` are the others, which are never joined.
    """

    key: int
    amount: Money
    name: str
    account: str
    invoice: str
    texts: tuple[str, ...]


class Bill(NamedTuple):
    """An invoice as the rows of a file need it."""

    pk: int
    client_id: int
    label: str
    prefix: str
    number: int
    status: str
    currency: str
    due: Decimal


class Party(NamedTuple):
    """A client that something speaks for."""

    pk: int
    number: int
    name: str


class Kind(StrEnum):
    """What speaks for a client."""

    INVOICE = "invoice"
    CLIENT_NUMBER = "client number"
    NAME = "name"
    CONTACT = "contact"
    FORMER_NAME = "former name"
    ACCOUNT_BEFORE = "account before"
    NAME_BEFORE = "name before"


NAMES = (Kind.NAME, Kind.CONTACT, Kind.FORMER_NAME)

# What a clue says of its own client, and of another than the one looked at. `what` is the label of the invoice.
_SAID = {
    Kind.INVOICE: ("{what} is named in it.", "{what} of {client} is named in it."),
    Kind.CLIENT_NUMBER: ("Its client number is named in it.", "The client number of {client} is named in it."),
    Kind.NAME: ("The payer has its name.", "The payer has the name of {client}."),
    Kind.CONTACT: ("The payer has the name of its contact.", "The payer has the name of a contact of {client}."),
    Kind.FORMER_NAME: (
        "The payer has the name of a client that was merged into it.",
        "The payer has the name of a client that was merged into {client}.",
    ),
    Kind.ACCOUNT_BEFORE: (
        "Staff attached money from this account to it before.",
        "Staff attached money from this account to {client} before.",
    ),
    Kind.NAME_BEFORE: (
        "Staff attached money of this payer to it before.",
        "Staff attached money of this payer to {client} before.",
    ),
}


class Clue(NamedTuple):
    """Something that speaks for a client."""

    kind: Kind
    client_id: int
    what: str = ""


@dataclass(slots=True)
class Clues:
    """What was found to a payment.

    `numbers` are the invoices that it names, those of the column for them where there are any. `in_full`: that column
    has them as they are printed; `is_bare`: it has one without what stands before it, as any order has. `doubtful`:
    numbers in it may be of several invoices. `owed` are the open invoices of exactly its amount, by client, the oldest
    first.
    """

    clues: list[Clue]
    parties: dict[int, Party]
    numbers: list[Bill] = field(default_factory=list)
    in_full: bool = False
    is_bare: bool = False
    doubtful: str = ""
    owed: Callable[[int], Sequence[Bill]] = lambda client_id: ()


class Candidate(NamedTuple):
    """A client whose money it may be, the invoices that it may be for, and what speaks for and against that."""

    client: Party
    invoices: list[str]
    speaks_for: list[str]
    speaks_against: list[str]

    @property
    def address_query(self) -> str:
        """What the address of the popup that attaches money gets, so that client and invoices stand in it."""
        return urlencode({"client": self.client.number, "invoices": " ".join(self.invoices)})


@dataclass(slots=True)
class Verdict:
    """The invoices that a payment pays; without any it waits. Why, in words, and whom it may be of."""

    note: str
    invoices: list[Bill] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)


class Taken:
    """What earlier rows of the same file pay of invoices that they have in common."""

    def __init__(self) -> None:
        self._by_invoice: dict[int, tuple[Decimal, int]] = {}

    def left(self, bill: Bill) -> Decimal:
        """What is still due on it."""
        return bill.due - self._by_invoice.get(bill.pk, (Decimal(0), 0))[0]

    def by_line(self, bill: Bill) -> int:
        """The last line that pays it; 0 where none does."""
        return self._by_invoice.get(bill.pk, (Decimal(0), 0))[1]

    def take(self, bills: Sequence[Bill], amount: Decimal, line: int) -> Decimal:
        """Pay these in their order; returns what is left of the amount then."""
        for bill in bills:
            part = min(amount, self.left(bill))
            self._by_invoice[bill.pk] = (bill.due - self.left(bill) + part, line)
            amount -= part
        return amount


def weigh(told: Told, clues: Clues, taken: Taken) -> Verdict:
    """What becomes of the payment: the table of what books by itself; all else waits.

    - It speaks for more than one client: waits, whatever else there is.
    - Invoice numbers of one client, and exactly what is due on them. A bare number in the column made for them is one
      only where the payer has no name that says something else.
    - Invoice numbers, and that client's name or client number: any amount; what is more becomes credit.
    - Invoice numbers as they are printed in the column made for them, and no name in the file: up to what is due.
    - The name of exactly one client, and exactly the amount of an open invoice of it: the oldest such.
    """
    kinds = {clue.kind for clue in clues.clues}
    named = bool(kinds.intersection(NAMES))
    amount = told.amount.amount
    if len(clues.parties) != 1 or clues.doubtful:
        return _waits(told, clues, taken, _why_not_one(told, clues))
    (client,) = clues.parties.values()
    if clues.numbers:
        if refused := _why_not_payable(told, clues.numbers, taken):
            return _waits(told, clues, taken, refused)
        due = sum(taken.left(bill) for bill in clues.numbers)
        is_exact = amount == due and not (clues.is_bare and told.name)
        if is_exact or named or Kind.CLIENT_NUMBER in kinds or (clues.in_full and not told.name and amount < due):
            rest = taken.take(clues.numbers, amount, told.key)
            more = f"; {money_text(Money(rest, told.amount.currency))} becomes credit" if rest else ""
            return Verdict(f"{labels(clues.numbers)} of {client.name}{more}", clues.numbers)
        is_due = f"{money_text(Money(due, told.amount.currency))} is due on {labels(clues.numbers)} of {client.name}"
        who = f"no client is called {told.name}" if told.name else "nothing else says whose payment it is"
        return _waits(told, clues, taken, f"{is_due}, and {who}.")
    if named:
        free = [bill for bill in clues.owed(client.pk) if not taken.by_line(bill)]
        if free:
            taken.take(free[:1], amount, told.key)
            return Verdict(f"{free[0].label} of {client.name}, by name and amount", free[:1])
        why = f"No invoice number is in it, and {told.name} owes no invoice of {money_text(told.amount)}."
        return _waits(told, clues, taken, why)
    return _waits(told, clues, taken, f"No invoice number is in it; {_only(clues, client)}")


def labels(bills: Sequence[Bill]) -> str:
    """`INV-000001, INV-000002`."""
    return ", ".join(bill.label for bill in bills)


def _why_not_one(told: Told, clues: Clues) -> str:
    if clues.doubtful:
        return clues.doubtful
    if not clues.parties:
        if not told.name:
            return "No invoice number is in it, and no name."
        return f"No invoice number is in it, and no client is called {told.name}."
    if len({bill.client_id for bill in clues.numbers}) > 1:
        return f"{labels(clues.numbers)} belong to several clients."
    if all(clue.kind in NAMES for clue in clues.clues):
        return f"Several clients are called {told.name}."
    names = [party.name for party in clues.parties.values()]
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    return f"It speaks for {names[0]} and for {names[1]}{more}."


def _only(clues: Clues, client: Party) -> str:
    kind = clues.clues[0].kind
    what = "its client number" if kind is Kind.CLIENT_NUMBER else "what staff chose for this payer before"
    return f"only {what} speaks for {client.name}."


def _why_not_payable(told: Told, bills: Sequence[Bill], taken: Taken) -> str:
    """Why one of the invoices takes no money of this payment; empty where all do."""
    for bill in bills:
        if bill.currency != told.amount.currency.code:
            return f"{bill.label} is in {bill.currency}."
        if bill.status != "unpaid":
            return f"{bill.label} is {Invoice.Status(bill.status).label} already."
        if taken.left(bill) <= 0:
            return f"{bill.label} is paid by line {taken.by_line(bill)} of this file."
    return ""


def candidates_of(told: Told, clues: Clues, taken: Taken) -> list[Candidate]:
    """Whose payment it may be, the best first: by how much speaks for each, then by how little against it."""
    candidates = [_candidate(told, clues, taken, party) for party in clues.parties.values()]
    candidates.sort(key=lambda each: (-len(each.speaks_for), len(each.speaks_against), each.client.number))
    return candidates


def _waits(told: Told, clues: Clues, taken: Taken, why: str) -> Verdict:
    return Verdict(why, candidates=candidates_of(told, clues, taken))


def _candidate(told: Told, clues: Clues, taken: Taken, party: Party) -> Candidate:
    mine = [clue for clue in clues.clues if clue.client_id == party.pk]
    others = [clue for clue in clues.clues if clue.client_id != party.pk]
    speaks_for = [_SAID[clue.kind][0].format(what=clue.what) for clue in mine]
    against = [_SAID[clue.kind][1].format(what=clue.what, client=clues.parties[clue.client_id].name) for clue in others]
    bills = [bill for bill in clues.numbers if bill.client_id == party.pk]
    amount, currency = told.amount, told.amount.currency
    if clues.doubtful:  # of those that a number may mean, the one of this amount
        bills = [bill for bill in bills if (bill.due, bill.currency) == (amount.amount, currency.code)][:1] or bills[:1]
    if bills and (refused := _why_not_payable(told, bills, taken)):
        against.append(refused)
        bills = []
    elif bills:
        due = sum(taken.left(bill) for bill in bills)
        if due == amount.amount:
            speaks_for.append(f"{money_text(amount)} is exactly what is due on {labels(bills)}.")
        else:
            against.append(f"{money_text(Money(due, currency))} is due on {labels(bills)}, not {money_text(amount)}.")
    else:
        bills = [bill for bill in clues.owed(party.pk) if not taken.by_line(bill)][:1]
        if bills:
            speaks_for.append(f"It owes exactly {money_text(amount)} on {bills[0].label}.")
        else:
            against.append(f"It owes no invoice of exactly {money_text(amount)}.")
    if told.name and not any(clue.kind in NAMES for clue in clues.clues):
        against.append(f"No client is called {told.name}.")
    return Candidate(party, [bill.label for bill in bills], speaks_for, against)
