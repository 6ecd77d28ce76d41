"""The page of one transaction."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from billing_admin.web.http import vary_by_htmx
from billing_admin.web.needs import needs
from transactions.models import Transaction
from transactions.selectors.detail import invoice_of_what_is_missing, other_rows, transaction_shown
from transactions.selectors.remaining import first_part, parts_of, remaining_of
from transactions.services.importing.waiting import candidates_of_waiting


def shown_or_404(pk: int) -> Transaction:
    """The transaction with what its screens name, or a 404."""
    row = transaction_shown(pk)
    if row is None:
        raise Http404("There is no such transaction.")
    return row


@require_safe
@needs("transactions.view_transaction")
def detail(request: HttpRequest, transaction_pk: int) -> HttpResponse:
    """What came in or went out, what it paid, what was given back, the credit that it gave, and what can be done."""
    row = shown_or_404(transaction_pk)
    remaining = remaining_of([row, *(part for part in parts_of(first_part(row)) if part.pk != row.pk)])
    can_attach = row.is_unattached and remaining[0].left == row.amount_in and bool(row.amount_in.amount)
    context = {
        "row": row,
        "remaining": remaining[0],
        "billed_by": invoice_of_what_is_missing(row),
        "others": list(other_rows(row)),
        "can_refund": remaining[0].refundable.amount > 0,
        "can_reverse": bool(row.amount_in.amount) and any(each.left.amount for each in remaining),
        "can_attach": can_attach,
        "candidates": candidates_of_waiting([row]).get(row.pk, []) if can_attach else [],
        "delete_url": _delete_url(row),
    }
    again = request.headers.get("HX-Target") == "transaction"
    return vary_by_htmx(
        render(request, "transactions/detail.html#transaction" if again else "transactions/detail.html", context)
    )


def _delete_url(row: Transaction) -> str:
    """Where it is deleted: as on its client's tab, or money that is nobody's; what a deleted client left stays."""
    if row.client is not None:
        return reverse("clients:act_on_rows", args=[row.client.number, "transactions", "delete"])
    return reverse("act_on_rows", args=["transactions", "delete"]) if row.is_unattached else ""
