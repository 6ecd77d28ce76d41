"""What becomes of each staged invoice, and of its lines with it: said anew each time, in one statement a table."""

from django.db import connection

from billing_admin.importing.questions import LEAVE_OUT
from billing_admin.models import SystemImport

from .judge_items import judge_items
from .standing import DIGEST, LINE_SUMS_OF_ALL, parameters, standing_of_all


def _said(amount: str) -> str:
    """An amount as text: with all its places where they are more than its currency has."""
    return (
        f"CASE WHEN min_scale({amount}) <= places THEN money_text({amount}, code) "
        f"ELSE trim_scale({amount}) || ' ' || code END"
    )


def _format(text: str, *amounts: str) -> str:
    """A sentence with amounts, in SQL; `%%s` stands for each."""
    return f"format('{text}', {', '.join(f'({_said(amount)})' for amount in amounts)})"


# What an open invoice or a draft must be; the first that it is not says why it waits, or asks.
_OPEN = (
    (
        "greatest(scale, lines_scale) > places",
        "waits",
        (
            "format('It has more decimals than ' || code || ' has: a total of %%s, %%s of lines.', trim_scale(gross), "
            "trim_scale(coalesce(own_sum, 0)))"
        ),
    ),
    (
        "was_negative AND %(negative)s::text IS NULL",
        "asks",
        "'It has a negative line: lines of ours are never below zero.'",
    ),
    ("was_negative AND %(negative)s = 'wait'", "waits", "'It has a negative line, and waits as decided.'"),
    (
        "was_negative AND %(negative)s = 'leave out'",
        "left out",
        "'It has a negative line: left out as decided.'",
    ),
    (
        "credit < 0 OR credit > gross",
        "waits",
        _format("Credit of %%s was applied to a total of %%s.", "credit", "gross"),
    ),
    (
        "gross <> subtotal + all_tax",
        "waits",
        _format("Its total is %%s; subtotal and tax come to %%s.", "gross", "subtotal + all_tax"),
    ),
    (
        "becomes = 'draft' AND (paid <> 0 OR credit <> 0 OR paid_rows <> 0 OR credit_rows <> 0)",
        "waits",
        _format("It is a draft, and %%s was paid and %%s of credit applied.", "paid", "credit"),
    ),
    (
        "becomes = 'unpaid' AND credit <> credit_rows",
        "waits",
        _format("Credit of %%s was applied to it; its rows of credit come to %%s.", "credit", "credit_rows"),
    ),
    (
        "becomes = 'unpaid' AND credit <> 0 AND owner_balance < 0 AND %(debts_left_out)s",
        "waits",
        _format("Credit of %%s was applied to it, and the credit of its client is left out.", "credit"),
    ),
    (
        "becomes = 'unpaid' AND (paid <> paid_rows OR paid < 0)",
        "waits",
        _format("It says that %%s was paid; what can be booked for it comes to %%s.", "paid", "paid_rows"),
    ),
    (
        "becomes = 'unpaid' AND (paid_rows <> paid_to_come OR credit_rows <> credit_to_come)",
        "waits",
        _format(
            "Of %%s that was paid of it and %%s of credit, %%s and %%s came before without it, and pay nothing of it.",
            "paid_rows",
            "credit_rows",
            "paid_rows - paid_to_come",
            "credit_rows - credit_to_come",
        ),
    ),
    (
        "becomes = 'unpaid' AND paid + credit >= gross AND %(nothing_due)s = 'leave out'",
        "left out",
        _format("Nothing is due on it: of %%s was paid %%s.", "gross", "paid + credit"),
    ),
    (
        "becomes = 'unpaid' AND paid + credit >= gross",
        "waits",
        _format("It is open and nothing is due on it: of %%s was paid %%s.", "gross", "paid + credit"),
    ),
    ("own_sum IS NULL", "waits", "'It has no lines.'"),
    (
        "own_sum <> subtotal AND NOT is_included",
        "waits",
        _format("Its lines come to %%s, its subtotal is %%s.", "own_sum", "subtotal"),
    ),
    ("least_price < 0", "waits", "'A negative line is more than the one before it comes to.'"),
    (
        "NOT has_rate OR (NOT is_even AND all_tax <> 0)",
        "waits",
        _format("No rate makes its tax of %%s out of its taxed lines.", "all_tax"),
    ),
    (
        "least_tax < 0 OR least_net < 0",
        "waits",
        _format("Its tax of %%s cannot be shared out among its lines.", "all_tax"),
    ),
)

