"""Many invoices of a list at once: issue or delete drafts, cancel what is unpaid."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.listing.acting import RowsAction
from billing_admin.listing.acting_page import act_on
from billing_admin.templatetags.format_tags import money
from billing_admin.templatetags.ui import cut
from clients.decorators import client_from_url
from clients.models import Client
from invoices.lists import InvoiceList
from invoices.models import Invoice
from invoices.services.cancel import cancel_invoice, why_not_cancelled
from invoices.services.drafts import delete_draft
from invoices.services.issue import issue_invoice


def _rows(ids: Sequence[int]) -> list[Invoice]:
    return list(Invoice.objects.filter(pk__in=ids).select_related("client").order_by("pk"))


def _lock(ids: Sequence[int]) -> None:
    """The clients, before the number series and anything else."""
    Client.objects.lock_ids(Invoice.objects.filter(pk__in=ids).values("client"))


def _mark(invoice: Invoice) -> str:
    return f"{invoice.client_id} {invoice.status} {invoice.version} {invoice.total} {invoice.balance_due}"


def _describe(invoice: Invoice) -> list[Any]:
    return [invoice.label, cut(invoice.client.name), money(invoice.total)]


def _not_a_draft(invoice: Invoice) -> str:
    return "" if invoice.status == Invoice.Status.DRAFT else f"It is {invoice.get_status_display()}, no draft."


def _called(invoice: Invoice) -> str:
    return f"{invoice.label} of {invoice.client.name}"


_OF_INVOICES: dict[str, Any] = {"called": _called, "rows": _rows, "lock": _lock, "mark": _mark, "describe": _describe}
_OF_DRAFTS: dict[str, Any] = {**_OF_INVOICES, "noun": "draft", "nouns": "drafts", "why_not": _not_a_draft}

# In the address → the permission, and what is done.
ACTIONS: dict[str, tuple[str, RowsAction[Invoice]]] = {
    "issue": (
        "invoices.issue_invoice",
        RowsAction(
            name="issue", title="Issue Drafts?", label="Issue Drafts", done="issued",
            act=lambda invoice, by: issue_invoice(invoice=invoice, by=by), **_OF_DRAFTS,
        ),
    ),
    "delete": (
        "invoices.issue_invoice",
        RowsAction(
            name="delete", title="Delete Drafts?", label="Delete Drafts", done="deleted", danger=True,
            act=lambda invoice, by: delete_draft(invoice=invoice, by=by), **_OF_DRAFTS,
        ),
    ),
    "cancel": (
        "invoices.cancel_invoice",
        RowsAction(
            name="cancel", title="Cancel Invoices?", label="Cancel Invoices", done="cancelled", danger=True,
            keep="Keep Them", noun="invoice", nouns="invoices", why_not=why_not_cancelled,
            act=lambda invoice, by: cancel_invoice(invoice=invoice, by=by), **_OF_INVOICES,
        ),
    ),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def act_on_many(request: HttpRequest, doing: str) -> HttpResponseBase:
    """Do something with invoices that the address names, of any client."""
    return _act(request, doing, InvoiceList.asked_for(request), reverse("invoices:list"))


@require_http_methods(["GET", "HEAD", "POST"])
@client_from_url
def act_on_many_of_client(request: HttpRequest, client: Client, doing: str) -> HttpResponseBase:
    """The same from the client's tab."""
    listing = InvoiceList.asked_for(request, client)
    return _act(request, doing, listing, reverse("invoices:of_client", args=[client.number]))


def _act(request: HttpRequest, doing: str, listing: InvoiceList, url: str) -> HttpResponseBase:
    if doing not in ACTIONS:
        raise Http404(f"Nothing is called {doing}.")
    permission, action = ACTIONS[doing]
    if not (request.user.has_perm(permission) and request.user.has_perm("invoices.view_invoice")):
        raise PermissionDenied
    return act_on(request, action, listing, url)
