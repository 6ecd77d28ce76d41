"""Manage Credits: the popup from Quick Links."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import as_text
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import announce, is_for_dialog, render_popup, staff
from clients.decorators import client_from_url
from clients.models import Client
from credits.forms import AddCreditForm
from credits.models import CreditGrant
from credits.selectors.balances import balances_of
from credits.selectors.lists import credits_list
from credits.services.grant import Given, add_credit

# How many grants the popup lists; the Credits tab has them all.
LISTED = 50


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("credits.view_credit", raise_exception=True)
@client_from_url
def manage(request: HttpRequest, client: Client) -> HttpResponseBase:
    """Balance, Add Credit and the Credits List. After saving the popup stays, with the new entry and a fresh form."""
    form = AddCreditForm(request.POST or None, client=client)
    if request.method == "POST":
        if not request.user.has_perm("credits.add_credit"):
            raise PermissionDenied("Giving credit needs the right “Give credit”.")
        if form.is_valid() and (given := _give(request, form, client)):
            return _saved(request, client, given)
    return render_popup(request, "credits/manage.html", _context(request, client, form), **_frame(client))


def _give(request: HttpRequest, form: AddCreditForm, client: Client) -> Given | None:
    cleaned = form.cleaned_data
    try:
        return add_credit(
            client=client,
            amount=cleaned["money"],
            description=cleaned["description"],
            by=staff(request),
            category=CreditGrant.Category(cleaned["category"]),
            priority=cleaned["priority"],
            expires_on=cleaned["expires_on"],
            idempotency_key=cleaned["key"],
        )
    except BusinessError as error:
        add_error(form, error)
        return None


def _saved(request: HttpRequest, client: Client, given: Given) -> HttpResponseBase:
    amount = as_text(given.grant.amount)
    if given.repeated:
        message = f"This form has already added {amount}; nothing more was added."
    else:
        message = f"Credit of {amount} added to {client.name}."
    if not is_for_dialog(request):
        messages.add_message(request, messages.WARNING if given.repeated else messages.SUCCESS, message)
        return HttpResponseRedirect(reverse("credits:manage", args=[client.number]))
    popup = render_popup(
        request, "credits/manage.html", _context(request, client, AddCreditForm(client=client)), **_frame(client)
    )
    return announce(popup, "creditsChanged", message=message, level="attention" if given.repeated else "good")


def _context(request: HttpRequest, client: Client, form: AddCreditForm) -> dict[str, Any]:
    may_adjust = request.user.has_perm("credits.adjust_balance")
    adjustments = may_adjust and request.GET.get("adjustments") == "1"
    grants = list(credits_list(client, adjustments=adjustments)[: LISTED + 1])
    return {
        "client": client,
        "form": form,
        "balances": balances_of(client),
        "grants": grants[:LISTED],
        "more": len(grants) > LISTED,
        "today": timezone.localdate(),
        "may_adjust": may_adjust,
        "adjustments": adjustments,
    }


def _frame(client: Client) -> dict[str, Any]:
    return {"title": f"Manage Credits – {client.name}", "close_url": reverse("clients:summary", args=[client.number])}
