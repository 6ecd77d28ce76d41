"""What becomes of each row of another system's money."""

from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.models import SystemImport

from .plan import ROWS_STAGED, drop_plan, make_plan, parameters_of

_NOT_COMING = """
    CASE WHEN row.outcome = 'there' THEN ''
         WHEN row.was_deleted THEN 'It was deleted here.'
         WHEN row.is_deleted THEN 'Its client was deleted here.'
         WHEN row.currency IS NULL THEN 'Its currency “' || row.currency_id || '” is not known here.'
         WHEN row.came + row.went + row.fee + row.fee_back = 0 THEN concat(
             'It moves nothing (zero): in ', trim_scale(row.told_in), ', fees ', trim_scale(row.told_fees), ', out ',
             trim_scale(row.told_out), '.')
         WHEN row.client_outcome IN ('asks', 'waits') THEN 'It comes with its client, which does not come yet.'
         WHEN row.client_source_id = '' THEN 'It names no client.'
         ELSE 'Its gateway “' || row.gateway || '” has no name there.' END
"""

_COMING = """
    concat_ws(' ',
        CASE WHEN row.part IS NOT NULL THEN concat(
            'It was changed there: a correction of ', money_text(row.amount_in, row.currency), ' in, ',
            money_text(row.fees, row.currency), ' fees and ', money_text(row.amount_out, row.currency), ' out.') END,
        CASE WHEN row.client_source_id <> '' AND row.client_outcome IS NULL AND row.client_id IS NULL THEN
                 concat('Its client ', row.client_source_id,
                     ' is no longer there: it comes as money of a deleted client.')
             WHEN row.client_outcome = 'left out' THEN
                 'Its client does not come: it comes as money of a deleted client.'
             WHEN row.client_source_id = '' THEN 'It names no client and waits until it is attached to one.' END,
        CASE WHEN row.is_guessed THEN
            concat('It names no currency: ', row.currency, ' is taken, the usual one there.') END,
        CASE WHEN row.came > 0 AND row.went > 0 THEN concat('It has both in and out: ',
            money_text(row.came, row.currency), ' in and ', money_text(row.went, row.currency),
            ' out become two transactions.') END,
        CASE WHEN row.part IS NULL AND (row.in_ < 0 OR row.out_ < 0) THEN concat('An amount is below zero: ',
            trim_scale(least(row.told_in, row.told_out)), CASE WHEN row.in_ < 0 THEN ' in is money that went out.'
                                                               ELSE ' out is money that came in.' END) END,
        CASE WHEN row.fee_back > 0 AND row.part IS NULL THEN concat('A fee below zero: ', trim_scale(row.told_fees),
            ' was given back, and comes as money in.') END,
        CASE WHEN row.has_decimals AND row.part IS NULL THEN concat(row.currency, ' has no such decimals: in ',
            trim_scale(row.told_in), ', fees ', trim_scale(row.told_fees), ' and out ', trim_scale(row.told_out),
            ' are rounded.') END,
        CASE WHEN row.at IS NULL AND row.part IS NULL THEN concat('Its date is missing: ', row.told_day, ' is taken.')
             WHEN row.told_day > %(today)s AND row.part IS NULL THEN
                 concat('Its date ', row.told_day, ' is yet to come.') END,
        CASE WHEN row.refund_of <> '' AND row.went > 0 AND row.part IS NULL AND refund.id IS NULL THEN concat(
            'It gives back (refund) ', money_text(row.went, row.currency), ' of row ', row.refund_of,
            ', which has not so much left or is not its client’s: it comes by itself.') END,
        CASE WHEN row.nth > 1 OR row.reference <> '' AND row.part IS NULL AND EXISTS (
                SELECT FROM transactions_paymentmethod method
                JOIN transactions_transaction booked ON booked.payment_method_id = method.id
                WHERE upper(method.name) = upper(row.method) AND booked.reference = left(row.reference, 200)
            ) THEN 'Its reference is not the first of its method: it comes as a further part of it.' END,
        CASE WHEN length(row.reference) > 200 THEN concat('Its reference of ', length(row.reference),
            ' letters stands whole in the note.') END,
        CASE WHEN row.invoice_source_id <> '' AND (
                row.client_outcome IS NULL OR row.client_outcome = 'left out'
                OR row.currency IS DISTINCT FROM row.client_currency OR invoice.id IS NULL
            ) THEN concat('It is not tied to invoice ', row.invoice_source_id,
                ', which is not its client’s, is in another currency or does not come.') END)
"""

_JUDGE = f"""
    UPDATE billing_admin_stagedmoney staged SET outcome = said.outcome, why = said.why
    FROM (
        SELECT row.id, row.outcome, CASE WHEN row.outcome = '' THEN {_COMING} ELSE {_NOT_COMING} END AS why
        FROM (SELECT *, CASE WHEN outcome = '' AND reference <> '' AND part IS NULL THEN row_number() OVER (
                  PARTITION BY outcome, upper(method), left(reference, 200), part ORDER BY id) ELSE 0 END AS nth
              FROM money_row) row
        LEFT JOIN money_refund refund ON refund.id = row.id
        LEFT JOIN billing_admin_stagedinvoice invoice
          ON invoice.of_id = %(run)s AND invoice.source_id = row.invoice_source_id
         AND invoice.client_source_id = row.client_source_id AND invoice.outcome IN ('', 'there', 'changed')
    ) said
    WHERE staged.id = said.id AND (staged.outcome, staged.why) IS DISTINCT FROM (said.outcome, said.why)
"""


@db_transaction.atomic
def judge(run: SystemImport) -> None:
    """Say of each row of money what becomes of it; books nothing.

    Clients and invoices must have been judged before.
    """
    parameters = parameters_of(run, timezone.now())
    with connection.cursor() as cursor:
        make_plan(cursor, ROWS_STAGED, parameters)
        cursor.execute(_JUDGE, parameters)
        drop_plan(cursor)
