"""What must hold of the chain that activity is sealed in: each link, each row, whose it is, and what was signed off.

Part of the check of the ledger, and by itself what `manage.py verify_activity` does. See docs/decisions/0020.
"""

import datetime
from collections.abc import Iterator, Sequence

from django.db import connection

from clients.models import ActivitySeal, ActivitySignOff
from clients.models.activity_parts import HASH, IS_EMPTY, is_personal, personal
from clients.models.activity_seal import LINK

from .invariant import Invariant, Row

# OFFSET 0: each digest is cut out before anything is joined, or a join would carry all of them along with each.
_SEALED = """
    SELECT number, day, row_id, substring(flat FROM (32 * place - 31)::integer FOR 32) AS sealed_as
    FROM clients_activityseal CROSS JOIN LATERAL (SELECT hashes || ''::bytea AS flat OFFSET 0) read
    CROSS JOIN LATERAL unnest(row_ids) WITH ORDINALITY AS each (row_id, place)
    WHERE {since} OFFSET 0
"""
_WAITING = """
    SELECT unnest(row_ids) FROM clients_unsealed JOIN billing_admin_writtenrows written ON written.id = written_id
"""
_LINKS = f"""
    SELECT number, CASE
        WHEN number <> coalesce(last_number, 0) + 1 THEN coalesce('follows seal ' || last_number, 'is the first')
            || ': what stood before it was taken out, or it was numbered anew'
        ELSE 'of ' || day || ' is not what it was made as: its rows, their order or digests, its day or its link were '
            || 'changed, or those of the seal before' END, ''
    FROM (SELECT *, lag(number) OVER (ORDER BY number) AS last_number, lag(link) OVER (ORDER BY number) AS last_link
          FROM clients_activityseal) seal
    WHERE ({{since}}) AND (number <> coalesce(last_number, 0) + 1
        OR link IS DISTINCT FROM {LINK.format(before="coalesce(last_link, '')", seal="")})
"""
_HOLDS = f"""
    CASE WHEN personal IS NULL THEN salt IS NULL AND NOT {is_personal()} WHEN salt IS NULL THEN {IS_EMPTY}
    ELSE personal = {personal("salt")} END
"""
_ROWS = f"""
    SELECT row_id, CASE
        WHEN sealed_as = '\\x{"00" * 32}' THEN 'had been changed or taken out already when it was sealed, in seal '
        WHEN id IS NULL THEN 'is gone. It stood in seal '
        WHEN NOT is_sealed THEN 'is not what was sealed: what was done, by whom, when, from where or for which client '
            || 'it was written was changed, or it changed places with another. It stands in seal '
        WHEN salt IS NULL AND personal IS NOT NULL THEN 'was emptied, and something stands there again. It stands in '
            || 'seal '
        ELSE 'has something else typed into it than it was written with, or another salt. It stands in seal '
        END || number || ' of ' || day, ''
    FROM (SELECT *, sealed_as = {HASH} AS is_sealed, {_HOLDS} AS holds
          FROM ({_SEALED}) sealed LEFT JOIN clients_activity ON id = row_id
          LEFT JOIN (SELECT each.* FROM billing_admin_writtenrows
                     CROSS JOIN unnest(row_ids, client_ids) AS each (written_id, written_for)
                     WHERE table_name = 'clients_activity') written ON written_id = row_id) compared
    WHERE (is_sealed AND holds) IS NOT TRUE
    UNION ALL
    SELECT id, 'was slipped in: no seal has it, and it waits for none', '' FROM clients_activity
    WHERE id > {{horizon}} AND NOT EXISTS (SELECT FROM ({_SEALED}) sealed WHERE row_id = id)
      AND NOT EXISTS (SELECT FROM ({_WAITING}) waiting (row_id) WHERE row_id = id)
"""
# Half a minute passes before a row is sealed, or, where no queue worker runs, until the daily tasks: what is dated
# before the days on which others were sealed already was slipped in. What there was before the upgrade is sealed in the
# first days.
_DATED = f"""
    SELECT row_id, 'is dated ' || at::date || ', and came after what was sealed on ' || before || ': it stands in seal '
        || number || ' of ' || day, ''
    FROM ({_SEALED}) sealed JOIN clients_activity ON id = row_id
    JOIN (SELECT number, max(day) OVER (ORDER BY day RANGE BETWEEN UNBOUNDED PRECEDING AND '1 day' PRECEDING) AS before,
                 min(day) OVER () AS first FROM clients_activityseal) days USING (number)
    WHERE day > first + 1 AND at < before - 1
"""
# A deletion and the undo of a merge say in what they were written down by which rows they emptied.
_SAID = """
    SELECT jsonb_array_elements_text(data -> 'emptied') FROM clients_activity
    WHERE verb IN ('client.deleted', 'client.merge_undone') AND data ? 'emptied'
"""
_LISTED = "table_name = 'clients_activity' AND encode(sha256(convert_to(row_ids::text, 'UTF8')), 'hex')"
_UNSAID = f"""
    SELECT id, 'names activities that were emptied, and no deletion of a client or undone merge says so', ''
    FROM billing_admin_deletedrows WHERE {_LISTED} NOT IN ({_SAID})
"""
_EMPTIED = f"""
    SELECT coalesce(id, row_id), CASE WHEN row_id IS NULL
        THEN 'lost what was personal in it, and no deletion of a client or undone merge says so'
        ELSE 'was emptied with a client, and is gone since' END, ''
    FROM (SELECT activity.id, listed.row_id, activity.salt IS NULL AND activity.personal IS NOT NULL AS is_emptied
          FROM clients_activity activity FULL JOIN (
              SELECT DISTINCT unnest(row_ids) AS row_id FROM billing_admin_deletedrows WHERE {_LISTED} IN ({_SAID})
          ) listed ON listed.row_id = activity.id) compared
    WHERE row_id IS NULL AND is_emptied OR id IS NULL
"""
# Those that left a client who is still there are found by I10. A merge that moved some says so in an activity, too.
_MOVED = """
    SELECT present.id, CASE
        WHEN written.client_id IS NULL THEN 'was of no client when it was written, and is a client’s now'
        WHEN present.client_id IS NULL THEN 'was a client’s when it was written, and is nobody’s now'
        ELSE 'was another client’s when it was written, and no merge moved it to the one it has now' END, ''
    FROM billing_admin_writtenrows rows CROSS JOIN unnest(row_ids, client_ids) AS written (id, client_id)
    JOIN clients_activity present ON present.id = written.id AND present.client_id IS DISTINCT FROM written.client_id
    WHERE table_name = 'clients_activity' AND (written.client_id IS NULL OR present.client_id IS NULL
        OR NOT EXISTS (SELECT FROM clients_client WHERE id = written.client_id)
       AND NOT EXISTS (SELECT FROM clients_clientdeletion WHERE client_key = present.client_id)
       AND NOT EXISTS (
           SELECT FROM clients_clientmerge merge JOIN clients_mergedrows moved ON moved.merge_id = merge.id
           WHERE merge.kept_id = present.client_id AND moved.kind = 'activity' AND present.id = ANY (moved.row_ids)
             AND merge.id::text IN (SELECT data ->> 'merge' FROM clients_activity WHERE verb = 'client.merged')))
    UNION ALL
    SELECT id, 'is of a client who is neither there nor deleted', '' FROM clients_activity
    WHERE client_id IS NOT NULL AND NOT EXISTS (SELECT FROM clients_client WHERE id = client_id)
      AND NOT EXISTS (SELECT FROM clients_clientdeletion WHERE client_key = client_id)
"""
_SIGNED = """
    SELECT number, seal, count, link, signature, at, link_now, count_now
    FROM clients_activitysignoff LEFT JOIN (
        SELECT number AS seal, link AS link_now, sum(octet_length(hashes) / 32) OVER (ORDER BY number) AS count_now
        FROM clients_activityseal) now USING (seal)
    ORDER BY number
"""


