"""A client's statement of account for a period: what was charged, paid and credited, with running balances."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone
from djmoney.money import Money

from billing_admin.db.days import end_of
from billing_admin.documents import words
from clients.models import Client
from invoices.models.write_off import BY_PAYMENT


@dataclass(frozen=True)
class StatementLine:
    """One movement: `change` with its sign, and the balance of its account after it.

    `kind` is one of the words of documents, `number` the invoice or credit note that it names, `invoice` the invoice
    that a credit note is of. `described` is what we wrote down in English when it was booked, `note` what was typed.
    """

    on: datetime.date
    kind: str
    number: str
    invoice: str
    described: str
    note: str
    reference: str
    invoice_id: int | None
    change: Money
    balance: Money

    @property
    def what(self) -> str:
        """What the line is, as on our screens: in the words of the day it was booked, where there are any."""
        return self._said(self.described or ("" if self.note else self._word("en")), "en")

    def said_in(self, language: str) -> str:
        """What the line is, in a language of documents. What was typed, and references, follow as they are."""
        return self._said(self._word(language), language)

    def _word(self, language: str) -> str:
        return words(language)[self.kind].format(number=self.number, invoice=self.invoice)

    def _said(self, what: str, language: str) -> str:
        if what and self.note:
            what = words(language)["with_note"].format(what=what, note=self.note)
        return " · ".join(part for part in (what or self.note, self.reference) if part)

    @property
    def settled(self) -> Money:
        """What the line took off, without its sign."""
        return -self.change


@dataclass(frozen=True)
class Account:
    """One currency: what the client owed, and what it held in credit, before the period, line by line, and after it."""

    currency: str
    owed_before: Money
    owed: list[StatementLine]
    held_before: Money
    held: list[StatementLine]

    @property
    def owed_after(self) -> Money:
        """What the client owes at the end of the period."""
        return self.owed[-1].balance if self.owed else self.owed_before

    @property
    def held_after(self) -> Money:
        """What the client holds in credit at the end of the period."""
        return self.held[-1].balance if self.held else self.held_before


# Read once: with a status beside the client, PostgreSQL would also look through everybody's invoices of that status.
_OWN = "SELECT * FROM invoices_invoice WHERE client_id = %(client)s"

# What is owed moves by: invoices issued, cancelled, marked Refunded, credit notes, write-offs and their reversal, money
# in and out on an invoice, credit applied and taken off. What was settled on an invoice before it was cancelled came
# off first, and a write-off is taken back before what pays or credits it: on the day of the payment, which may have
# been booked later, but not before it was written off. Of an imported invoice that had ended nothing is owed.
_OWED = """
    SELECT invoice.currency, invoice.issued_on AS day, 1 AS place, invoice.id AS sort, invoice.id AS invoice_id,
           'invoice_issued' AS kind, invoice.label AS number, '' AS invoice, '' AS described, '' AS note,
           '' AS reference, invoice.total AS change
    FROM own invoice WHERE invoice.status <> 'draft'
    UNION ALL
    SELECT note.currency, note.issued_on, 4, note.id, note.invoice_id, 'credit_note_for', note.label, invoice.label,
           '', '', '', -note.total
    FROM invoices_creditnote note JOIN own invoice ON invoice.id = note.invoice_id
    WHERE note.client_id = %(client)s
    UNION ALL
    SELECT written.currency,
           greatest((reversed.created_at AT TIME ZONE %(zone)s)::date,
                    least((written.created_at AT TIME ZONE %(zone)s)::date, paid.date)),
           2, written.id, written.invoice_id,
           CASE WHEN written.amount > 0 THEN 'written_off' ELSE 'write_off_reversed' END, invoice.label, '', '', '',
           '', -written.amount
    FROM invoices_writeoff written JOIN own invoice ON invoice.id = written.invoice_id
    LEFT JOIN invoices_writeoff reversed ON reversed.id = written.reverses_id
    LEFT JOIN LATERAL (SELECT money.date FROM transactions_transaction money
                       WHERE money.invoice_id = written.invoice_id AND money.amount_in > 0
                         AND money.created_at >= written.created_at
                       ORDER BY money.created_at, money.id LIMIT 1) paid ON written.description = %(by_payment)s
    WHERE written.client_id = %(client)s
    UNION ALL
    SELECT invoice.currency, coalesce(given_back.day, invoice.issued_on), 5, invoice.id, invoice.id,
           'invoice_refunded', invoice.label, '', '', '', '', -invoice.balance_due
    FROM own invoice
    LEFT JOIN (SELECT invoice_id, max(date) AS day FROM transactions_transaction
               WHERE client_id = %(client)s AND amount_out > 0 GROUP BY invoice_id) given_back
      ON given_back.invoice_id = invoice.id
    WHERE invoice.status = 'refunded' AND invoice.origin <> 'history'
    UNION ALL
    SELECT invoice.currency, (invoice.cancelled_at AT TIME ZONE %(zone)s)::date, 6, invoice.id, invoice.id,
           'invoice_cancelled', invoice.label, '', '', '', '', -invoice.total
    FROM own invoice WHERE invoice.status = 'cancelled' AND invoice.origin <> 'history'
    UNION ALL
    SELECT invoice.currency,
           coalesce((coalesce(invoice.paid_at, invoice.cancelled_at) AT TIME ZONE %(zone)s)::date, moved.day,
                    invoice.issued_on),
           6, invoice.id, invoice.id, 'settled_elsewhere', invoice.label, '', '', '', '',
           coalesce(moved.amount, 0) + coalesce(used.amount, 0) - invoice.total
    FROM own invoice
    LEFT JOIN (SELECT invoice_id, max(date) AS day, sum(amount_in - amount_out) AS amount FROM transactions_transaction
               WHERE client_id = %(client)s GROUP BY invoice_id) moved ON moved.invoice_id = invoice.id
    LEFT JOIN (SELECT invoice_id, -sum(amount) AS amount FROM credits_creditentry
               WHERE client_id = %(client)s GROUP BY invoice_id) used ON used.invoice_id = invoice.id
    WHERE invoice.origin = 'history'
    UNION ALL
    SELECT paid.currency, paid.date, 3, paid.id, paid.invoice_id,
           CASE WHEN paid.amount_out = 0 THEN 'payment_of' WHEN paid.kind = 'moved' THEN 'moved_to_credit'
                WHEN paid.kind = 'reversal' THEN 'reversal_of' ELSE 'refund_of' END,
           paid.invoice_label, '',
           CASE WHEN paid.note = '' AND paid.kind <> 'reversal' THEN paid.description ELSE '' END, paid.note,
           paid.reference, paid.amount_out - paid.amount_in
    FROM transactions_transaction paid WHERE paid.client_id = %(client)s AND paid.invoice_id IS NOT NULL
    UNION ALL
    SELECT entry.currency, (entry.at AT TIME ZONE %(zone)s)::date, 2, min(entry.id), entry.invoice_id,
           CASE WHEN entry.kind = 'apply' THEN 'credit_applied_to' ELSE 'credit_taken_off' END, invoice.label,
           '', '', '', '', sum(entry.amount)
    FROM credits_creditentry entry JOIN own invoice ON invoice.id = entry.invoice_id
    WHERE entry.client_id = %(client)s
    GROUP BY entry.currency, entry.at, entry.kind, entry.invoice_id, invoice.label
