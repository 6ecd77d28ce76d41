"""The receipt for money that was kept as credit."""

from billing_admin.documents import Drawn, draw
from billing_admin.errors import BusinessError
from clients.models import IssuedDocument
from credits.documents.receipt import receipt_sheet
from credits.models import CreditGrant


def receipt_of(grant: CreditGrant) -> IssuedDocument:
    """The receipt as it was drawn the first time; it is drawn and kept where it was not yet.

    Raises BusinessError where the credit is no money that came in, or the receipt cannot be drawn.
    """
    if not grant.is_money_received:
        raise BusinessError("This credit is no money that came in; there is no receipt for it.")

    def drawn() -> tuple[Drawn, bool]:
        return draw(receipt_sheet(grant)), False

    return IssuedDocument.objects.keep(
        kind=IssuedDocument.Kind.RECEIPT,
        subject_id=grant.pk,
        client_id=grant.client_id,
        name=f"receipt-{grant.transaction_id}.pdf",
        draw=drawn,
    )
