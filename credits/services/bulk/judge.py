"""What would become of each row of a file of credit now: its client may be gone, its credit given before."""

from typing import Any

from django.db import connection
from django.utils import timezone

from billing_admin.actor import Actor
from clients.models.lifecycle import CLIENTS_BY_NUMBER
from credits.models import CreditBatch, CreditBatchRow, CreditGrant
from credits.services.limits import require_right_to_paid

_FIND_CLIENTS = f"""
    UPDATE credits_creditbatchrow row SET client_key = other.client_id, outcome = 'good', reason = ''
    FROM (
        SELECT named.id, owner.client_id
        FROM credits_creditbatchrow named LEFT JOIN {CLIENTS_BY_NUMBER} owner ON owner.number = named.client_number
        WHERE named.batch_id = %(batch)s AND named.outcome <> 'bad'
          AND (named.client_key IS DISTINCT FROM owner.client_id OR named.outcome <> 'good')
    ) other
    WHERE row.id = other.id
"""
_REFUSE_WITHOUT_CLIENT = """
    UPDATE credits_creditbatchrow row
    SET outcome = 'bad', client_key = NULL,
        reason = coalesce(
            (SELECT 'Client ' || row.client_number || ' was deleted on '
                    || to_char(deleted_at AT TIME ZONE %(zone)s, 'FMDD Mon YYYY') || '.'
             FROM clients_clientdeletion deletion WHERE deletion.number = row.client_number),
            'There is no client ' || row.client_number || '.')
    WHERE batch_id = %(batch)s AND outcome <> 'bad' AND client_key IS NULL
"""
# A reference that has given credit before: the same again is no harm, anything else is a mistake.
_COMPARE_WITH_GIVEN = """
    UPDATE credits_creditbatchrow row
    SET outcome = CASE WHEN same THEN 'there' ELSE 'bad' END,
        reason = CASE WHEN same THEN 'This Reference has given this credit already, on ' ELSE
            'This Reference has given other credit, ' || money_text(given.amount, given.currency) || ' (“'
            || given.description || '”) to client ' || given.number || ', on ' END
            || to_char(given.created_at AT TIME ZONE %(zone)s, 'FMDD Mon YYYY') || '.'
    FROM (
        SELECT row.id, grant_.amount, grant_.currency, grant_.description, grant_.created_at, client.number,
               ROW(grant_.client_id, grant_.amount, grant_.currency, grant_.description, grant_.category,
                   grant_.expires_on, grant_.priority)
               IS NOT DISTINCT FROM
               ROW(row.client_key, row.amount, row.currency, row.description, row.category, row.expires_on,
                   row.priority) AS same
        FROM credits_creditbatchrow row
        JOIN credits_creditgrant grant_ ON grant_.file_key = row.file_key
        JOIN clients_client client ON client.id = grant_.client_id
        WHERE row.batch_id = %(batch)s AND row.outcome <> 'bad'
    ) given
    WHERE row.id = given.id
"""
_REFUSE_EXPIRED = """
    UPDATE credits_creditbatchrow
    SET outcome = 'bad', reason = 'Expires ' || expires_on || ' is past: this credit would have expired already.'
    WHERE batch_id = %(batch)s AND outcome = 'good' AND expires_on < %(today)s
"""
_REFUSE_TOO_MUCH = """
    UPDATE credits_creditbatchrow row
    SET outcome = 'bad', reason = 'The balance would be ' || money_text(over.balance, row.currency)
        || ', which has more than 15 digits before the decimal point.'
    FROM (
        SELECT client_key, row.currency, sum(row.amount) + coalesce(max(account.balance), 0) AS balance
        FROM credits_creditbatchrow row
        LEFT JOIN credits_creditaccount account
          ON account.client_id = row.client_key AND account.currency = row.currency
        WHERE batch_id = %(batch)s AND outcome = 'good'
        GROUP BY client_key, row.currency HAVING sum(row.amount) + coalesce(max(account.balance), 0) >= 10 ^ 15::numeric
    ) over
    WHERE row.batch_id = %(batch)s AND row.outcome = 'good'
      AND row.client_key = over.client_key AND row.currency = over.currency
"""


def find_clients(batch: CreditBatch) -> None:
    """Say of each row that is good in itself whom its number leads to now."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND_CLIENTS, {"batch": batch.pk})


def judge_rows(batch: CreditBatch) -> None:
    """Say of each row that is good in itself what would become of it now: its client may be gone, its credit given."""
    find_clients(batch)
    judge_found_rows(batch)


def judge_found_rows(batch: CreditBatch) -> None:
    """The same where it was said just now whom each row's number leads to."""
    parameters: dict[str, Any] = {
        "batch": batch.pk,
        "zone": timezone.get_default_timezone_name(),
        "today": timezone.localdate(),
    }
    with connection.cursor() as cursor:
        for statement in (
            _REFUSE_WITHOUT_CLIENT, _COMPARE_WITH_GIVEN, _REFUSE_EXPIRED, _REFUSE_TOO_MUCH
        ):  # fmt: skip
            cursor.execute(statement, parameters)


def refuse_paid_rows(batch: CreditBatch, by: Actor) -> None:
    """Refuse a file that gives paid credit to whoever may not, with the number of its rows."""
    good = batch.rows.filter(outcome=CreditBatchRow.Outcome.GOOD)
    if rows := good.filter(category=CreditGrant.Category.PAID).count():
        require_right_to_paid(by, rows=rows)