"""

_HELD = """
    SELECT entry.currency, (entry.at AT TIME ZONE %(zone)s)::date, 0, min(entry.id), entry.invoice_id,
           CASE WHEN entry.kind = 'apply' THEN 'credit_applied_to' WHEN entry.kind = 'release' THEN 'credit_taken_off'
                WHEN entry.kind = 'grant' AND given.kind IN ('overpayment', 'refund') THEN given.kind
                ELSE 'credit_' || entry.kind END AS told,
           coalesce(invoice.label, ''), '', entry.description, entry.note, '', sum(entry.amount)
    FROM credits_creditentry entry
    JOIN credits_creditgrant given ON given.client_id = entry.client_id AND given.id = entry.grant_id
    LEFT JOIN own invoice ON invoice.id = entry.invoice_id
    WHERE entry.client_id = %(client)s AND entry.at < %(end)s
    GROUP BY entry.currency, entry.at, told, entry.invoice_id, invoice.label, entry.description, entry.note
"""

# Movements before the period are one sum; those in it are lines.
_LINES = """
    WITH own AS ({own}),
         movement (currency, day, place, sort, invoice_id, kind, number, invoice, described, note, reference, change)
             AS ({movements})
    SELECT currency, NULL::date, 0, 0::bigint, NULL::bigint, '', '', '', '', '', '', sum(change)
    FROM movement WHERE day < %(first)s
    GROUP BY currency
    UNION ALL
    SELECT * FROM movement WHERE day BETWEEN %(first)s AND %(last)s AND change <> 0
    ORDER BY 1, 2 NULLS FIRST, 3, 4
"""


def statement(client: Client, first: datetime.date, last: datetime.date) -> list[Account]:
    """Every currency in which anything moved up to `last`, the client's own first. Two queries.

    What is owed is by the days of the documents and payments, credit by the day it was booked. Of an invoice marked
    Refunded nothing is owed from the day of its last refund on.
    """
    owed = _read(_OWED, client, first, last)
    held = _read(_HELD, client, first, last)
    currencies = sorted({*owed, *held}, key=lambda code: (code != client.currency, code))
    accounts = []
    for currency in currencies:
        owed_before, owed_lines = owed.get(currency, (Money(0, currency), []))
        held_before, held_lines = held.get(currency, (Money(0, currency), []))
        accounts.append(Account(currency, owed_before, owed_lines, held_before, held_lines))
    return accounts


def _read(
    movements: str, client: Client, first: datetime.date, last: datetime.date
) -> dict[str, tuple[Money, list[StatementLine]]]:
    parameters: dict[str, Any] = {
        "client": client.pk,
        "first": first,
        "last": last,
        "end": end_of(last),
        "by_payment": BY_PAYMENT,
        "zone": timezone.get_default_timezone_name(),
    }
    found: dict[str, tuple[Money, list[StatementLine]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(own=_OWN, movements=movements), parameters)
        for currency, day, _, _, invoice_id, kind, number, invoice, described, note, reference, change in cursor:
            moved = Money(Decimal(change), currency)
            if day is None:
                found[currency] = (moved, [])
                continue
            before, lines = found.setdefault(currency, (Money(0, currency), []))
            balance = (lines[-1].balance if lines else before) + moved
            said = (kind, number, invoice, described, note, reference)
            lines.append(StatementLine(day, *said, invoice_id, moved, balance))
    return found
