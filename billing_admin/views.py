"""Home."""

from decimal import Decimal

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing_admin.money.amounts import in_words
from billing_admin.selectors import home as figures


@require_safe
@permission_required("clients.view_client", raise_exception=True)
def home(request: HttpRequest) -> HttpResponse:
    """What is outstanding, what is held, what happened last."""
    may = request.user.has_perm
    run = figures.latest_run() if may("invoices.view_invoice") else None
    context = {
        "outstanding": figures.outstanding(timezone.localdate()) if may("invoices.view_invoice") else [],
        "credit_held": figures.credit_held() if may("credits.view_credit") else [],
        "run": run,
        "run_totals": in_words((code, Decimal(part["total"])) for code, part in run.totals.items()) if run else "",
        "recent": list(figures.recent_activity()),
    }
    return render(request, "home.html", context)
