"""Letting our invoice numbers go on after those of another system, where they read the same."""

from django.db import connection
from django.utils import timezone

from billing_admin.models import SystemImport
from invoices.models import NumberFormat, NumberSeries
from invoices.models.number_series import document_label

# Numbers of more digits are days or keys, which no series goes on from.
_MOST_DIGITS = 12

_HIGHEST = """
    SELECT max(substr(label, length(%(prefix)s) + 1)::bigint)
    FROM (SELECT invoice.label FROM clients_externalreference reference
          JOIN invoices_invoice invoice ON invoice.id = reference.row_id AND invoice.origin <> ''
          WHERE reference.source = %(source)s AND reference.kind = 'invoice') brought
    WHERE starts_with(label, %(prefix)s) AND substr(label, length(%(prefix)s) + 1) ~ %(digits)s
"""
_BEGIN = """
    INSERT INTO invoices_numberseries (document, prefix, next_number, first_number)
    VALUES ('invoice', %(prefix)s, %(first)s, %(first)s) ON CONFLICT (document, prefix) DO NOTHING RETURNING id
"""


def continue_numbers(run: SystemImport) -> list[str]:
    """Begin our series of invoices after the highest number of theirs under the same prefix; say what was done.

    Nothing is done where a number of ours was given under that prefix: it stays gap-free. Called inside
    `maintenance("import")`, when all invoices have come.
    """
    prefix = NumberFormat.objects.prefix_on(NumberSeries.INVOICE, timezone.localdate())
    values = {"prefix": prefix, "source": run.source, "digits": f"^[0-9]{{1,{_MOST_DIGITS}}}$"}
    with connection.cursor() as cursor:
        cursor.execute(_HIGHEST, values)
        (highest,) = cursor.fetchone()
        if not highest:
            return []
        theirs, ours = document_label(prefix, highest), document_label(prefix, highest + 1)
        cursor.execute(_BEGIN, values | {"first": highest + 1})
        if cursor.fetchone():
            return [f"Our invoice numbers begin with {ours}: {theirs} is the highest that came from {run.source}."]
    next_number = NumberSeries.objects.get(document=NumberSeries.INVOICE, prefix=prefix).next_number
    if next_number > highest:
        return []
    return [
        (
            f"Our next invoice number is {document_label(prefix, next_number)}, and stays: numbers of ours were given. "
            f"{theirs} came from {run.source}, so that the same number may stand on two invoices."
        )
    ]
