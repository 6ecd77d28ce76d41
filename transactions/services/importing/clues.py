"""Finding what payments speak for: invoices, clients, and what staff chose for their payers before.

A fixed number of queries for any number of payments; what is looked for goes in as arrays, and an index leads to each.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection

from clients.models.lifecycle import CLIENTS_BY_NUMBER
from transactions.selectors.payers import fold_account

from .evidence import Bill, Clue, Clues, Kind, Party, Told
from .numbers_in_text import bare_numbers, client_numbers_in, digits_in, numbers_in

# So many clients of a name are shown; for what becomes of a payment, two are as good as a hundred.
MOST_OF_A_NAME = 5

# A name without any word, only signs, digits or single letters, is nobody's: `1` is not 1&1.
_WORD = re.compile(r"[^\W\d_]{2}")

_BILL = "invoice.id, client_id, label, number_prefix, number, status, invoice.currency, balance_due"
_NUMBERED = f"""
    SELECT {_BILL} FROM unnest(%(numbers)s::bigint[]) wanted (number) JOIN invoices_invoice invoice USING (number)
    ORDER BY invoice.id
"""
# By the index of each; no LIMIT within, for which the planner would rather read a table from its beginning.
_NAMED = f"""
    WITH wanted AS MATERIALIZED (SELECT name, name_words(name) AS words FROM unnest(%(names)s::text[]) given (name))
    SELECT DISTINCT name, client_id, kind FROM (
        SELECT wanted.name, found.*, dense_rank() OVER (PARTITION BY wanted.name ORDER BY found.client_id) AS place
        FROM wanted
        CROSS JOIN LATERAL (
            SELECT id AS client_id, '{Kind.NAME}' AS kind FROM clients_client
            WHERE company_name <> '' AND name_words(company_name) = words
            UNION ALL
            SELECT id, '{Kind.NAME}' FROM clients_client WHERE name_words(first_name || ' ' || last_name) = words
            UNION ALL
            SELECT client_id, '{Kind.CONTACT}' FROM clients_contact
            WHERE name_words(first_name || ' ' || last_name) = words
            UNION ALL
            SELECT kept_id, '{Kind.FORMER_NAME}' FROM clients_clientmerge
            WHERE name_words(discarded_snapshot ->> 'company_name') = words
            UNION ALL
            SELECT kept_id, '{Kind.FORMER_NAME}' FROM clients_clientmerge
            WHERE name_words((discarded_snapshot ->> 'first_name') || ' ' || (discarded_snapshot ->> 'last_name'))
                = words
            UNION ALL
            SELECT client_id, '{Kind.NAME_BEFORE}' FROM transactions_rememberedpayer
            WHERE kind = 'name' AND value = words
        ) found
    ) all_found WHERE place <= %(most)s ORDER BY name, client_id, kind
"""
_ACCOUNTS = """
    SELECT value, client_id FROM unnest(%(accounts)s::text[]) wanted (value)
    JOIN transactions_rememberedpayer USING (value) WHERE kind = 'account'
"""
_CLIENT_NUMBERS = f"""
    SELECT number, client_id FROM unnest(%(numbers)s::bigint[]) wanted (number)
    JOIN {CLIENTS_BY_NUMBER} known USING (number)
"""
_OWED = f"""
    SELECT {_BILL} FROM unnest(%(clients)s::bigint[], %(currencies)s::text[], %(amounts)s::numeric[])
        wanted (client_id, currency, amount)
    JOIN invoices_invoice invoice USING (client_id)
    WHERE status = 'unpaid' AND invoice.currency = wanted.currency AND balance_due = amount
    ORDER BY issued_on, invoice.id
"""
_PARTIES = """
    SELECT id, number, name FROM unnest(%(clients)s::bigint[]) wanted (id) JOIN clients_client USING (id)
