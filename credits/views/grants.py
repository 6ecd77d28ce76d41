"""One credit: what it gave, what became of it, and what can be done about it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import render_popup, staff
from billing_admin.web.needs import needs
from clients.decorators import client_from_url
from clients.models import Client, NeedsApproval
from clients.views.asking import ask_or_offer
from credits.forms import EditGrantForm, ReasonForm
from credits.models import CreditEntry, CreditGrant
from credits.selectors.lists import history_of
from credits.services.edit import edit_grant
from credits.services.reverse import reverse_entry, way_instead
from credits.services.take_back import reverse_grant, take_back_rest

from .responses import done


def of_grant(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the view the grant of the client in the address; one of another client is a 404."""

    @wraps(view)
    def with_grant(request: HttpRequest, client: Client, pk: int) -> HttpResponseBase:
        grant = CreditGrant.objects.filter(client=client, pk=pk).select_related("transaction").first()
        if grant is None:
            raise Http404(f"{client.name} has no such credit.")
        return view(request, client, grant)

    return client_from_url(with_grant)


@require_safe
@needs("credits.view_credit")
@of_grant
def grant(request: HttpRequest, client: Client, grant: CreditGrant) -> HttpResponseBase:
    """All about one credit, with the invoices that it paid."""
    entries, undone = history_of(grant)
    context: dict[str, Any] = {
        "client": client,
        "grant": grant,
        "entries": [(entry, _is_reversible(entry, undone)) for entry in entries],
        "untouched": grant.remaining == grant.amount,
        "today": timezone.localdate(),
    }
    return render_popup(
        request,
        "credits/grant.html",
        context,
        title=f"Credit of {money_text(grant.amount)} – {client.name}",
        close_url=reverse("credits:of_client", args=[client.number]),
        wide=True,
    )


def _is_reversible(entry: CreditEntry, undone: set[int]) -> bool:
    """Whether Reverse is offered beside an entry: what gave credit only while nobody has used it."""
    used = entry.amount.amount > 0 and entry.grant.remaining != entry.grant.amount
    return entry.pk not in undone and not used and not way_instead(entry)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("credits.edit_credit")
@of_grant
def edit(request: HttpRequest, client: Client, grant: CreditGrant) -> HttpResponseBase:
    """Description, expiry and priority; each change is logged."""
    url = _url_of(client, grant)
    form = EditGrantForm(request.POST or None, grant=grant)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            edit_grant(
                grant=grant,
                description=cleaned["description"],
                expires_on=cleaned["expires_on"],
                priority=cleaned["priority"],
                by=staff(request),
            )
        except BusinessError as error:
            add_error(form, error)
        else:
            return done(request, f"Credit of {money_text(grant.amount)} of {client.name} saved.", url)
    context = {"client": client, "grant": grant, "form": form}
    return render_popup(request, "credits/edit_grant.html", context, title="Edit credit", close_url=url)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("credits.remove_credit")
@of_grant
def take_back(request: HttpRequest, client: Client, grant: CreditGrant) -> HttpResponseBase:
    """Reverse a credit that nobody has used, or take back what is left of it."""
    url = _url_of(client, grant)
    whole = grant.remaining == grant.amount
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        act = reverse_grant if request.POST.get("whole") == "1" else take_back_rest
        try:
            back = act(grant=grant, by=staff(request), reason=form.cleaned_data["reason"])
        except BusinessError as error:
            add_error(form, error)
            whole = False
            grant.refresh_from_db()
        else:
            return done(request, f"Credit of {money_text(back)} taken back from {client.name}.", url)
    context = {"client": client, "grant": grant, "form": form, "whole": whole, "spent": grant.amount - grant.remaining}
    title = "Reverse this credit?" if whole else "Take back what is left?"
    return render_popup(request, "credits/take_back.html", context, title=title, close_url=url)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("credits.reverse_credit")
@client_from_url
def reverse_one(request: HttpRequest, client: Client, pk: int) -> HttpResponseBase:
    """Book the opposite of one entry of the ledger, or say what to do instead."""
    entry = CreditEntry.objects.filter(client=client, pk=pk).select_related("grant", "invoice").first()
    if entry is None:
        raise Http404(f"{client.name} has no such entry.")
    url = _url_of(client, entry.grant)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = {"entry": entry, "reason": form.cleaned_data["reason"]}
        try:
            moved = reverse_entry(**given, by=staff(request))
        except NeedsApproval as above:
            asked = ask_or_offer(request, form, above, action="credit.reverse", given=given, client=client)
            if asked is not None:
                return asked
        except BusinessError as error:
            add_error(form, error)
        else:
            did = "given back to" if moved.amount > 0 else "taken back from"
            return done(request, f"Credit of {money_text(abs(moved))} {did} {client.name}.", url)
    today = timezone.localdate()
    context = {
        "client": client,
        "entry": entry,
        "form": form,
        "instead": way_instead(entry),
        "expires_at_once": entry.amount.amount < 0
        and entry.grant.expires_on is not None
        and entry.grant.expires_on < today,
    }
    return render_popup(request, "credits/reverse_entry.html", context, title="Reverse this entry?", close_url=url)


def _url_of(client: Client, grant: CreditGrant) -> str:
    return reverse("credits:grant", args=[client.number, grant.pk])
