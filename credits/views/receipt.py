"""The receipt of a credit that is money received."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST

from billing_admin.errors import BusinessError
from billing_admin.web.http import staff
from billing_admin.web.limits import takes_long
from billing_admin.web.needs import needs
from billing_admin.web.saved_files import pdf_response
from clients.models import Client
from clients.services.export import record_export
from credits.models import CreditGrant
from credits.services.receipts import receipt_of

from .grants import of_grant


@needs("credits.view_credit", "transactions.view_transaction")
@require_POST
@of_grant
@takes_long
def receipt(request: HttpRequest, client: Client, grant: CreditGrant) -> HttpResponseBase:
    """The file, the same each time, to save; where it cannot be drawn, the page of the credit says why."""
    if not grant.is_money_received:
        raise Http404("This credit is no money that came in; there is no receipt for it.")
    try:
        kept = receipt_of(grant)
    except BusinessError as error:
        messages.warning(request, str(error))
        return HttpResponseRedirect(reverse("credits:grant", args=[client.number, grant.pk]))
    what = f"Receipt {grant.transaction_id}"
    record_export(what=what, verb="receipt.exported", client=client, by=staff(request), file=kept.name)
    return pdf_response(bytes(kept.content), kept.name)
