"""Clients that may be one and the same.

Looked for from one client at a time, newest first, by lookups that an index serves: the same e-mail address, phone or
tax ID, company name, name in the same town, or a similar name with a similar address. A page of a million clients costs
what a page of a thousand costs, because it looks at so many clients and no longer than so long.
"""

import time
from dataclasses import dataclass
from typing import Any

from django.db import connection

from clients.models import Client

# Clients looked at in one statement, others that each is paired with at a time, pairs on one page, seconds after which
# a page ends with what it has.
BATCH = 25
OTHERS = 10
PAIRS = 25
PATIENCE = 2.0

# Names at least this similar (by trigrams, 1 is the same), and addresses where both have one.
SIMILAR_NAME = 0.55
SIMILAR_ADDRESS = 0.4

# Whose likeness is measured: the neighbours in the order of names, and the newest of the same postcode. (Looked for in
# the trigram index, likeness took five seconds for one client among a million: names share too many trigrams.)
NEAR_BY_NAME = 20
NEAR_BY_POSTCODE = 50

_DIGITS = "regexp_replace({}.phone, '[^0-9]', '', 'g')"
# `+49 30` and `0049 30` are one number.
_NO_ZEROS = f"regexp_replace({_DIGITS.format('this')}, '^00', '')"
_MAILBOX = r"upper(regexp_replace({}.email, '\+[^@]*@', '@'))"
_PLAIN_TAX_ID = "upper(regexp_replace({}.tax_id, '[^A-Za-z0-9]', '', 'g'))"
_ADDRESS = "search_fold({0}.address_1 || ' ' || {0}.postcode || ' ' || {0}.city)"

# An older client for each reason. Each part is one index lookup for each client looked at; the columns' own emptiness
# keeps what nobody filled in from being "the same".
_SAME = f"""
    SELECT other.id, 1 AS strength, 'Same e-mail address' AS reason FROM clients_client other
    WHERE upper(other.email) = upper(this.email) AND this.email <> ''
    UNION ALL
    SELECT other.id, 2, 'Same tax ID' FROM clients_client other
    WHERE {_PLAIN_TAX_ID.format("other")} = {_PLAIN_TAX_ID.format("this")} AND other.tax_id <> '' AND this.tax_id <> ''
      AND {_PLAIN_TAX_ID.format("this")} <> ''
    UNION ALL
    SELECT other.id, 3, 'Same phone' FROM clients_client other
    WHERE {_DIGITS.format("other")} IN ({_NO_ZEROS}, '00' || {_NO_ZEROS}, {_DIGITS.format("this")})
      AND other.phone <> '' AND this.phone <> '' AND length({_DIGITS.format("this")}) >= 6
    UNION ALL
    SELECT other.id, 4, 'E-mail address alike but for “+…”' FROM clients_client other
    WHERE {_MAILBOX.format("other")} = {_MAILBOX.format("this")} AND other.email <> '' AND this.email <> ''
      AND upper(other.email) <> upper(this.email)
    UNION ALL
    SELECT other.id, 4, 'Same company name' FROM clients_client other
    WHERE other.sort_name = this.sort_name AND this.company_name <> '' AND other.company_name <> ''
    UNION ALL
    SELECT other.id, 4, 'Same name and town' FROM clients_client other
    WHERE other.sort_name = this.sort_name AND this.company_name = ''
      AND upper(other.city) = upper(this.city) AND this.city <> ''
"""

_SIMILAR = f"""
    SELECT DISTINCT other.id, 5, 'Similar name and address' FROM (
        (SELECT near.* FROM clients_client near WHERE (near.sort_name, near.id) < (this.sort_name, this.id)
         ORDER BY near.sort_name DESC, near.id DESC LIMIT {NEAR_BY_NAME})
        UNION ALL
        (SELECT near.* FROM clients_client near WHERE (near.sort_name, near.id) > (this.sort_name, this.id)
         ORDER BY near.sort_name, near.id LIMIT {NEAR_BY_NAME})
        UNION ALL
        (SELECT near.* FROM clients_client near WHERE near.postcode = this.postcode AND near.postcode <> ''
         ORDER BY near.id DESC LIMIT {NEAR_BY_POSTCODE})
    ) other
    WHERE similarity(other.sort_name, this.sort_name) >= {SIMILAR_NAME}
      AND trim({_ADDRESS.format("this")}) <> ''
      AND similarity({_ADDRESS.format("other")}, {_ADDRESS.format("this")}) >= {SIMILAR_ADDRESS}
"""
_OTHERS = f"{_SAME} UNION ALL {_SIMILAR}"

_PAIRS = f"""
    SELECT this.id, other.id, array_agg(other.reason ORDER BY other.strength)
    FROM (SELECT * FROM clients_client WHERE {{which}}) this
    CROSS JOIN LATERAL (
        SELECT * FROM ({_OTHERS}) others WHERE {{others}} LIMIT {OTHERS}
    ) other
    WHERE NOT EXISTS (
        SELECT FROM clients_notaduplicate decided
        WHERE decided.first_id = least(this.id, other.id) AND decided.second_id = greatest(this.id, other.id))
    GROUP BY this.id, other.id
    ORDER BY this.id DESC, min(other.strength), other.id DESC
"""
_OF_BATCH = _PAIRS.format(which="id = ANY(%(ids)s)", others="others.id < this.id")
_OF_ONE = _PAIRS.format(which="id = %(id)s", others="others.id <> this.id")


