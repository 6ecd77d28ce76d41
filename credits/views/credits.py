"""The Credits tab: what was given, and the ledger of everything that moved."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing_admin.db.days import day_asked
from billing_admin.db.pagination import paginate
from billing_admin.web.http import vary_by_htmx
from clients.decorators import client_from_url
from clients.models import Client
from credits.selectors.balances import balances_after, balances_of, balances_on
from credits.selectors.lists import credits_list, ledger


@require_safe
@permission_required("credits.view_credit", raise_exception=True)
@client_from_url
def of_client(request: HttpRequest, client: Client) -> HttpResponse:
    """`?show=ledger` lists entries instead of grants; `?adjustments=1` also grants that are not on the Credits List;
    `?on=2026-11-22` says what the balance was at the end of that day.

    When a popup has changed it, htmx asks for the list alone again.
    """
    may_adjust = request.user.has_perm("credits.adjust_balance")
    adjustments = may_adjust and request.GET.get("adjustments") == "1"
    show = "ledger" if request.GET.get("show") == "ledger" else ""
    today = timezone.localdate()
    on = day_asked(request.GET.get("on"))
    on = min(on, today) if on else None
    rows: QuerySet[Any] = ledger(client, until=on) if show else credits_list(client, adjustments=adjustments)
    noun, nouns = ("entry", "entries") if show else ("credit", "credits")
    page = paginate(rows, request.GET, sorts={"id": "id"}, default="-id", noun=noun, nouns=nouns)
    context = {
        "client": client,
        "balances": balances_of(client),
        "page": page,
        "show": show,
        "adjustments": adjustments,
        "may_adjust": may_adjust,
        "today": today,
        "on": on,
        "then": balances_on(client, on) if on else [],
    }
    if show:
        after = balances_after(page.rows)
        context["entries"] = [(entry, after[entry.pk]) for entry in page.rows]
    again = request.headers.get("HX-Target") == "credits"
    return vary_by_htmx(
        render(request, "credits/of_client.html#credits" if again else "credits/of_client.html", context)
    )
