"""Recording many payments at once: a bank's export, a gateway's month."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import require_places
from clients.models import Client
from clients.models.activity import actor_name
from invoices.models import Invoice
from transactions.models import PaymentMethod

from .booking import NO_FILE, FromFile
from .receive import receive_payment
from .tell import tell_of_payments


@dataclass(frozen=True)
class Payment:
    """One payment of one invoice, as it came in."""

    invoice_id: int
    amount: Money
    payment_method: PaymentMethod
    on: datetime.date
    reference: str = ""
    fees: Decimal = Decimal(0)
    description: str = ""
    file_key: str | None = None
    from_file: FromFile = NO_FILE


@dataclass(frozen=True)
class RecordedMany:
    """How many payments were recorded, and the ones that were refused, with the reason in words."""

    count: int
    refused: list[tuple[Payment, str]]


# Plain payments only: the first of its invoice in this lot, of an unpaid invoice in its currency, at most what is due,
# under a reference not seen before. Everything else is taken one by one.
_RECORD_PLAIN = """
    WITH offered AS (
        SELECT DISTINCT ON (invoice_id) *
        FROM unnest(
            %(invoice_ids)s::bigint[], %(amounts)s::numeric[], %(currencies)s::varchar[], %(fees)s::numeric[],
            %(methods)s::bigint[], %(dates)s::date[], %(references)s::varchar[], %(notes)s::varchar[],
            %(keys)s::varchar[], %(payer_names)s::varchar[], %(payer_accounts)s::varchar[],
            %(payer_references)s::varchar[], %(batches)s::bigint[]
        ) WITH ORDINALITY AS payment
            (invoice_id, amount, currency, fees, payment_method_id, date, reference, note, file_key, payer_name,
             payer_account, payer_reference, batch_id, position)
        ORDER BY invoice_id, position
    ), booked AS (
        INSERT INTO transactions_transaction (
            client_id, client_number, client_name, invoice_id, invoice_label, date, payment_method_id, reference, part,
            description, note, currency, amount_in, fees, amount_out, file_key, payer_name, payer_account,
            payer_reference, batch_id, created_by_id, created_by_name, created_at
        )
        SELECT client.id, client.number,
               client.name,
               invoice.id, invoice.label, offered.date, offered.payment_method_id, offered.reference, 1,
               'Payment of ' || invoice.label, offered.note, invoice.currency,
               offered.amount, offered.fees, 0, offered.file_key, offered.payer_name,
               offered.payer_account, offered.payer_reference, offered.batch_id,
               %(actor_id)s, %(actor_name)s, %(now)s
        FROM offered
        JOIN invoices_invoice invoice ON invoice.id = offered.invoice_id
        JOIN clients_client client ON client.id = invoice.client_id
        WHERE invoice.status = 'unpaid' AND invoice.currency = offered.currency
          AND offered.amount > 0 AND offered.amount <= invoice.balance_due
          AND offered.fees >= 0 AND offered.fees <= offered.amount
        ORDER BY offered.position
        ON CONFLICT DO NOTHING
        RETURNING id, client_id, invoice_id, invoice_label, amount_in, currency, payment_method_id, reference, date
    ), noted AS (
        INSERT INTO clients_activity (client_id, actor_id, actor_name, verb, summary, data, at)
        SELECT client_id, %(actor_id)s, %(actor_name)s, 'payment.recorded',
               'Payment of ' || money_text(amount_in, currency) || ' recorded for ' || invoice_label,
               jsonb_build_object(
                   'transaction', id, 'invoice', invoice_id, 'invoices', jsonb_build_array(invoice_id),
                   'amount', amount_in::text, 'currency', currency),
               %(now)s
        FROM booked
    )
    SELECT invoice_id, amount_in, payment_method_id, reference, id, date FROM booked
"""


@db_transaction.atomic
def record_payments(*, payments: Sequence[Payment], by: Actor) -> RecordedMany:
    """Record payments: plain ones in one statement, the others (overpayments, second payments) one by one.

    A payment that is refused is listed with its reason and keeps none of the others from being recorded.
    """
    for payment in payments:
        require_places(payment.amount)
    _lock_clients(payments)
    booked = _record_plain(payments, by)
    refused = []
    for payment in payments:
        key = (payment.invoice_id, payment.amount.amount, payment.payment_method.pk, payment.reference)
        if booked.get(key):
            booked[key] -= 1
            continue
        try:
            receive_payment(
                invoices=[Invoice.objects.get(pk=payment.invoice_id)],
                amount=payment.amount,
                payment_method=payment.payment_method,
                by=by,
                on=payment.on,
                reference=payment.reference,
                fees=Money(payment.fees, payment.amount.currency),
                description=payment.description,
                file_key=payment.file_key,
                from_file=payment.from_file,
            )
        except BusinessError as error:
            refused.append((payment, str(error)))
    return RecordedMany(len(payments) - len(refused), refused)


def _lock_clients(payments: Sequence[Payment]) -> None:
    invoices = Invoice.objects.filter(pk__in={payment.invoice_id for payment in payments})
    Client.objects.lock_ids(invoices.values_list("client_id", flat=True))


def _record_plain(payments: Sequence[Payment], by: Actor) -> dict[tuple[int, Decimal, int, str], int]:
    """How many of each (invoice, amount, method, reference) were booked."""
    booked: dict[tuple[int, Decimal, int, str], int] = {}
    ids: dict[datetime.date, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD_PLAIN,
            {
                "invoice_ids": [payment.invoice_id for payment in payments],
                "amounts": [payment.amount.amount for payment in payments],
                "currencies": [payment.amount.currency.code for payment in payments],
                "fees": [payment.fees for payment in payments],
                "methods": [payment.payment_method.pk for payment in payments],
                "dates": [payment.on for payment in payments],
                "references": [payment.reference for payment in payments],
                "notes": [payment.description for payment in payments],
                "keys": [payment.file_key for payment in payments],
                "payer_names": [payment.from_file.payer_name for payment in payments],
                "payer_accounts": [payment.from_file.payer_account for payment in payments],
                "payer_references": [payment.from_file.payer_reference for payment in payments],
                "batches": [payment.from_file.batch_id for payment in payments],
                "actor_id": by.pk if by else None,
                "actor_name": actor_name(by),
                "now": timezone.now(),
            },
        )
        rows = cursor.fetchall()
    for *figures, pk, on in rows:
        key = (figures[0], figures[1], figures[2], figures[3])
        booked[key] = booked.get(key, 0) + 1
        ids.setdefault(on, []).append(pk)
    for on, paid in ids.items():
        tell_of_payments(paid, on, by=by)
    return booked
