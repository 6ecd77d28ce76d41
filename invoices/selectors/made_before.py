"""What a form has made already."""

from invoices.models import Invoice


def made_before(idempotency_key: str) -> Invoice | None:
    """The invoice that the form with this key has made, for saying so when it comes again."""
    return Invoice.objects.filter(idempotency_key=idempotency_key).first()
