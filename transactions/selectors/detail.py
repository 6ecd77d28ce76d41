"""What the page of one transaction shows."""

from django.db.models import FETCH_RAISE, Q, QuerySet

from transactions.models import Transaction


def transaction_shown(pk: int) -> Transaction | None:
    """The transaction with its client, method, and what it is of."""
    related = ("payment_method", "client", "refund_of", "part_of", "invoice")
    return Transaction.objects.select_related(*related).filter(pk=pk).first()


def other_rows(row: Transaction) -> QuerySet[Transaction]:
    """All other rows of the same payment: its parts, what was given back of any of them, what it was moved to."""
    first = row.part_of_id or row.pk
    family = Transaction.objects.filter(Q(pk=first) | Q(part_of=first)).values("pk")
    source = Q(pk=row.refund_of_id) if row.refund_of_id else Q()
    found = Transaction.objects.filter(Q(pk__in=family) | Q(refund_of__in=family) | source).exclude(pk=row.pk)
    return found.select_related("payment_method").fetch_mode(FETCH_RAISE).order_by("date", "id")