# What is said of one that comes.
_COMES = (
    (
        "issued_on IS NULL OR due_on IS NULL",
        ("format('It has no date of issue or no due date: %%s stands there.', to_char(coalesce(issued_on, due_on, "
        "issued), 'FMDD Mon YYYY'))"),
    ),
    ("issued > %(today)s", "format('Its date, %%s, is in the future.', to_char(issued, 'FMDD Mon YYYY'))"),
    ("same_number > 1", "format('The number %%s stands on %%s invoices.', printed, same_number)"),
    ("credit > greatest(gross, 0)", _format("Credit of %%s was applied to a total of %%s.", "credit", "gross")),
    (
        "gross <> subtotal + all_tax",
        _format("Its total is %%s; subtotal and tax come to %%s.", "gross", "subtotal + all_tax"),
    ),
    (
        "coalesce(lines_sum, 0) NOT IN (subtotal, subtotal + all_tax)",
        _format("Its lines come to %%s, its subtotal is %%s.", "coalesce(lines_sum, 0)", "subtotal"),
    ),
    ("scale > places", ("format('It has more decimals than %%s has: its total of %%s is rounded here.', code, "
                       "trim_scale(gross))")),
)  # fmt: skip


def _cases(place: int) -> str:
    return " ".join(f"WHEN {case[0]} THEN {_literal(case[place])}" for case in _OPEN)


def _literal(value: str) -> str:
    return f"'{value}'" if value in ("waits", "asks", LEAVE_OUT, "left out") else value


_IS_OPEN = "becomes IN ('unpaid', 'draft')"
_NOTES = ", ".join(f"CASE WHEN {condition} THEN {said} END" for condition, said in _COMES)

# What differs from what came then, where an invoice of an earlier import was changed there.
_CHANGED = f"""CASE WHEN gross_then <> gross
    THEN {_format("Its total was %%s there, and is %%s now.", "gross_then", "gross")}
    ELSE 'Its lines, its figures, its number or its dates are others there now.' END"""

