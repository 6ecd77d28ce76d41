"""Whether the payment of a row was booked before: from this file or another one, on the page, or by version 0.1.0."""

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from djmoney.money import Money

from billing_admin.money.amounts import money_text

from .former_keys import FormerReference
from .record_keys import LINE_DIGITS
from .rows import PaymentRow

# Two exports of a gateway may differ by so much; one id a month later is no id.
_DAYS_APART = datetime.timedelta(days=7)

_BY_FORMER_REFERENCE = """
    SELECT DISTINCT wanted.line
    FROM unnest(%(lines)s::integer[], %(methods)s::bigint[], %(references)s::text[], %(days)s::date[],
                %(amounts)s::numeric[], %(currencies)s::text[])
        AS wanted (line, method_id, reference, day, amount, currency)
    JOIN transactions_transaction paid ON paid.payment_method_id = wanted.method_id
        AND paid.reference = wanted.reference AND paid.part = 1 AND paid.date = wanted.day
        AND paid.currency = wanted.currency AND paid.file_key IS NULL
    WHERE wanted.amount = (
        SELECT sum(amount_in) FROM transactions_transaction part
        WHERE part.id = paid.id OR part.part_of_id = paid.id AND part.kind = 'payment')
"""

# Rows of files with the same day, amount and payer, by his name or account, so that each is looked up and not every
# row of the day. Those of before the upgrade have the payer in their note. Where neither says who paid, what is said
# instead counts: invoice and text.
_RESEMBLING = """
    WITH wanted AS MATERIALIZED (
        SELECT *, search_fold(name) AS folded
        FROM unnest(%(lines)s::integer[], %(days)s::date[], %(amounts)s::numeric[], %(currencies)s::text[],
                    %(methods)s::bigint[], %(names)s::text[], %(accounts)s::text[], %(keys)s::text[],
                    %(invoices)s::text[], %(texts)s::text[])
            AS wanted (line, day, amount, currency, method_id, name, account, key, invoice, text)
    ), paid AS MATERIALIZED (
        SELECT first.id, first.date AS day, first.currency::text, first.payment_method_id AS method_id,
               left(coalesce(first.file_key, ''), %(digits)s) AS key, search_fold(first.payer_name) AS folded,
               first.payer_account AS account, first.amount_in + coalesce((
                   SELECT sum(amount_in) FROM transactions_transaction part
                   WHERE part.part_of_id = first.id AND part.kind = 'payment'), 0) AS amount,
               CASE WHEN first.file_key IS NOT NULL AND first.batch_id IS NULL THEN search_fold(first.note) END AS note,
               CASE WHEN first.file_key IS NOT NULL AND first.payer_name || first.payer_account = ''
                    THEN search_fold(first.note || ' ' || first.invoice_label) END AS said
        FROM transactions_transaction first
        WHERE first.date IN (SELECT day FROM wanted) AND first.part = 1 AND first.kind = 'payment'
    )
    SELECT line, min(id) FROM (
        SELECT line, id, wanted.key AS wanted_key, paid.key FROM wanted JOIN paid USING (day, currency, amount, folded)
        WHERE folded <> ''
        UNION ALL
        SELECT line, id, wanted.key, paid.key FROM wanted JOIN paid USING (day, currency, amount, account)
        WHERE account <> ''
        UNION ALL
        SELECT line, id, wanted.key, paid.key FROM wanted JOIN paid USING (day, currency, amount, method_id)
        WHERE wanted.folded <> '' AND strpos(note, wanted.folded) > 0
        UNION ALL
        SELECT line, id, wanted.key, paid.key FROM wanted JOIN paid USING (day, currency, amount, method_id)
        WHERE name || wanted.account = ''
          AND (strpos(said, search_fold(wanted.invoice)) > 0 AND wanted.invoice <> ''
               OR strpos(said, search_fold(wanted.text)) > 0 AND (wanted.text <> '' OR wanted.invoice = ''))
    ) resembling WHERE left(wanted_key, %(digits)s) <> key GROUP BY line
"""

_BY_REFERENCE = """
    SELECT reference, currency, sum(amount_in), min(date), bool_or(file_key IS NOT NULL) FROM transactions_transaction
    WHERE payment_method_id = %s AND reference = ANY(%s) GROUP BY reference, currency
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A row that was booked before, or whose id was with other figures, which is a fault."""

    note: str
    is_fault: bool = False


@dataclass(frozen=True, slots=True)
class _Booked:
    amount: Decimal
    currency: str
    on: datetime.date
    from_file: bool


