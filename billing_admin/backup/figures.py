"""What a database holds, in figures: those of a backup and those of what was restored from it are to be equal."""

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier

_TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT EXISTS (
        SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
    ORDER BY relname
"""
_TOTALS = """
    SELECT currency, 'balances', sum(balance) FROM public.credits_creditaccount GROUP BY 1
    UNION ALL SELECT currency, 'entries', sum(amount) FROM public.credits_creditentry GROUP BY 1
    UNION ALL SELECT currency, 'remaining', sum(remaining) FROM public.credits_creditgrant GROUP BY 1
    UNION ALL (
        SELECT currency, kind, amount
        FROM (SELECT currency, sum(total), sum(amount_paid), sum(balance_due)
              FROM public.invoices_invoice WHERE status <> 'draft' GROUP BY 1) sums (currency, total, paid, due),
             LATERAL (VALUES ('invoiced', total), ('paid', paid), ('due', due)) each (kind, amount))
    UNION ALL (
        SELECT currency, kind, amount
        FROM (SELECT currency, sum(amount_in), sum(fees), sum(amount_out)
              FROM public.transactions_transaction GROUP BY 1) sums (currency, received, fees, given_back),
             LATERAL (VALUES ('received', received), ('fees', fees), ('given back', given_back)) each (kind, amount))
"""
_MIGRATIONS = "SELECT app || '.' || name FROM public.django_migrations ORDER BY 1"
_LAST_INVOICE = """
    SELECT label FROM public.invoices_invoice
    WHERE number_prefix = (SELECT number_prefix FROM public.invoices_invoice WHERE number IS NOT NULL
                           ORDER BY issued_on DESC, id DESC LIMIT 1)
    ORDER BY number DESC NULLS LAST LIMIT 1
"""
_LAST_SEAL = "SELECT number, encode(link, 'hex') FROM public.clients_activityseal ORDER BY number DESC LIMIT 1"


@dataclass(frozen=True)
class Figures:
    """Rows of each table, and per currency what the books come to; amounts as text, since no float touches them."""

    migrations: list[str]
    rows: dict[str, int]
    totals: dict[str, dict[str, str]]
    last_invoice: str
    last_seal: list[str]

    def differences(self, found: "Figures") -> list[str]:
        """In sentences, what was found otherwise than it is here."""
        said = [
            f"{table}: {self.rows.get(table, 0):,} rows were expected, {found.rows.get(table, 0):,} are there."
            for table in sorted(self.rows.keys() | found.rows.keys())
            if self.rows.get(table) != found.rows.get(table)
        ]
        expected, there = _flat(self.totals), _flat(found.totals)
        said += [
            f"{kind} {currency}: {expected.get((currency, kind), 'nothing')} was expected, "
            f"{there.get((currency, kind), 'nothing')} is there."
            for currency, kind in sorted(expected.keys() | there.keys())
            if expected.get((currency, kind)) != there.get((currency, kind))
        ]
        if (self.last_invoice, self.last_seal) != (found.last_invoice, found.last_seal):
            said.append("The last invoice or the last seal of the activity is another than was expected.")
        return said


def figures_of(session: psycopg.Connection) -> Figures:
    """The figures of the database, as the session's transaction sees it."""
    rows = {
        table: _value(session, SQL("SELECT count(*) FROM public.{}").format(Identifier(table)))
        for (table,) in session.execute(_TABLES).fetchall()
    }
    totals: dict[str, dict[str, str]] = {}
    for currency, kind, amount in sorted(session.execute(_TOTALS).fetchall()):
        totals.setdefault(currency, {})[kind] = str(amount)
    return Figures(
        migrations=[name for (name,) in session.execute(_MIGRATIONS).fetchall()],
        rows=rows,
        totals=totals,
        last_invoice=str(_value(session, SQL(_LAST_INVOICE)) or ""),
        last_seal=[str(part) for part in session.execute(_LAST_SEAL).fetchone() or ()],
    )


def _flat(totals: dict[str, dict[str, str]]) -> dict[tuple[str, str], str]:
    return {(currency, kind): amount for currency, kinds in totals.items() for kind, amount in kinds.items()}


def _value(session: psycopg.Connection, statement: SQL | Composed) -> Any:
    row = session.execute(statement).fetchone()
    return row[0] if row else None
