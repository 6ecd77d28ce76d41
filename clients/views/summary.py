"""The Summary and its panels."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing_admin.rights import missing_rights
from billing_admin.web.http import staff, vary_by_htmx
from billing_admin.web.needs import needs
from clients.decorators import client_from_url
from clients.models import Client
from clients.selectors import summary as figures
from clients.selectors.custom_fields import custom_values_of
from clients.selectors.merge import merges_of
from clients.selectors.notes import latest_notes
from credits.selectors.balances import balances_of
from credits.selectors.lists import expiring
from invoices.selectors.reminder_pages import paused_until
from invoices.selectors.tax import tax_of

# How many of the credits that expire soon the Summary lists.
EXPIRING_SHOWN = 3

# How many contacts, and how many notes that are not pinned, the Summary shows.
MOST_CONTACTS, MOST_NOTES = 50, 5

# Panel → what one must be allowed to see it.
PANELS: dict[str, tuple[str, ...]] = {
    "billing": ("invoices.view_invoice",),
    "credit": ("credits.view_credit",),
    "recent": (),
    "contacts": (),
    "notes": (),
}


@require_safe
@needs("clients.view_client")
@client_from_url
def summary(request: HttpRequest, client: Client) -> HttpResponse:
    """Everything about a client at a glance, and the links to what can be done.

    What is too much to be added up meanwhile is asked for by the panel itself; `?all=1` has it in the page.
    """
    context: dict[str, Any] = {
        "client": client,
        "balances": balances_of(client),
        "usual_tax": tax_of(client),
        "custom_values": custom_values_of(client),
        "paused_until": paused_until(client),
        "merges": list(merges_of(client)[:10]),
    }
    up_to = None if request.GET.get("all") else figures.ADDED_UP_TO
    for name in PANELS:
        context |= _panel(request, client, name, up_to)
    return render(request, "clients/summary.html", context)


@require_safe
@needs("clients.view_client")
@client_from_url
def panel(request: HttpRequest, client: Client, name: str) -> HttpResponse:
    """One panel of the Summary again, after a popup changed what it shows."""
    if name not in PANELS:
        raise Http404(f"There is no panel {name}.")
    if not request.user.has_perms(PANELS[name]):
        raise PermissionDenied(missing_rights(PANELS[name]))
    context = {"client": client, **_panel(request, client, name)}
    return vary_by_htmx(render(request, f"clients/summary.html#{name}", context))


@require_safe
@needs("credits.view_credit")
@client_from_url
def balances(request: HttpRequest, client: Client) -> HttpResponse:
    """The large figures in the header."""
    context = {"client": client, "balances": balances_of(client)}
    return vary_by_htmx(render(request, "clients/client_base.html#balances", context))


def _panel(request: HttpRequest, client: Client, name: str, up_to: int | None = None) -> dict[str, Any]:
    """The context of one panel; nothing of what the person may not see."""
    if not request.user.has_perms(PANELS[name]):
        return {}
    today = timezone.localdate()
    if name == "billing":
        income = figures.income(client, up_to) if request.user.has_perm("transactions.view_transaction") else []
        invoices = figures.invoice_figures(client, today, up_to)
        return {"invoice_figures": invoices, "income": income, "later": invoices is None or income is None}
    if name == "credit":
        soon = expiring(today).filter(client=client).order_by("expires_on", "pk")[:EXPIRING_SHOWN]
        return {"outlook": figures.credit_outlook(client, today), "expiring": list(soon)}
    if name == "contacts":
        contacts = list(figures.contacts_of(client)[: MOST_CONTACTS + 1])
        return {"contacts": contacts, "most_contacts": MOST_CONTACTS}
    if name == "notes":
        return {"notes": list(latest_notes(client)[: MOST_NOTES + 1]), "most_notes": MOST_NOTES}
    return {"recent": figures.with_former_owners(list(figures.recent_activity(client, staff(request))))}
