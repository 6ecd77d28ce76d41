"""Reports: what there is to look at and to save."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing_admin.home.month_sums import Sums
from billing_admin.home.pictures import pictures
from billing_admin.web.http import staff
from billing_admin.web.needs import needs
from billing_admin.web.rates import counted
from billing_admin.web.replica import may_read_replica


@require_safe
@needs("clients.view_client")
@counted("report")
@may_read_replica
def reports(request: HttpRequest) -> HttpResponse:
    """A list of reports, each of which asks for its own permission, and the pictures."""
    shown = pictures(staff(request), Sums(timezone.localdate()), request.GET.get("currency", ""))
    return render(request, "reports.html", {"pictures": shown})
