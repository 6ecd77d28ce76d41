"""Delete Transactions: one, those ticked, or all that are listed; a popup that says before what goes and what stays."""

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.jobs.enqueue import enqueue_job
from billing_admin.jobs.pages import address_of
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, sent_before, staff
from clients.decorators import client_from_url, merged_meanwhile
from clients.models import Client, FormKey
from transactions.forms import DeleteTransactionsForm
from transactions.lists import TransactionList
from transactions.selectors.deletion import TransactionsDeletion, transactions_deletion
from transactions.selectors.detail import transaction_shown
from transactions.services.delete import DeletionMoved, delete_transactions, why_nothing_goes
from transactions.tasks import DELETE_TRANSACTIONS

from .detail import shown_or_404

NOTHING_CHOSEN = "Nothing was chosen. Tick the transactions that are to go, or all that are listed."

# More rows than these are a worker's.
DONE_AT_ONCE = 300


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("transactions.delete_transaction", raise_exception=True)
@client_from_url
def delete_of_client(request: HttpRequest, client: Client) -> HttpResponseBase:
    """Delete payments of a client, whole; the address says which rows of its Transactions tab they are."""
    listing = TransactionList.asked_for(request, client)
    return _popup(request, client, listing.chosen(), reverse("transactions:of_client", args=[client.number]))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("transactions.delete_transaction", raise_exception=True)
def delete(request: HttpRequest, transaction_pk: int) -> HttpResponseBase:
    """Delete one payment: a client's as on its Transactions tab, and money that is nobody's."""
    row = transaction_shown(transaction_pk) if request.method == "POST" else shown_or_404(transaction_pk)
    if row is not None and row.client is not None:
        of_client = reverse("transactions:delete_of_client", args=[row.client.number])
        return HttpResponseRedirect(f"{of_client}?row={row.pk}")
    return _popup(request, None, [transaction_pk], reverse("transactions:list"))


def _popup(request: HttpRequest, client: Client | None, chosen: list[int], url: str) -> HttpResponseBase:
    looked_at = transactions_deletion(client, chosen)
    form = DeleteTransactionsForm(request.POST or None, client=client, seen=looked_at.seen)
    if client is not None and request.method == "POST" and (merged := merged_meanwhile(request, client)):
        form.add_error(None, merged)
    if request.method == "POST" and form.is_valid() and (answer := _delete(request, form, client, looked_at, url)):
        return answer
    context: dict[str, Any] = {"form": form, "client": client, "looked_at": looked_at}
    if not looked_at.chosen:
        asked = client is None or "row" in request.GET or "all" in request.GET
        context["nothing"] = why_nothing_goes(looked_at) if asked else NOTHING_CHOSEN
    status = HTTPStatus.UNPROCESSABLE_CONTENT if form.is_bound else HTTPStatus.OK
    return render_popup(
        request, "transactions/delete.html", context, title="Delete Transactions?", close_url=url, status=status
    )


def _delete(
    request: HttpRequest,
    form: DeleteTransactionsForm,
    client: Client | None,
    looked_at: TransactionsDeletion,
    url: str,
) -> HttpResponseBase | None:
    seen = form.cleaned_data["seen"]
    key = FormKey(key=form.cleaned_data["key"])
    try:
        if client is not None and len(looked_at.rows) > DONE_AT_ONCE:
            job = enqueue_job(
                kind=DELETE_TRANSACTIONS, subject=client.number, by=staff(request), client=client.pk,
                chosen=looked_at.chosen, seen=seen, key=key.key,
            )  # fmt: skip
            if job.arguments["key"] != key.key:
                raise BusinessError("Other transactions of this client are being deleted; wait until that is done.")
            return leave_for(request, address_of(url, job))
        done = delete_transactions(client=client, chosen=looked_at.chosen, by=staff(request), seen=seen, key=key)
    except BusinessError as error:
        add_error(form, error)
        if isinstance(error, DeletionMoved):
            form.look_again(looked_at.seen)
        return None
    if key.repeated:
        return sent_before(request, key.repeated_text, fallback_url=url, leave=True)
    return leave_for(request, url, message=done.words)
