"""What becomes of each row of another system's credit."""

from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.models import SystemImport

from .plan import PERSONS_STAGED, drop_plan, make_plan, parameters_of

# A row comes with its client: without one it is left out, and what keeps a client from coming keeps its credit too.
_WITHOUT_CLIENT = """
    UPDATE billing_admin_stagedcredit staged SET outcome = said.outcome, why = said.why
    FROM (
        SELECT row.id,
               CASE WHEN client.outcome IN ('asks', 'waits') THEN client.outcome
                    WHEN client.outcome IN ('', 'there', 'changed') THEN 'asks' ELSE 'left out' END AS outcome,
               CASE WHEN row.client_source_id = '' THEN 'It names no client.'
                    WHEN client.id IS NULL THEN 'Its client ' || row.client_source_id || ' is no longer there.'
                    WHEN client.outcome IN ('', 'there', 'changed') THEN 'The currency of its client is not known here.'
                    ELSE 'Its client does not come.' END AS why
        FROM billing_admin_stagedcredit row
        LEFT JOIN billing_admin_stagedclient client
          ON client.of_id = row.of_id AND client.source_id = row.client_source_id
        WHERE row.of_id = %(run)s
          AND NOT EXISTS (SELECT FROM credit_person person WHERE person.source_id = row.client_source_id)
    ) said
    WHERE staged.id = said.id AND (staged.outcome, staged.why) IS DISTINCT FROM (said.outcome, said.why)
"""

# What is adjusted is said with the first row of the account.
_OF_CLIENTS = """
    UPDATE billing_admin_stagedcredit staged SET outcome = said.outcome, why = said.why
    FROM (
        SELECT row.id, CASE WHEN row.outcome = '' AND account.waits THEN 'waits' ELSE row.outcome END AS outcome,
               CASE row.outcome
               WHEN 'left out' THEN CASE WHEN row.part IS NOT NULL THEN 'Its client was deleted here.'
                   WHEN row.amount = 0 THEN 'It moves nothing: its amount is ' || trim_scale(row.told) || ' (zero).'
                   ELSE concat('The balance there is negative: ', money_text(row.balance, row.currency), '.') END
               WHEN 'asks' THEN concat('The balance there is negative: ', money_text(row.balance, row.currency),
                   '; ours are never below zero.')
               WHEN 'there' THEN ''
               ELSE CASE WHEN account.waits THEN concat(
                   'With it the balance here would be ', money_text(account.would_be, row.currency),
                   '; a balance is never below zero.')
               ELSE concat_ws(' ',
                   CASE WHEN row.place = 1 AND account.given <> 0 THEN concat('A file of clients gave ',
                       money_text(account.given, row.currency), ' of the balance: they do not come twice.') END,
                   CASE WHEN row.place = 1 AND account.opening > 0 THEN concat(
                       CASE WHEN account.is_later THEN 'An adjustment' ELSE 'An opening adjustment' END, ' of ',
                       money_text(account.opening, row.currency), ' is added: the balance there is ',
                       money_text(account.balance, row.currency), ', its rows come to ',
                       money_text(account.rows_sum, row.currency),
                       CASE WHEN account.lowest < 0 THEN ' and would fall to '
                            || money_text(account.lowest, row.currency) END, '.') END,
                   CASE WHEN row.place = 1 AND account.closing > 0 THEN concat(
                       CASE WHEN account.is_later THEN 'An' WHEN account.opening > 0 THEN 'A closing'
                            ELSE 'An opening' END,
                       ' adjustment of ', money_text(-account.closing, row.currency),
                       ' after the last row leads to the balance there.') END,
                   CASE WHEN row.place = 1 AND account.balance < 0 THEN concat('The debt of ',
                       money_text(-account.balance, row.currency), ' does not come; the balance ends at zero.') END,
                   CASE WHEN row.part IS NOT NULL THEN
                       concat('It was changed there: a correction of ', money_text(row.amount, row.currency), '.') END,
                   CASE WHEN row.part IS NULL AND row.amount <> row.told THEN concat(
                       row.currency, ' has no such decimals: ', trim_scale(row.told), ' is rounded to ',
                       trim_scale(row.amount), '.') END,
                   CASE WHEN row.on IS NULL THEN concat('Its date is missing: ', row.day, ' is taken.')
                        WHEN row.on <> row.day AND row.part IS NULL THEN
                            concat('Its date ', row.on, ' is yet to come: ', row.day, ' is taken.') END,
                   CASE WHEN row.amount < 0 AND row.invoice_source_id <> '' AND row.part IS NULL AND NOT EXISTS (
                       SELECT FROM billing_admin_stagedinvoice invoice
                       WHERE invoice.of_id = %(run)s AND invoice.source_id = row.invoice_source_id
                         AND invoice.client_source_id = row.person AND invoice.outcome IN ('', 'there', 'changed')
                   ) THEN concat('It is not tied to invoice ', row.invoice_source_id,
                       ', which is not its client’s or does not come.') END) END END AS why
        FROM credit_row row LEFT JOIN credit_account account USING (account)
    ) said
    WHERE staged.id = said.id AND (staged.outcome, staged.why) IS DISTINCT FROM (said.outcome, said.why)
"""


@db_transaction.atomic
def judge(run: SystemImport) -> None:
    """Say of each row of credit what becomes of it; books nothing.

    Clients and invoices must have been judged before.
    """
    parameters = parameters_of(run, timezone.now())
    with connection.cursor() as cursor:
        make_plan(cursor, PERSONS_STAGED, parameters)
        cursor.execute(_WITHOUT_CLIENT, parameters)
        cursor.execute(_OF_CLIENTS, parameters)
        drop_plan(cursor)
