"""Home."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing_admin.home import selectors as figures
from billing_admin.money.amounts import totals_text
from billing_admin.web.http import staff
from clients.models import Activity
from credits.selectors.lists import expiring

# How many of the credits that expire soon Home shows.
EXPIRING_SHOWN = 5


@require_safe
@permission_required("clients.view_client", raise_exception=True)
def home(request: HttpRequest) -> HttpResponse:
    """What is outstanding, what is held, what happened last."""
    may = request.user.has_perm
    run = figures.latest_run() if may("invoices.view_invoice") else None
    today = timezone.localdate()
    sees_credit = may("credits.view_credit")
    recent = list(figures.recent_activity(staff(request)))
    context = {
        "outstanding": figures.outstanding(today) if may("invoices.view_invoice") else [],
        "credit_held": figures.credit_held() if sees_credit else [],
        "expiring": list(expiring(today).order_by("expires_on", "pk")[:EXPIRING_SHOWN]) if sees_credit else [],
        "expiring_totals": figures.credit_expiring(today) if sees_credit else [],
        "run": run,
        "run_totals": totals_text((part.currency, part.total) for part in run.totals) if run else "",
        "recent": recent,
        "is_new": not recent and not Activity.objects.exists(),
    }
    return render(request, "home.html", context)