def chain_rules(since: datetime.date | None = None) -> tuple[Invariant, ...]:
    """The rules, for all that was ever sealed, or for what was sealed on that day and later."""
    days, horizon = "true", "0"
    if since:
        days = f"day >= DATE '{since:%Y-%m-%d}'"
        horizon = f"(SELECT coalesce(max(row_ids[cardinality(row_ids)]), 0) FROM clients_activityseal WHERE NOT {days})"

    def within(sql: str) -> str:
        return sql.replace("{since}", days).replace("{horizon}", horizon)

    return (
        Invariant("I12", "seal", "{stored}", within(_LINKS), shown="is not what it was made as, or follows none"),
        Invariant(
            "I12", "activity", "{stored}", within(_ROWS),
            shown="is not what was sealed: changed, gone, slipped in, or in another place",
        ),
        Invariant(
            "I12", "activity", "{stored}", within(_DATED), shown="is dated before what was sealed before it",
        ),
        Invariant(
            "I12", "list of what was emptied", "{stored}", _UNSAID, shown="is of no deletion or undo that says so",
        ),
        Invariant("I12", "activity", "{stored}", _EMPTIED, shown="was emptied, and no deletion or undo says so"),
        Invariant("I12", "activity", "{stored}", _MOVED, shown="is not of the client that it was written for"),
        Invariant(
            "I12", "sign-off", "{stored}", find=signed_off,
            shown="is not signed by us, or the chain is not what was signed off",
        ),
    )  # fmt: skip