@dataclass(frozen=True)
class Pair:
    """Two clients that may be one, and why; `newer` was opened later."""

    newer: Client
    older: Client
    reasons: list[str]

    @property
    def both(self) -> tuple[Client, Client]:
        """The older one first."""
        return self.older, self.newer


@dataclass(frozen=True)
class PageOfPairs:
    """The pairs among the clients looked at; `next_before` leads on, None at the end."""

    pairs: list[Pair]
    looked_at: int
    next_before: int | None


def duplicates_page(before: int | None = None) -> PageOfPairs:
    """Look at clients below the id `before` (all, from the newest, without it) until a page is full or time is up."""
    deadline = time.monotonic() + PATIENCE
    found: list[tuple[int, int, list[str]]] = []
    looked_at = 0
    while True:
        clients = (
            Client.objects.order_by("-pk") if before is None else Client.objects.filter(pk__lt=before).order_by("-pk")
        )
        ids = list(clients.values_list("pk", flat=True)[:BATCH])
        if not ids:
            return PageOfPairs(_with_clients(found), looked_at, None)
        found += _run(_OF_BATCH, {"ids": ids})
        looked_at += len(ids)
        before = ids[-1]
        if len(found) >= PAIRS or time.monotonic() > deadline:
            more = Client.objects.filter(pk__lt=before).exists()
            return PageOfPairs(_with_clients(found), looked_at, before if more else None)


def duplicates_of_client(client: Client, limit: int = 10) -> list[Pair]:
    """What may be the same as this client, the strongest reason first; `newer` is this client in each pair."""
    return _with_clients(_run(_OF_ONE, {"id": client.pk})[:limit])


# Rows of a file up to which similar names and addresses are looked for, too; beyond, only what is the same.
SIMILAR_UP_TO = 10_000

_INCOMING = """
    SELECT 0::bigint AS id, line, coalesce(email, '') AS email, coalesce(phone, '') AS phone,
           coalesce(tax_id, '') AS tax_id, coalesce(company_name, '') AS company_name, coalesce(city, '') AS city,
           coalesce(address_1, '') AS address_1, coalesce(postcode, '') AS postcode,
           coalesce(nullif(company_name, ''), concat_ws(' ', first_name, last_name)) AS name,
           search_fold(coalesce(nullif(company_name, ''),
                       coalesce(last_name, '') || ' ' || coalesce(first_name, ''))) COLLATE "C" AS sort_name
    FROM incoming_client
"""
_OF_ROWS = f"""
    SELECT this.line, this.name, client.name, client.number, string_agg(other.reason, ', ' ORDER BY other.strength)
    FROM ({_INCOMING}) this
    CROSS JOIN LATERAL (SELECT * FROM ({{others}}) others LIMIT {OTHERS}) other
    JOIN clients_client client ON client.id = other.id
    GROUP BY this.line, this.name, client.name, client.number
    ORDER BY this.line, min(other.strength), client.number
"""
# The earlier line of the file that has the same; the strongest reason counts.
_WITHIN_ROWS = f"""
    WITH this AS MATERIALIZED ({_INCOMING}), first AS (
        SELECT line, name, 1 AS strength, 'Same e-mail address' AS reason,
               min(line) OVER (PARTITION BY upper(email)) AS first FROM this WHERE email <> ''
        UNION ALL
        SELECT line, name, 2, 'Same tax ID', min(line) OVER (PARTITION BY {_PLAIN_TAX_ID.format("this")})
        FROM this WHERE {_PLAIN_TAX_ID.format("this")} <> ''
        UNION ALL
        SELECT line, name, 3, 'Same phone', min(line) OVER (PARTITION BY {_NO_ZEROS})
        FROM this WHERE length({_DIGITS.format("this")}) >= 6
        UNION ALL
        SELECT line, name, 4, 'Same company name', min(line) OVER (PARTITION BY sort_name)
        FROM this WHERE company_name <> ''
        UNION ALL
        SELECT line, name, 4, 'Same name and town', min(line) OVER (PARTITION BY sort_name, upper(city))
        FROM this WHERE company_name = '' AND city <> ''
    )
    SELECT first.line, first.name, other.name || ' on line ' || other.line, NULL::bigint,
           string_agg(first.reason, ', ' ORDER BY first.strength)
    FROM first JOIN this other ON other.line = first.first
    WHERE first.first < first.line
    GROUP BY first.line, first.name, other.name, other.line
    ORDER BY first.line, min(first.strength)
"""


def duplicates_of_rows() -> list[tuple[int, str, str, int | None, str]]:
    """What the clients of a file that is being imported may be the same as: clients, and earlier lines of the file.

    Of each pair (line, name, name of the other, its number, reasons); a line has no number. Two statements for any
    number of rows in the temporary table `incoming_client`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM incoming_client")
        (rows,) = cursor.fetchone()
        cursor.execute(_OF_ROWS.format(others=_OTHERS if rows <= SIMILAR_UP_TO else _SAME))
        found = cursor.fetchall()
        cursor.execute(_WITHIN_ROWS)
        return sorted(found + cursor.fetchall(), key=lambda pair: pair[0])


def _run(sql: str, parameters: dict[str, Any]) -> list[tuple[int, int, list[str]]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _with_clients(found: list[tuple[int, int, list[str]]]) -> list[Pair]:
    clients = Client.objects.in_bulk({pk for this, other, _ in found for pk in (this, other)})
    return [Pair(clients[this], clients[other], reasons) for this, other, reasons in found]
