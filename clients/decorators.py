"""How a client is named in an address: by number, also by one that a merge took away."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, ClientDeletion
from clients.models.client_queryset import ClientGone


def client_from_url[**P](
    view: Callable[Concatenate[HttpRequest, Client, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Give the view the client whose number is in the address instead of the number.

    The number of a client that was merged away redirects to the same page of the kept client; a form sent to it is
    taken for the kept client. An unknown number is a 404 that names it, or says when the client was deleted.
    """

    @wraps(view)
    def with_client(request: HttpRequest, number: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        client = Client.objects.with_number(number)
        if client is None:
            raise Http404(_why_not(number))
        if client.number != number and request.method in ("GET", "HEAD"):
            match: Any = request.resolver_match
            url = reverse(match.view_name, args=args, kwargs={**match.kwargs, "number": client.number})
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{url}?{query}" if query else url)
        try:
            return view(request, client, *args, **kwargs)
        except ClientGone as gone:
            raise Http404(str(gone)) from gone

    return with_client


def merged_meanwhile(request: HttpRequest, client: Client) -> str:
    """Why a form sent to a former number is not taken for the kept client; "" where the number is the client's own.

    For what must not happen to a client that staff did not look at: it is asked again, with this client's figures.
    """
    match: Any = request.resolver_match
    number: int = match.kwargs["number"]
    if number == client.number:
        return ""
    return f"Client {number} was merged into client {client.number} meanwhile; nothing was done. This is {client.name}."


def _why_not(number: int) -> str:
    """What became of the client, in words."""
    deletion = ClientDeletion.objects.filter(number=number).first() if number < 2**63 else None
    if deletion is None:
        return f"There is no client {number}."
    deleted = f"deleted on {timezone.localtime(deletion.deleted_at):%-d %b %Y} by {deletion.deleted_by_name}"
    if deletion.merged_into is None:
        return f"Client {number} was {deleted}."
    return f"Client {number} was merged into client {deletion.merged_into}, which was {deleted}."