def signed_off() -> Iterator[Row]:
    """The sign-offs that are not genuine, or that the chain does not agree with any more."""
    before = 0
    with connection.cursor() as cursor:
        cursor.execute(_SIGNED)
        for *stored, link_now, count_now in cursor.fetchall():
            sign_off = ActivitySignOff(
                **dict(zip(("number", "seal", "count", "link", "signature", "at"), stored, strict=True))
            )
            gap = f"follows sign-off {before}: what stood between was taken out" if before else "is the first there is"
            if sign_off.number != before + 1:
                yield sign_off.number, gap, ""
            before = sign_off.number
            for words in _differing(sign_off, link_now, count_now):
                yield sign_off.number, words, ""


def kept_elsewhere(lines: Sequence[str]) -> Iterator[Row]:
    """The lines of a file of sign-offs that are not genuine, or that the chain does not agree with any more."""
    links = dict(ActivitySeal.objects.values_list("number", "link"))
    there = set(ActivitySignOff.objects.values_list("number", flat=True))
    for place, line in enumerate(lines, 1):
        if not line.strip():
            continue
        sign_off = ActivitySignOff.read(line)
        if sign_off is None:
            yield place, "cannot be read as a sign-off", ""
            continue
        if sign_off.number not in there:
            yield place, f"has sign-off {sign_off.number}, which the database has not", ""
        for words in _differing(sign_off, links.get(sign_off.seal), sign_off.count):
            yield place, words, ""


def _differing(sign_off: ActivitySignOff, link_now: bytes | memoryview | None, count_now: int) -> Iterator[str]:
    if not sign_off.is_genuine:
        yield "does not bear our signature: it was changed, or another secret key was in use then"
    elif link_now is None:
        yield f"of {sign_off.at:%-d %b %Y} names seal {sign_off.seal}, which is not there: the end was taken off"
    elif bytes(link_now) != bytes(sign_off.link):
        yield f"of {sign_off.at:%-d %b %Y} is of another chain: seal {sign_off.seal} and those before were made anew"
    elif count_now != sign_off.count:
        yield f"has {sign_off.count:,} activities, and its seals have {count_now:,}"
