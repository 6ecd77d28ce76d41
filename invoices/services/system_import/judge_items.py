"""What becomes of each staged item."""

from django.db import connection

from billing_admin.models import SystemImport

from .standing_items import ITEMS_OF_ALL, item_parameters

_LONGEST = 2000

# Why an item does not come: what holds, the outcome, and what is said.
_REFUSED = (
    ("places IS NULL", "left out", "format('The currency of its client %%s is not known.', client_source_id)"),
    ("word <> ALL(%(billed)s)", "left out", "format('It is %%s there, and not billed any more.', status)"),
    (
        "cycle_here = 'free' OR (cycle_here = 'once' AND NOT starts_with(source_id, 'b'))",
        "left out",
        "format('Its cycle is %%s: it is not billed again.', cycle)",
    ),
    ("amount = 0", "left out", "'Its price is zero.'"),
    ("times_left = 0", "left out", "'It was billed as often as it was to be.'"),
    ("cycle_here IS NULL", "waits", "format('Its cycle, “%%s”, is none of ours.', cycle)"),
    ("next_due_on IS NULL", "waits", "'It has no day on which it is due next.'"),
    ("ends < next_due_on", "left out", "format('It ended on %%s.', to_char(ends, 'FMDD Mon YYYY'))"),
    ("amount < 0", "waits", "format('Its price is below zero: %%s %%s.', trim_scale(amount), code)"),
    ("quantity <= 0", "waits", "format('Its quantity is %%s.', trim_scale(quantity))"),
    (
        "min_scale(amount) > places",
        "waits",
        "format('Its price, %%s, has more decimals than %%s has.', trim_scale(amount), code)",
    ),
    ("btrim(description) = ''", "waits", "'It does not say what is billed.'"),
    (
        f"length(description) > {_LONGEST}",
        "waits",
        f"format('Its text has %%s characters; {_LONGEST} are kept at most.', length(description))",
    ),
)


def _cases(place: int) -> str:
    return " ".join(f"WHEN {case[0]} THEN " + (f"'{case[place]}'" if place == 1 else case[place]) for case in _REFUSED)


_SUSPENDED = "'It is suspended there: it stays paused, also when staff switch over.'"

_JUDGE = f"""
    WITH {ITEMS_OF_ALL},
    weighed AS (
        SELECT standing.*, CASE {_cases(1)} ELSE '' END AS verdict,
               CASE {_cases(2)} WHEN word = 'suspended' THEN {_SUSPENDED} ELSE '' END AS verdict_why
        FROM standing
    ),
    facts AS (
        SELECT weighed.*, reference.id AS reference_id, reference.client_id AS here_client, own.id AS own_id,
               own.waits_for_switch AND own.version = 0 AS follows, own.next_due_on AS own_due,
               weighed.next_due_on AS due, reference.digest IS DISTINCT FROM terms AS is_changed,
               (own.description, own.quantity, own.unit_price, own.cycle, own.starts_on, own.ends_on,
                own.periods_billed, own.next_due_on, own.tax_rate, own.waits_for_switch) IS DISTINCT FROM
               (weighed.description, weighed.quantity, amount, cycle_here, starts, ends, billed_before,
                weighed.next_due_on, CASE WHEN taxed THEN NULL ELSE 0 END, word <> 'suspended') AS moved_on
        FROM weighed
        LEFT JOIN clients_externalreference reference
          ON reference.source = %(source)s AND reference.kind = 'item' AND reference.part = 0
         AND reference.external_id = weighed.source_id COLLATE "default"
        LEFT JOIN invoices_billableitem own ON own.id = reference.row_id
    ),
    judged AS (
        SELECT id, CASE
            WHEN NOT has_owner THEN ARRAY['left out', 'Its client ' || client_source_id || ' is not there any more.']
            WHEN owner_outcome IN ('left out', 'waits', 'asks') THEN
                ARRAY['left out', 'Its client ' || client_source_id || ' does not come, or not yet.']
            WHEN reference_id IS NOT NULL AND here_client IS NULL THEN
                ARRAY['left out', 'It was deleted here with its client.']
            WHEN reference_id IS NOT NULL AND own_id IS NULL THEN ARRAY['left out', 'It was deleted here.']
            WHEN follows AND verdict <> '' THEN
                ARRAY['changed', 'It stays paused here, also when staff switch over. ' || verdict_why]
            WHEN follows AND moved_on THEN
                ARRAY['', 'It is here and waits for the switch: it becomes what it is there now.']
            WHEN reference_id IS NOT NULL AND NOT is_changed THEN ARRAY['there', '']
            WHEN reference_id IS NOT NULL THEN
                ARRAY['changed', concat_ws(' ', 'Its text, price, cycle or status is another there now.', CASE
                    WHEN due <> own_due THEN format('It is due next on %%s there, and on %%s here.',
                        to_char(due, 'FMDD Mon YYYY'), to_char(own_due, 'FMDD Mon YYYY')) END)]
            ELSE ARRAY[verdict, verdict_why] END AS said
        FROM facts
    ),
    told AS (SELECT id, said[1] AS outcome, coalesce(said[2], '') AS why FROM judged)
    UPDATE billing_admin_stageditem item SET outcome = told.outcome, why = told.why
    FROM told WHERE told.id = item.id AND (item.outcome, item.why) IS DISTINCT FROM (told.outcome, told.why)
"""


def judge_items(run: SystemImport) -> None:
    """Say what becomes of the items of an import; after its clients were judged.

    One that came before and still waits for the switch follows what it is there: when it is due next moves with each
    invoice of that system.
    """
    with connection.cursor() as cursor:
        cursor.execute(_JUDGE, item_parameters(run))
