"""The search in the header of every page."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from clients.models import Client
from invoices.selectors.lists import documents_numbered


@require_safe
@permission_required("clients.view_client", raise_exception=True)
def search(request: HttpRequest) -> HttpResponse:
    """To the invoice or credit note of this number, else to the clients that match."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:200]
    url = _document(text) if request.user.has_perm("invoices.view_invoice") else ""
    return HttpResponseRedirect(url or f"{reverse('clients:list')}?{urlencode({'q': text})}")


def _document(text: str) -> str:
    """A number without a prefix is a client's before it is an invoice's, unless it has an invoice's leading zeros."""
    plain = text.isascii() and text.isdigit() and not text.startswith("0")
    if plain and Client.objects.numbered(int(text)).exists():
        return ""
    invoices, notes = documents_numbered(text)
    if len(invoices) + len(notes) > 1:
        return f"{reverse('invoices:list')}?{urlencode({'q': text})}"
    for pk in invoices:
        return reverse("invoices:detail", args=[pk])
    for pk in notes:
        return reverse("invoices:credit_note", args=[pk])
    return ""
