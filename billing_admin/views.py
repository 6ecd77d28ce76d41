"""Home."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing_admin.selectors import home as figures


@require_safe
@permission_required("clients.view_client", raise_exception=True)
def home(request: HttpRequest) -> HttpResponse:
    """What is outstanding, what is held, what happened last."""
    may = request.user.has_perm
    context = {
        "outstanding": figures.outstanding(timezone.localdate()) if may("invoices.view_invoice") else [],
        "credit_held": figures.credit_held() if may("credits.view_credit") else [],
        "run": figures.latest_run() if may("invoices.view_invoice") else None,
        "recent": list(figures.recent_activity()),
    }
    return render(request, "home.html", context)
