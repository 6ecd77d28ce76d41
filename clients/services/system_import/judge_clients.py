"""What becomes of the clients of another system, and what staff are asked about them."""

from django.db import connection
from django.db import transaction as db_transaction

from billing_admin.importing.questions import LEAVE_OUT, Question
from billing_admin.models import SystemImport

from .as_ours import AS_OURS, EMAIL, LABELS
from .judge_people import judge_people
from .meanings import currency_questions, meanings

COME = "come"

_TWINS = """
    SELECT coalesce(sum(rows), 0) FROM (
        SELECT count(*) AS rows FROM billing_admin_stagedclient
        WHERE of_id = %s AND email <> '' GROUP BY upper(email)
        HAVING count(*) > 1 OR EXISTS (
            SELECT FROM clients_client client WHERE upper(client.email) = upper(min(billing_admin_stagedclient.email))
            AND NOT EXISTS (SELECT FROM clients_externalreference reference WHERE reference.client_id = client.id
                            AND reference.source = %s AND reference.kind = 'client'))
    ) same
"""

# A client here may have more in its fields than came.
_OTHERWISE = {"custom": "NOT client.custom @> ours.custom"}
_DIFFERS = ", ".join(
    f"CASE WHEN {_OTHERWISE.get(name, f'client.{name} <> ours.{name}')} THEN '{label[0].lower()}{label[1:]}' END"
    for name, label in LABELS.items()
)
_JUDGE = f"""
    WITH ours AS MATERIALIZED ({AS_OURS}), looked AS (
        SELECT ours.*, client.number AS here,
               ours.digest <> ours.digest_here AND client.id IS NOT NULL AS was_changed,
               concat_ws(', ', {_DIFFERS}) AS differing,
               ours.reference_id IS NULL AND ours.currency IS NOT NULL AND ours.email <> '' AS may_be_twin
        FROM ours LEFT JOIN clients_client client ON client.id = ours.here_id
    ), same AS (
        SELECT looked.id, here.others,
               count(*) OVER mail AS there,
               row_number() OVER (mail ORDER BY looked.reference_id IS NULL, looked.id) AS place
        FROM looked CROSS JOIN LATERAL (
            SELECT count(*) AS others FROM clients_client client
            WHERE upper(client.email) = upper(looked.email) AND client.id IS DISTINCT FROM looked.here_id
              AND NOT EXISTS (SELECT FROM clients_externalreference reference WHERE reference.client_id = client.id
                              AND reference.source = %(source)s AND reference.kind = 'client')
        ) here
        WHERE looked.email <> '' AND (looked.may_be_twin OR looked.here_id IS NOT NULL)
        WINDOW mail AS (PARTITION BY upper(looked.email))
    ), judged AS (
        SELECT looked.id, CASE
            WHEN reference_id IS NOT NULL AND here IS NULL THEN 'left out'
            WHEN was_changed AND differing <> '' THEN 'changed'
            WHEN here IS NOT NULL THEN 'there'
            WHEN currency IS NULL AND %(asked)s::jsonb ? currency_id THEN 'asks'
            WHEN currency IS NULL THEN 'left out'
            WHEN is_twin AND %(duplicates)s = '' THEN 'asks'
            WHEN is_twin AND %(duplicates)s = %(leave_out)s AND is_later THEN 'left out'
            ELSE '' END AS outcome, CASE
            WHEN reference_id IS NOT NULL AND here IS NULL THEN 'It was deleted here.'
            WHEN was_changed AND differing <> ''
                THEN 'Client ' || here || ' here. It was changed there and stays as it is here: ' || differing || '.'
            WHEN here IS NOT NULL THEN 'Client ' || here || ' here.'
            WHEN currency IS NULL THEN 'Its currency is none here.'
            ELSE concat_ws(' ',
                CASE WHEN is_twin THEN 'Its e-mail address is that of ' || concat_ws(' and ',
                    CASE WHEN there > 1 THEN there - 1 || ' other there' END,
                    CASE WHEN others > 0 THEN others || ' client here' END) || ' too.' END,
                nullif(told, ''),
                CASE WHEN wanted IS NULL AND looked.source_id ~ '^[0-9]+$'
                     THEN 'Number ' || looked.source_id || ' is not free here: it gets another.' END)
            END AS why
        FROM looked LEFT JOIN same USING (id)
        CROSS JOIN LATERAL (
            SELECT coalesce(may_be_twin AND (there > 1 OR others > 0), false) AS is_twin,
                   coalesce(place > 1 OR others > 0, false) AS is_later
        ) twin
    )
    UPDATE billing_admin_stagedclient staged SET outcome = judged.outcome, why = judged.why
    FROM judged
    WHERE staged.id = judged.id AND (staged.outcome, staged.why) IS DISTINCT FROM (judged.outcome, judged.why)
"""


def questions(run: SystemImport) -> list[Question]:
    """What staff decide about clients: a currency that has no equal here, and clients with one address of e-mail."""
    asked = list({question.key: question for question in currency_questions(run).values()}.values())
    with connection.cursor() as cursor:
        cursor.execute(_TWINS, [run.pk, run.source])
        (twins,) = cursor.fetchone()
    return [*asked, _about_twins(int(twins))] if twins else asked


def _about_twins(rows: int = 0) -> Question:
    return Question(
        "duplicates",
        "What becomes of clients with the e-mail address of another client?",
        COME,
        ((COME, "They come as they are"), (LEAVE_OUT, "Leave out those after the first")),
        rows,
    )


@db_transaction.atomic
def judge(run: SystemImport) -> None:
    """Say of each client, contact, note and entry of the log what becomes of it; of what is done nothing is changed."""
    twins = _about_twins()
    parameters = meanings(run) | {
        "email": EMAIL,
        "leave_out": LEAVE_OUT,
        "duplicates": twins.answer(run) if twins.is_answered(run) else "",
    }
    with connection.cursor() as cursor:
        cursor.execute(_JUDGE, parameters)
        judge_people(cursor, run)