class Identity:
    """What is known of the rows of a file, which are looked up some at a time in the order of the file."""

    def __init__(self) -> None:
        self._first_former: set[tuple[int, str]] = set()
        self._first_alike: dict[bytes, bytes] = {}

    def look_up(self, rows: Sequence[PaymentRow]) -> None:
        """Find out what is known of the next rows. A few queries, and one per method."""
        self._keys = _booked_keys([key for row in rows for key in (row.key, *row.former_keys)])
        self._by_reference = _booked_references(rows)
        self._by_former_reference = _lines_of_former_references(rows, self._first_former)
        new = [row for row in rows if not row.reference and self.known(row) is None]
        self._resembling = _resembling_booked(new)
        self._resembling |= _resembling_in_file(new, self._first_alike)

    def known(self, row: PaymentRow) -> Known | None:
        """What tells that the row was booked before."""
        if row.key in self._keys or not self._keys.isdisjoint(row.former_keys):
            return Known("This row was booked before.")
        if row.line in self._by_former_reference:
            return Known("This row was booked before, under its reference.")
        booked = self._by_reference.get((row.method.pk, row.reference)) if row.reference else None
        if booked is None:
            return None
        said = f"{row.method} “{row.reference}” was booked before"
        if (booked.amount, booked.currency) != (row.amount.amount, row.amount.currency.code):
            figures = money_text(Money(booked.amount, booked.currency))
            return Known(f"{said} with {figures}; the file says {money_text(row.amount)}.", is_fault=True)
        if self._days_too_far(row, booked):
            return Known(
                f"{said} for {booked.on:%-d %b %Y}; the file says {row.on:%-d %b %Y}. Where payers write it, say in "
                "the format that it is the payer’s reference.",
                is_fault=True,
            )
        return Known(f"{said}.")

    def _days_too_far(self, row: PaymentRow, booked: _Booked) -> bool:
        """Whether two payments of one id are of such different days that it is none. What was typed has any day."""
        apart = abs(booked.on - row.on)
        return apart > _DAYS_APART if booked.from_file and row.id_is_sure else bool(apart) and not row.id_is_sure

    def resembling(self, row: PaymentRow) -> str:
        """What another line of the same day, amount and payer is called; empty where there is none."""
        return self._resembling.get(row.line, "")


def _booked_keys(keys: list[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT file_key FROM transactions_transaction WHERE file_key = ANY(%s)", [keys])
        return {key for (key,) in cursor.fetchall()}


def _booked_references(rows: Sequence[PaymentRow]) -> dict[tuple[int, str], _Booked]:
    by_method: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        if row.reference:
            by_method[row.method.pk].append(row.reference)
    found: dict[tuple[int, str], _Booked] = {}
    for method_id, references in by_method.items():
        with connection.cursor() as cursor:
            cursor.execute(_BY_REFERENCE, [method_id, references])
            for reference, currency, *booked in cursor.fetchall():
                amount, on, from_file = booked
                found[method_id, reference] = _Booked(amount, currency, on, from_file)
    return found


def _lines_of_former_references(rows: Sequence[PaymentRow], before: set[tuple[int, str]]) -> set[int]:
    """Of several rows with one reference 0.1.0 booked the first. `before` has those of earlier rows; these join it."""
    former: dict[tuple[int, str], tuple[int, FormerReference]] = {}
    for row in rows:
        for name in row.former_references:
            if (name.method_id, name.reference) not in before:
                former.setdefault((name.method_id, name.reference), (row.line, name))
    before.update(former)
    if not former:
        return set()
    lines, names = zip(*former.values(), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            _BY_FORMER_REFERENCE,
            {
                "lines": list(lines),
                "methods": [name.method_id for name in names],
                "references": [name.reference for name in names],
                "days": [name.on for name in names],
                "amounts": [name.amount for name in names],
                "currencies": [name.currency for name in names],
            },
        )
        return {line for (line,) in cursor.fetchall()}


def _resembling_booked(rows: Sequence[PaymentRow]) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            _RESEMBLING,
            {
                "lines": [row.line for row in rows],
                "days": [row.on for row in rows],
                "amounts": [row.amount.amount for row in rows],
                "currencies": [row.amount.currency.code for row in rows],
                "methods": [row.method.pk for row in rows],
                "names": [row.name for row in rows],
                "accounts": [row.account for row in rows],
                "keys": [row.key for row in rows],
                "invoices": [row.invoice for row in rows],
                "texts": [row.text for row in rows],
                "digits": LINE_DIGITS,
            },
        )
        return {line: f"Transaction {pk}" for line, pk in cursor.fetchall()}


def _resembling_in_file(rows: Sequence[PaymentRow], seen: dict[bytes, bytes]) -> dict[int, str]:
    """`seen` has the line of the first row of each day, amount and payer and what tells its text; these rows join it.

    By digests, and both packed: it has a row of the whole file each.
    """
    found = {}
    for row in rows:
        payers = [payer for payer in (row.account, " ".join(row.name.casefold().split())) if payer]
        for payer in payers or [f"{row.invoice}\n{row.text}"]:
            alike = f"{row.on} {row.amount.amount.normalize()} {row.amount.currency.code} {payer}"
            mine = row.line.to_bytes(4) + _digest(row.key[:LINE_DIGITS])
            first = seen.setdefault(_digest(alike), mine)
            if first[4:] != mine[4:]:
                found[row.line] = f"line {int.from_bytes(first[:4])}"
    return found


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
