"""Credits of all clients: who holds credit, what expires soon, and the ledger."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing_admin.db.days import day_asked
from billing_admin.db.pagination import paginate
from credits.models import CreditEntry, CreditGrant
from credits.selectors.liability import currencies_held, held_now
from credits.selectors.liability import holders as accounts_held
from credits.selectors.lists import SOON, entries_between, totals_of
from credits.selectors.lists import expiring as grants_expiring


@require_safe
@permission_required("credits.view_credit", raise_exception=True)
def holders(request: HttpRequest) -> HttpResponse:
    """Everybody who holds credit, and what that comes to per currency and category."""
    currencies = currencies_held()
    held = held_now()
    currency = _one_of(request.GET.get("currency", ""), currencies)
    page = paginate(
        accounts_held(currency), request.GET, sorts={"id": "id"}, default="-id", noun="balance", nouns="balances"
    )
    context = {"page": page, "held": held, "currency": currency, "currencies": currencies}
    return render(request, "credits/holders.html", context)


@require_safe
@permission_required("credits.view_credit", raise_exception=True)
def expiring(request: HttpRequest) -> HttpResponse:
    """What clients lose within 30 days if they do not use it, the soonest first."""
    today = timezone.localdate()
    grants = grants_expiring(today)
    page = paginate(
        grants, request.GET, sorts={"expires": "expires_on"}, default="expires", noun="credit", nouns="credits"
    )
    return render(request, "credits/expiring.html", {"page": page, "today": today, "until": today + SOON})


@require_safe
@permission_required("credits.view_credit", raise_exception=True)
def entries(request: HttpRequest) -> HttpResponse:
    """The ledger of all clients: `?from=`, `?to=`, `?kind=`, `?currency=`, `?category=`."""
    filters: dict[str, Any] = {
        "kind": _one_of(request.GET.get("kind", ""), CreditEntry.Kind.values),
        "currency": request.GET.get("currency", "")[:3],
        "category": _one_of(request.GET.get("category", ""), CreditGrant.Category.values),
    }
    first, last = day_asked(request.GET.get("from")), day_asked(request.GET.get("to"))
    found = entries_between(first, last, **filters)
    page = paginate(found, request.GET, sorts={"at": "at"}, default="-at", noun="entry", nouns="entries")
    context = {
        **filters,
        "page": page,
        "first": first,
        "last": last,
        "kinds": CreditEntry.Kind.choices,
        "categories": CreditGrant.Category.choices,
        "totals": totals_of(page.listed),
        "filtered": bool(first or last or any(filters.values())),
    }
    return render(request, "credits/entries.html", context)


def _one_of(asked: str, known: list[str]) -> str:
    return asked if asked in known else ""