_JUDGE = f"""
    WITH {standing_of_all()}, {LINE_SUMS_OF_ALL},
    fit AS (
        SELECT id, sum(price) AS own_sum, bool_or(is_included) AS is_included, bool_and(is_even) AS is_even,
               bool_and(has_rate) AS has_rate, bool_or(was_negative) AS was_negative, max(scale) AS lines_scale,
               min(price) AS least_price, min(tax) AS least_tax, min(net) AS least_net
        FROM own_lines GROUP BY id
    ),
    numbered AS (SELECT id, count(*) OVER (PARTITION BY printed) AS same_number FROM standing),
    weighed AS (
        SELECT standing.*, {DIGEST} AS digest,
               CASE WHEN {_IS_OPEN} THEN CASE {_cases(1)} ELSE '' END ELSE '' END AS verdict,
               CASE WHEN {_IS_OPEN} THEN CASE {_cases(2)} END END AS verdict_why, concat_ws(' ', {_NOTES}) AS remarks
        FROM standing
        JOIN numbered USING (id)
        LEFT JOIN fit USING (id)
        LEFT JOIN line_sums ON line_sums.invoice_source_id = standing.source_id
    ),
    facts AS (
        SELECT weighed.*, reference.id AS reference_id, reference.client_id AS here_client, own.id AS own_id,
               own.status AS own_status, own.origin AS own_origin, imported.status AS status_then,
               reference.digest IS DISTINCT FROM weighed.digest AS is_changed,
               imported.total + CASE WHEN is_gross THEN 0 ELSE imported.credit END AS gross_then
        FROM weighed
        LEFT JOIN clients_externalreference reference
          ON reference.source = %(source)s AND reference.kind = 'invoice' AND reference.part = 0
         AND reference.external_id = weighed.source_id COLLATE "default"
        LEFT JOIN invoices_invoice own ON own.id = reference.row_id
        LEFT JOIN invoices_importedinvoice imported ON imported.invoice_id = own.id
    ),
    judged AS (
        SELECT id, CASE
            WHEN NOT has_owner THEN ARRAY['left out', 'Its client ' || client_source_id || ' is not there any more.']
            WHEN owner_outcome IN ('left out', 'waits') THEN
                ARRAY['left out', 'Its client ' || client_source_id || ' does not come.']
            WHEN owner_outcome = 'asks' THEN
                ARRAY['left out', 'Its client ' || client_source_id || ' waits for an answer.']
            WHEN reference_id IS NOT NULL AND here_client IS NULL THEN
                ARRAY['left out', 'It was deleted here with its client.']
            WHEN reference_id IS NOT NULL AND own_id IS NULL THEN ARRAY['left out', 'It was deleted here.']
            WHEN reference_id IS NOT NULL AND is_changed THEN ARRAY['changed', {_CHANGED}]
            WHEN reference_id IS NOT NULL AND (
                lower(btrim(status)) = lower(btrim(status_then)) OR becomes = own_status
                OR (own_origin = 'open' AND own_status IN ('unpaid', 'paid')
                    AND (becomes = 'unpaid' OR (becomes = 'paid' AND is_settled)))
            ) THEN ARRAY['there', '']
            WHEN reference_id IS NOT NULL THEN
                ARRAY['changed', format('It is %%s there now, and %%s here.', status, own_status)]
            WHEN places IS NULL THEN ARRAY['left out', 'The currency of its client ' || client_source_id
                                                     || ' is not known.']
            WHEN becomes IS NULL AND btrim(status) = '' THEN ARRAY['asks', 'It has no status.']
            WHEN becomes IS NULL THEN ARRAY['asks', format('Its status, “%%s”, is none that is known.', status)]
            WHEN becomes = '{LEAVE_OUT}' THEN
                ARRAY['left out', format('Its status is “%%s”: left out as decided.', status)]
            WHEN greatest(abs(tax_rate), abs(tax2_rate)) >= 10000000 THEN
                ARRAY['waits', 'Its tax rate has more digits than are kept.']
            WHEN verdict <> '' THEN ARRAY[verdict, verdict_why]
            ELSE ARRAY['', remarks] END AS said
        FROM facts
    ),
    told AS (SELECT id, said[1] AS outcome, coalesce(said[2], '') AS why FROM judged)
    UPDATE billing_admin_stagedinvoice invoice SET outcome = told.outcome, why = told.why
    FROM told WHERE told.id = invoice.id AND (invoice.outcome, invoice.why) IS DISTINCT FROM (told.outcome, told.why)
"""

_JUDGE_LINES = """
    WITH told AS (
        SELECT line.id, coalesce(invoice.outcome, 'left out') AS outcome,
               CASE WHEN invoice.id IS NULL AND line.invoice_source_id IN ('', '0') THEN 'It is of no invoice.'
                    WHEN invoice.id IS NULL THEN 'Its invoice ' || line.invoice_source_id || ' is not there any more.'
                    ELSE '' END AS why
        FROM billing_admin_stagedline line
        LEFT JOIN billing_admin_stagedinvoice invoice
          ON invoice.of_id = line.of_id AND invoice.source_id = line.invoice_source_id
        WHERE line.of_id = %(run)s
    )
    UPDATE billing_admin_stagedline line SET outcome = told.outcome, why = told.why
    FROM told WHERE told.id = line.id AND (line.outcome, line.why) IS DISTINCT FROM (told.outcome, told.why)
"""


def judge(run: SystemImport) -> None:
    """Say what becomes of the invoices, lines and items of an import; after its clients were judged.

    A line that does not come because its invoice does not has the outcome of that, and no word of its own.
    """
    values = parameters(run)
    with connection.cursor() as cursor:
        cursor.execute(_JUDGE, values)
        cursor.execute(_JUDGE_LINES, values)
    judge_items(run)
