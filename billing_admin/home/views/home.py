"""Home."""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing_admin.home import selectors as figures
from billing_admin.home.attention import matters
from billing_admin.home.month_sums import Sums
from billing_admin.home.pictures import pictures
from billing_admin.web.http import staff
from billing_admin.web.needs import needs
from billing_admin.web.parts import part
from clients.models import Activity
from clients.models.activity_permissions import OF_ACCOUNTS
from clients.selectors.summary import with_former_owners
from credits.selectors.lists import expiring

# How many of the credits that expire soon Home shows.
EXPIRING_SHOWN = 5


@require_safe
@needs("clients.view_client")
def home(request: HttpRequest) -> HttpResponse:
    """What is outstanding, what is held, what happened last."""
    person, today = staff(request), timezone.localdate()
    sums = Sums(today)
    recent = part("Recent activity", lambda: with_former_owners(list(figures.recent_activity(person))))
    context: dict[str, Any] = {
        "matters": matters(person, today),
        "pictures": pictures(person, sums, request.GET.get("currency", "")),
        "recent": recent,
        "is_new": recent.found == [] and not Activity.objects.exclude(verb__in=OF_ACCOUNTS).exists(),
    }
    if person.has_perm("invoices.view_invoice"):
        context["outstanding"] = part("Outstanding invoices", lambda: figures.outstanding(sums.unpaid))
        context["sums"] = sums
        context["last_run"] = part("The last invoice run", figures.latest_run)
    if person.has_perm("credits.view_credit"):
        context["credit_held"] = part("Credit held by clients", figures.credit_held)
        context["expiring"] = part("Expiring credit", lambda: _expiring(today))
    return render(request, "home.html", context)


def _expiring(today: datetime.date) -> dict[str, Any]:
    """The first credits that expire soon, and what all of them come to."""
    first = list(expiring(today).order_by("expires_on", "pk")[:EXPIRING_SHOWN])
    return {"first": first, "totals": figures.credit_expiring(today)}