"""


def find_clues(payments: Sequence[Told]) -> Iterator[Clues]:
    """What speaks for whom in each of the payments, in their order."""
    return _Lookup(payments).clues()


class _Lookup:
    def __init__(self, payments: Sequence[Told]) -> None:
        self._payments = payments
        numbers = {number for told in payments for text in _texts(told) for number in digits_in(text)}
        bills = [Bill(*row) for row in _rows(_NUMBERED, numbers=sorted(numbers))]
        self._bills = {(bill.prefix, bill.number): bill for bill in bills}
        self._by_number: dict[int, list[Bill]] = defaultdict(list)
        for bill in bills:
            self._by_number[bill.number].append(bill)
        self._prefixes = sorted({bill.prefix for bill in bills})
        names = sorted({told.name for told in payments if _WORD.search(told.name)})
        self._named: dict[str, list[tuple[int, Kind]]] = defaultdict(list)
        for name, client_id, kind in _rows(_NAMED, names=names, most=MOST_OF_A_NAME):
            self._named[name].append((client_id, Kind(kind)))
        accounts = {fold_account(told.account) for told in payments} - {""}
        self._accounts: dict[str, int] = dict(_rows(_ACCOUNTS, accounts=sorted(accounts)))
        client_numbers = {number for told in payments for text in told.texts for number in client_numbers_in(text)}
        self._client_numbers: dict[int, int] = dict(_rows(_CLIENT_NUMBERS, numbers=sorted(client_numbers)))
        self._clues = [self._of(told) for told in payments]
        clients = {clue.client_id for clues, *_ in self._clues for clue in clues}
        self._parties = {row[0]: Party(*row) for row in _rows(_PARTIES, clients=sorted(clients))}
        self._owed = self._find_owed()

    def clues(self) -> Iterator[Clues]:
        """In the order of the payments."""
        for told, (clues, numbers, in_full, is_bare, doubtful) in zip(self._payments, self._clues, strict=True):
            parties = {clue.client_id: self._parties[clue.client_id] for clue in clues}
            code, amount = told.amount.currency.code, told.amount.amount

            def owed(client_id: int, code: str = code, amount: Any = amount) -> Sequence[Bill]:
                return self._owed.get((client_id, code, amount), ())

            yield Clues(clues, parties, numbers, in_full, is_bare, doubtful, owed)

    def _of(self, told: Told) -> tuple[list[Clue], list[Bill], bool, bool, str]:
        column, in_full, is_bare, doubtful = self._in_column(told.invoice)
        text = [bill for part in told.texts for bill in self._in_text(part)]
        numbers = list(dict.fromkeys(column or text))
        clues = [Clue(Kind.INVOICE, bill.client_id, bill.label) for bill in dict.fromkeys([*column, *text])]
        clues += [
            Clue(Kind.CLIENT_NUMBER, self._client_numbers[number])
            for part in told.texts
            for number in client_numbers_in(part)
            if number in self._client_numbers
        ]
        clues += [Clue(kind, client_id) for client_id, kind in self._named.get(told.name, ())]
        if (client_id := self._accounts.get(fold_account(told.account))) is not None:
            clues.append(Clue(Kind.ACCOUNT_BEFORE, client_id))
        return list(dict.fromkeys(clues)), numbers, in_full, is_bare, doubtful

    def _in_text(self, text: str) -> list[Bill]:
        found = numbers_in(text, self._prefixes) if text else []
        return [self._bills[prefix, number] for prefix, number, _ in found if (prefix, number) in self._bills]

    def _in_column(self, text: str) -> tuple[list[Bill], bool, bool, str]:
        """By the column made for numbers, where a bare number does as well, if only one invoice has it."""
        bills, in_full, is_bare = [], bool(text), False
        for cell in re.split(r"[,;]", text):
            with_prefix = self._in_text(cell)
            bills += with_prefix
            folded = _plain(cell)
            in_full &= all(bill.prefix and _plain(bill.label) in folded for bill in with_prefix)
            for number in bare_numbers(cell, self._prefixes):
                found = self._by_number.get(number, [])
                if len(found) > 1:
                    may_be = " or ".join(bill.label for bill in found[:3])
                    return list(dict.fromkeys([*bills, *found])), False, True, f"“{number}” may be {may_be}."
                bills += found
                in_full, is_bare = False, is_bare or bool(found)
        return list(dict.fromkeys(bills)), in_full and bool(bills), is_bare, ""

    def _find_owed(self) -> dict[tuple[int, str, Any], list[Bill]]:
        wanted = sorted(
            {
                (clue.client_id, told.amount.currency.code, told.amount.amount)
                for told, (clues, numbers, *_) in zip(self._payments, self._clues, strict=True)
                for clue in clues
                if not any(bill.client_id == clue.client_id for bill in numbers)
            }
        )
        clients, currencies, amounts = zip(*wanted, strict=True) if wanted else ((), (), ())
        owed: dict[tuple[int, str, Any], list[Bill]] = defaultdict(list)
        for row in _rows(_OWED, clients=list(clients), currencies=list(currencies), amounts=list(amounts)):
            bill = Bill(*row)
            owed[bill.client_id, bill.currency, bill.due].append(bill)
        return owed


def _texts(told: Told) -> Iterable[str]:
    return (*re.split(r"[,;]", told.invoice), *told.texts)


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _rows(sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
