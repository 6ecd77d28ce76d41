"""The Credit Balance field of the Profile."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from djmoney.money import Money

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text, plain_amount
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import staff
from clients.decorators import client_from_url
from clients.models import Client
from credits.forms import BalanceForm, balance_forms
from credits.selectors.balances import balances_of
from credits.services.adjust import BalanceMoved, adjust_balance


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("credits.adjust_balance", raise_exception=True)
@client_from_url
def adjust(request: HttpRequest, client: Client) -> HttpResponseBase:
    """Set one balance. Refused when it has moved since the form was drawn: then the form shows the new figure."""
    if request.method != "POST":
        return _page(request, client, balance_forms(client))
    form = BalanceForm(request.POST)
    if form.is_valid():
        seen = Money(form.cleaned_data["seen_amount"], form.cleaned_data["currency"])
        balance: Money = form.cleaned_data["money"]
        try:
            adjust_balance(
                client=client,
                seen=seen,
                balance=balance,
                by=staff(request),
                reason=form.cleaned_data["reason"],
            )
        except BusinessError as error:
            add_error(form, error)
            if isinstance(error, BalanceMoved):
                form.data = {
                    **request.POST.dict(),
                    "seen": plain_amount(error.current.amount, error.current.currency.code),
                }
        else:
            messages.success(
                request, f"Credit balance of {client.name} set from {money_text(seen)} to {money_text(balance)}."
            )
            return HttpResponseRedirect(reverse("clients:profile", args=[client.number]))
    return _page(request, client, [form], status=422)


def _page(request: HttpRequest, client: Client, forms: list[BalanceForm], *, status: int = 200) -> HttpResponse:
    context = {"client": client, "balances": balances_of(client), "balance_forms": forms}
    return render(request, "credits/adjust.html", context, status=status)
