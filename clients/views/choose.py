"""The lines below the field in which a client is chosen, while somebody types."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing_admin.db.limits import TookTooLong, at_most
from billing_admin.web.http import ids_of
from billing_admin.web.needs import needs
from billing_admin.web.rates import count
from clients.selectors.found import clients_by_id, clients_found

# How many are offered while somebody types, and how long it may take to find them.
SHOWN, MILLISECONDS = 8, 300


@require_safe
@needs("clients.view_client")
def choose(request: HttpRequest) -> HttpResponse:
    """Clients that the text may mean; before anything is typed, those looked at last."""
    text = " ".join(request.GET.get("q", "").replace("\0", "").split())[:200]
    besides = ids_of(request, "besides")
    if text:
        count(request, "search box")
    context: dict[str, Any] = {"text": text}
    try:
        with at_most(MILLISECONDS):
            found = clients_found(text, SHOWN + 1) if text else clients_by_id(ids_of(request, "recent")[:SHOWN])
    except TookTooLong as error:
        context["note"] = str(error)
    else:
        context["found"] = [client for client in found if client.pk not in besides][:SHOWN]
    return render(request, "clients/choose.html", context)
