"""The pictures of a client, which its Summary asks for after it is there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing_admin.web.http import vary_by_htmx
from billing_admin.web.limits import takes_long
from billing_admin.web.needs import needs
from billing_admin.web.replica import may_read_replica
from clients.charts import client_charts
from clients.decorators import client_from_url
from clients.models import Client
from credits.selectors.balances import balances_of


@require_safe
@needs("clients.view_client")
@may_read_replica
@client_from_url
@takes_long
def charts(request: HttpRequest, client: Client) -> HttpResponse:
    """What was invoiced, paid and held in credit over a year; without a script a page of its own."""
    may = request.user.has_perm
    drawn = client_charts(
        client,
        timezone.localdate(),
        invoices=may("invoices.view_invoice"),
        money=may("transactions.view_transaction"),
        credit=may("credits.view_credit"),
    )
    if request.headers.get("HX-Request"):
        return vary_by_htmx(render(request, "clients/charts.html#charts", {"client": client, "charts": drawn}))
    context = {"client": client, "charts": drawn, "balances": balances_of(client)}
    return vary_by_htmx(render(request, "clients/charts.html", context))
