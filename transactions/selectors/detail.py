"""What the page of one transaction shows."""

from django.db.models import FETCH_RAISE, QuerySet

from clients.models import Activity
from invoices.models import Invoice
from transactions.models import Transaction


def transaction_shown(pk: int) -> Transaction | None:
    """The transaction with its client, method, and what it is of."""
    related = ("payment_method", "client", "refund_of", "part_of", "invoice")
    return Transaction.objects.select_related(*related).filter(pk=pk).first()


def other_rows(row: Transaction) -> QuerySet[Transaction]:
    """All other rows of the same payment: its parts, what was given back of any of them, what it was moved to."""
    first = row.part_of_id or row.pk
    # Parts of a union, not of an OR: an index leads to each.
    rows = Transaction.objects.values("pk")
    family = rows.filter(pk__in={first, row.refund_of_id or first}).union(
        rows.filter(part_of=first), rows.filter(refund_of=first), rows.filter(refund_of__part_of=first)
    )
    found = Transaction.objects.filter(pk__in=family).exclude(pk=row.pk)
    return found.select_related("payment_method").fetch_mode(FETCH_RAISE).order_by("date", "id")


def invoice_of_what_is_missing(row: Transaction) -> Invoice | None:
    """The invoice that bills the spent credit of a payment that was charged back, by the row of its reversal."""
    if row.kind != Transaction.Kind.REVERSAL or row.client_id is None:
        return None
    billed = Activity.objects.filter(
        client_id=row.client_id, verb="payment.shortfall_billed", data__transaction=row.part_of_id or row.pk
    )
    return Invoice.objects.filter(pk__in=list(billed.values_list("data__invoice", flat=True))).first()
