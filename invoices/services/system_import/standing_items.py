"""How each staged item stands: its terms here, and whether it comes."""

import json
import re
from typing import Any

from django.db import connection

from billing_admin.models import SystemImport

from .standing import EVERY_CLIENT, OF_THE_BATCH, parameters

_WORDS = {
    "weekly": "weekly", "monthly": "monthly", "quarterly": "quarterly", "semi-annually": "half_yearly",
    "half-yearly": "half_yearly", "annually": "yearly", "yearly": "yearly", "biennially": "two_yearly",
    "triennially": "three_yearly", "one time": "once", "one-time": "once", "onetime": "once", "once": "once",
    "free account": "free", "free": "free",
}  # fmt: skip
_COUNTED = re.compile(r"(?:every )?(?:(\d{1,3}) )?(week|month|year)s?")
_MONTHS = {1: "monthly", 3: "quarterly", 6: "half_yearly", 12: "yearly", 24: "two_yearly", 36: "three_yearly"}
_MONTHS_OF = {"once": 0, "weekly": 0} | {cycle: months for months, cycle in _MONTHS.items()}
_CYCLES = "SELECT DISTINCT lower(btrim(cycle)) FROM billing_admin_stageditem WHERE of_id = %s"

# In small letters. What is suspended is billed there all the same.
BILLED = ("active", "suspended", "")


def cycle_of(word: str) -> str | None:
    """Our cycle of a word there, in small letters; `free`, or None for what is none of ours."""
    if word in _WORDS:
        return _WORDS[word]
    if not (counted := _COUNTED.fullmatch(word)):
        return None
    count, unit = int(counted[1] or 1), counted[2]
    if unit == "week":
        return "weekly" if count == 1 else None
    return _MONTHS.get(count * (12 if unit == "year" else 1))


def item_parameters(run: SystemImport) -> dict[str, Any]:
    """What the statements about items take."""
    with connection.cursor() as cursor:
        cursor.execute(_CYCLES, [run.pk])
        cycles = {word: cycle for (word,) in cursor.fetchall() if (cycle := cycle_of(word))}
    return parameters(run) | {
        "cycles": json.dumps(cycles),
        "months": json.dumps(_MONTHS_OF),
        "billed": list(BILLED),
    }


# `terms` is the digest of what it is and costs, not of when it is due next: that moves with each invoice there.
# Due days are counted from the day that they are counted from there, where that leads to the next one; else from that.
_STANDING = """
    owner AS MATERIALIZED ({clients}),
    staged AS (
        SELECT item.*, owner.code, minor_units(owner.code) AS places, owner.source_id IS NOT NULL AS has_owner,
               owner.outcome AS owner_outcome, %(cycles)s::jsonb ->> lower(btrim(item.cycle)) AS cycle_here,
               lower(btrim(item.status)) AS word
        FROM billing_admin_stageditem item {join} owner ON owner.source_id = item.client_source_id
        WHERE item.of_id = %(run)s
    ),
    counted AS (
        SELECT staged.*, CASE
            WHEN starts_on > next_due_on OR cycle_here IN ('once', 'free') THEN NULL
            WHEN cycle_here = 'weekly' AND (next_due_on - starts_on) %% 7 = 0 THEN (next_due_on - starts_on) / 7
            WHEN months > 0 AND apart %% months = 0 THEN apart / months END AS periods
        FROM staged
        CROSS JOIN LATERAL (
            SELECT (%(months)s::jsonb ->> cycle_here)::int AS months,
                   ((extract(year FROM next_due_on) - extract(year FROM starts_on)) * 12
                    + extract(month FROM next_due_on) - extract(month FROM starts_on))::int AS apart
        ) distance
    ),
    begun AS (
        SELECT counted.*, CASE WHEN fits THEN starts_on ELSE next_due_on END AS starts,
               CASE WHEN fits THEN periods ELSE 0 END AS billed_before
        FROM counted CROSS JOIN LATERAL (
            SELECT coalesce(periods >= 0 AND due_date(starts_on, cycle_here, periods) = next_due_on, false) AS fits
        ) fitting
    ),
    standing AS (
        SELECT begun.*, hash_record_extended(ROW(description, quantity, amount, cycle_here, taxed, word), 0) AS terms,
               CASE WHEN times_left > 0 AND cycle_here <> 'once' THEN
            least(ends_on, due_date(starts, cycle_here, billed_before + least(times_left, 1200) - 1))
            ELSE ends_on END AS ends
        FROM begun
    )"""

ITEMS_OF_ALL = _STANDING.format(clients=EVERY_CLIENT, join="LEFT JOIN")
ITEMS_OF_BATCH = _STANDING.format(clients=OF_THE_BATCH, join="JOIN")
