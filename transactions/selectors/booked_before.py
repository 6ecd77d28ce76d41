"""What a form has booked already."""

from transactions.models import Transaction


def booked_before(idempotency_key: str) -> Transaction | None:
    """The first row that the form with this key has booked, for saying so when it comes again."""
    return Transaction.objects.filter(idempotency_key=idempotency_key, part=1).first()
